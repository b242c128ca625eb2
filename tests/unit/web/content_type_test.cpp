#include "app/web/content_type.hpp"

#include <doctest/doctest.h>

using app::web::content_type_of;

TEST_CASE("a name's ending says what it is; text is UTF-8") {
    CHECK(content_type_of("style.css") == "text/css; charset=utf-8");
    CHECK(content_type_of("icons/small.svg") == "image/svg+xml; charset=utf-8");
    CHECK(content_type_of("app.min.js") == "text/javascript; charset=utf-8");
    CHECK(content_type_of("data.json") == "application/json");
    CHECK(content_type_of("PHOTO.JPG") == "image/jpeg");
    CHECK(content_type_of("font.woff2") == "font/woff2");
}

TEST_CASE("what has no known ending is bytes") {
    for (const char* name : {"", "README", "a.unknown", "html", ".", "a.", "a.css/b", "a.css~", "a.css ", "x.tar"}) {
        CAPTURE(name);
        CHECK(content_type_of(name) == "application/octet-stream");
    }
}
