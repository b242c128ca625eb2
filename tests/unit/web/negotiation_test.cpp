#include "app/web/negotiation.hpp"

#include <doctest/doctest.h>

using namespace app::web;

TEST_CASE("an Accept header is read in its order, names in lower case") {
    const auto ranges = parse_accept("Text/HTML, application/json ; charset=utf-8;q=0.5 ,*/*;Q=0.125");
    REQUIRE(ranges.size() == 3);
    CHECK(ranges[0].type == "text");
    CHECK(ranges[0].subtype == "html");
    CHECK(ranges[0].quality == 1000);
    CHECK(ranges[1].subtype == "json");
    CHECK(ranges[1].quality == 500);
    CHECK(ranges[2].type == "*");
    CHECK(ranges[2].quality == 125);
}

TEST_CASE("what is no media range is passed over") {
    CHECK(parse_accept("").empty());
    CHECK(parse_accept(" , ,;q=1").empty());
    CHECK(parse_accept("text, /html, text/, */html, a/b/c, te xt/html").empty());
    REQUIRE(parse_accept("nonsense, text/html").size() == 1);
}

TEST_CASE("a quality is thousandths; one that is no number counts as 1") {
    const auto quality = [](const char* accept) { return parse_accept(accept).at(0).quality; };
    CHECK(quality("a/b;q=0") == 0);
    CHECK(quality("a/b;q=0.") == 0);
    CHECK(quality("a/b;q=0.001") == 1);
    CHECK(quality("a/b;q=0.000") == 0);
    CHECK(quality("a/b; q=0.9") == 900);
    CHECK(quality("a/b;q=1.000") == 1000);
    CHECK(quality("a/b;q=1.9") == 1000);
    CHECK(quality("a/b;q=7") == 1000);
    CHECK(quality("a/b;q=-1") == 1000);
    CHECK(quality("a/b;q=0.0001") == 1000);
    CHECK(quality("a/b;q=") == 1000);
}

TEST_CASE("a wildcard covers what stands below it") {
    CHECK(MediaRange{"*", "*"}.covers("text/html"));
    CHECK(MediaRange{"text", "*"}.covers("text/html"));
    CHECK_FALSE(MediaRange{"text", "*"}.covers("application/json"));
    CHECK(MediaRange{"text", "html"}.covers("text/html"));
    CHECK_FALSE(MediaRange{"text", "plain"}.covers("text/html"));
}

TEST_CASE("errors are told in JSON only to who asks for JSON and not for HTML") {
    const struct {
        const char* accept;
        bool json;
    } table[] = {
        {"", false},
        {"*/*", false},
        {"application/json", true},
        {"APPLICATION/JSON", true},
        {"application/json;q=0.1", true},
        {"application/json;q=0", false},
        {"application/json, text/plain", true},
        {"application/json, */*", false},
        {"application/json, text/html;q=0.1", false},
        {"application/json, text/html;q=0", true},
        {"application/json, text/*", false},
        {"application/json, application/*", false},
        {"application/json, application/xhtml+xml", false},
        {"application/*", false},
        {"application/problem+json", false},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
        {"nonsense", false},
    };
    for (const auto& [accept, json] : table) {
        CAPTURE(accept);
        CHECK(prefers_json_error(accept) == json);
    }
}

TEST_CASE("a media type is lower case and without parameters") {
    CHECK(media_type(" Application/JSON ; charset=utf-8") == "application/json");
    CHECK(media_type("text/html") == "text/html");
    for (const char* bad : {"", "text", "/html", "text/", "a/b/c", "a b/c", ";", "text /html"}) {
        CAPTURE(bad);
        CHECK(media_type(bad).empty());
    }
}

TEST_CASE("JSON is application/json and whatever application type ends in +json") {
    CHECK(is_json("application/json"));
    CHECK(is_json("Application/JSON; charset=utf-8"));
    CHECK(is_json("application/merge-patch+json"));
    CHECK_FALSE(is_json("text/json"));
    CHECK_FALSE(is_json("application/jsonp"));
    CHECK_FALSE(is_json("image/x+json"));
    CHECK_FALSE(is_json(""));
}

