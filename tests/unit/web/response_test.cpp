#include "app/web/response.hpp"

#include <doctest/doctest.h>

using namespace app::web;

TEST_CASE("setting a header replaces those of its name in any case of letters") {
    Response response;
    response.add("Vary", "Accept").add("vary", "Cookie").set("VARY", "Origin");
    REQUIRE(response.headers.size() == 1);
    CHECK(response.header("Vary") == "Origin");
}

TEST_CASE("adding a header keeps those of its name") {
    Response response;
    response.add("Set-Cookie", "a=1").add("Set-Cookie", "b=2");
    REQUIRE(response.headers.size() == 2);
    CHECK(response.headers[1].second == "b=2");
    CHECK(response.header("set-cookie") == "a=1");
    CHECK_FALSE(response.header("Cookie"));
}

TEST_CASE("each maker of responses sets its media type and status") {
    CHECK(json_response("{}").header("Content-Type") == "application/json");
    CHECK(json_response("{}", 201).status == 201);
    CHECK(html_response("<p>").header("Content-Type") == "text/html; charset=utf-8");
    CHECK(text_response("hi").header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(text_response("hi").body == "hi");
    CHECK(text_response("hi").status == 200);
}

TEST_CASE("an empty response has neither body nor media type") {
    const Response response = empty_response();
    CHECK(response.status == 204);
    CHECK(response.body.empty());
    CHECK(response.headers.empty());
}

TEST_CASE("a redirect is a 303 unless told otherwise") {
    CHECK(redirect("/posts/").status == 303);
    CHECK(redirect("/posts/").header("Location") == "/posts/");
    CHECK(redirect("/posts/", 308).status == 308);
}
