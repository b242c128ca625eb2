#include "app/http/client.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"

using app::http::parse_url;

TEST_CASE("a URL is a scheme, a host, a port and a path, the last three of which may be left out") {
    CHECK(parse_url("http://blog.example").url() == "http://blog.example:80/");
    CHECK(parse_url("https://blog.example/metrics?x=1").url() == "https://blog.example:443/metrics?x=1");
    CHECK(parse_url("127.0.0.1:5000").url() == "http://127.0.0.1:5000/");
    CHECK(parse_url("https://[2001:db8::7]:8443/a").url() == "https://[2001:db8::7]:8443/a");
    CHECK(parse_url("http://[::1]").url() == "http://[::1]:80/");
    CHECK(parse_url("https://x").tls);
    CHECK(parse_url("http://[::1]").host == "::1");
}

TEST_CASE("what is no URL of a server is refused in one line") {
    for (const char* url :
         {"", "http://", "http://:5000", "ftp://x/", "http://x:0", "http://x:65536", "http://x:", "http://x:y", "http://a b",
          "http://u@x", "http://x#y", "http://x/a b", "http://[::1", "http://[x]:1:2", "http://1:2:3", "a%20b", "x\n"}) {
        CAPTURE(url);
        try {
            parse_url(url);
            FAIL("was not refused");
        } catch (const app::base::Error& error) {
            CHECK(error.code() == app::base::Code::invalid);
            CHECK(error.message().find("write it like http://127.0.0.1:5000") != std::string::npos);
        }
    }
}

TEST_CASE("a port at which nobody listens is told in one line") {
    try {
        app::http::fetch({.tls = false, .host = "127.0.0.1", .port = 1, .target = "/metrics"}, std::chrono::seconds(5));
        FAIL("somebody answered");
    } catch (const app::base::Error& error) {
        CHECK(error.code() == app::base::Code::unavailable);
        CHECK(error.message() == "cannot read http://127.0.0.1:1/metrics: nobody answers there");
    }
}
