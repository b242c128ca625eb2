#include "app/web/method.hpp"

#include <doctest/doctest.h>

using namespace app::web;

TEST_CASE("method names are found as RFC 9110 writes them, in that case only") {
    CHECK(find_method("GET") == GET);
    CHECK(find_method("PATCH") == PATCH);
    CHECK_FALSE(find_method("get"));
    CHECK_FALSE(find_method(""));
    CHECK_FALSE(find_method("BREW"));
}

TEST_CASE("a set contains its members and no others") {
    CHECK((GET | POST).contains(GET));
    CHECK((GET | POST).contains(GET | POST));
    CHECK_FALSE((GET | POST).contains(PUT));
    CHECK_FALSE(GET.contains(GET | POST));
    CHECK(Methods{}.empty());
}

TEST_CASE("a set is written in a fixed order, whatever the order it was made in") {
    CHECK(to_string(OPTIONS | POST | GET | HEAD) == "GET, HEAD, POST, OPTIONS");
    CHECK(to_string(DELETE | PATCH | PUT) == "PUT, PATCH, DELETE");
    CHECK(to_string(Methods{}).empty());
}