TEST_CASE("the coding is the one of the highest quality; brotli before gzip before none where they are equal") {
    const struct {
        const char* accept_encoding;
        const char* coding;
    } table[] = {
        {"", ""},
        {"gzip", "gzip"},
        {"x-gzip", "gzip"},
        {"br", "br"},
        {"BR", "br"},
        {"GZip", "gzip"},
        {"gzip, br", "br"},
        {"br, gzip", "br"},
        {"gzip, deflate, br, zstd", "br"},
        {"gzip, deflate", "gzip"},
        {"deflate, zstd", ""},
        {"gzip;q=1.0, br;q=0.9", "gzip"},
        {"gzip;q=0.8, br;q=0.9", "br"},
        {"gzip;q=0.5, br;q=0.5", "br"},
        {"gzip;q=0.001", "gzip"},
        {"gzip;q=0", ""},
        {"gzip;q=0.0, br;q=0.000", ""},
        {"gzip, br;q=0", "gzip"},
        {"*", "br"},
        {"*;q=0", ""},
        {"*;q=0.1", "br"},
        {"br;q=0, *", "gzip"},
        {"gzip;q=0, *", "br"},
        {"gzip;q=0, br;q=0, *", ""},
        {"gzip;q=0.2, *;q=0.1", "gzip"},
        {"gzip, *;q=0", "gzip"},
        {"identity", ""},
        {"identity, gzip", "gzip"},
        {"identity;q=1, gzip;q=0.5", ""},
        {"identity;q=0.5, gzip;q=0.6", "gzip"},
        {"identity;q=0", ""},  // nothing else is accepted: better an answer than none
        {"identity;q=0, gzip", "gzip"},
        {"identity;q=0, *;q=0", ""},
        {" gzip ; q=0.5 , br ; q=0.25 ", "gzip"},
        {"gzip;level=9;q=0", ""},
        {"gzip;q=nonsense", "gzip"},
        {"gzipped, brotli, xgzip, b r", ""},
        {",,;q=1,", ""},
    };
    for (const auto& [accept_encoding, coding] : table) {
        CAPTURE(accept_encoding);
        CHECK(to_string(choose_coding(accept_encoding)) == coding);
    }
}

TEST_CASE("the media type with the highest quality is chosen, the first of equals, by the most specific range") {
    constexpr std::string_view json = "application/json", xml = "application/xml";
    const struct {
        const char* accept;
        std::string_view chosen;  // "" for none
    } table[] = {
        {"", json},
        {"*/*", json},
        {"application/*", json},
        {"application/json", json},
        {"application/xml", xml},
        {"APPLICATION/XML", xml},
        {"application/xml;charset=utf-8", xml},
        {"application/xml, application/json", json},
        {"application/xml, application/json;q=0.9", xml},
        {"application/xml;q=0.9, application/json", json},
        {"application/xml, */*;q=0.1", xml},
        {"application/xml;q=0.1, */*", json},
        {"application/json;q=0, */*", xml},
        {"application/*;q=0.5, application/json;q=0.4", xml},
        {"*/*;q=0.9, application/*;q=0.2, application/xml;q=0.3", xml},
        {"application/xml;q=0", ""},
        {"*/*;q=0", ""},
        {"text/html", ""},
        {"text/xml", ""},
        {"text/html, application/json;q=0.001", json},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", xml},
        {"text/html, */*;q=0.8", json},
        {"application/problem+json", ""},
        {"nonsense", json},
        {",;q=1,", json},
    };
    constexpr std::string_view offers[] = {json, xml};
    for (const auto& [accept, chosen] : table) {
        CAPTURE(accept);
        CHECK(choose_media_type(accept, offers).value_or("") == chosen);
    }
}

TEST_CASE("XML is application/xml and text/xml") {
    for (const char* type : {"application/xml", "text/xml", "Application/XML; charset=utf-8", " text/xml "}) CHECK(is_xml(type));
    for (const char* type : {"", "xml", "application/xhtml+xml", "image/svg+xml", "application/json", "application/xml-dtd"})
        CHECK_FALSE(is_xml(type));
}
