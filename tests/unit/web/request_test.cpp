#include "app/web/request.hpp"

#include <doctest/doctest.h>

using namespace app::web;

TEST_CASE("path and query are the halves of the target, still encoded") {
    const Request request{.target = "/posts/a%2Fb?page=2&q=a?b"};
    CHECK(request.path() == "/posts/a%2Fb");
    CHECK(request.query() == "page=2&q=a?b");
}

TEST_CASE("a target without a question mark has an empty query") {
    const Request request{.target = "/posts/"};
    CHECK(request.path() == "/posts/");
    CHECK(request.query().empty());
}

TEST_CASE("a header is found in any case of letters, the first of its name") {
    const Request request{.headers = {{"Accept", "a/b"}, {"X-Two", "one"}, {"x-two", "two"}}};
    CHECK(request.header("ACCEPT") == "a/b");
    CHECK(request.header("x-TWO") == "one");
    CHECK_FALSE(request.header("Acce"));
}

TEST_CASE("headers of one name are joined into one list") {
    const Request request{.headers = {{"Accept", "a/b"}, {"Host", "h"}, {"accept", "c/d;q=0.5"}}};
    CHECK(request.joined_header("Accept") == "a/b, c/d;q=0.5");
    CHECK(request.joined_header("Host") == "h");
    CHECK(request.joined_header("Cookie").empty());
}

TEST_CASE("a query value is decoded, with plus as a blank") {
    const Request request{.target = "/?q=a+b%2Bc%26d&page=2&f%6Fo=bar"};
    CHECK(request.query_value("q") == "a b+c&d");
    CHECK(request.query_value("page") == "2");
    CHECK(request.query_value("foo") == "bar");
}

TEST_CASE("the first value of a repeated query name counts") {
    const Request request{.target = "/?page=2&page=3"};
    CHECK(request.query_value("page") == "2");
}

TEST_CASE("an absent query name is nothing, one without a value is empty") {
    const Request request{.target = "/?flag&empty=&&x=1"};
    CHECK(request.query_value("flag") == "");
    CHECK(request.query_value("empty") == "");
    CHECK(request.query_value("x") == "1");
    CHECK_FALSE(request.query_value("fla"));
    CHECK_FALSE(request.query_value("1"));
}
