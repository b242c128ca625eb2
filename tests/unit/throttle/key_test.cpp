#include "app/throttle/key.hpp"

#include <doctest/doctest.h>

using namespace app::throttle;

TEST_CASE("an IPv4 address counts whole, whichever way it is written") {
    CHECK(address_key("192.0.2.1") == address_key("::ffff:192.0.2.1"));
    CHECK(address_key("192.0.2.1") != address_key("192.0.2.2"));
    CHECK(address_key("192.0.2.1") != address_key("193.0.2.1"));
}

TEST_CASE("an IPv6 address counts by its first 64 bits") {
    CHECK(address_key("2001:db8:1:2::1") == address_key("2001:db8:1:2:ffff::9"));
    CHECK(address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1"));
    CHECK(address_key("::1") != address_key("0.0.0.1"));
}

TEST_CASE("what is no address has no key") {
    CHECK_FALSE(address_key(""));
    CHECK_FALSE(address_key("localhost"));
    CHECK_FALSE(address_key("192.0.2.1:80"));
}

TEST_CASE("a name's key differs by address, name and secret") {
    const Key here = *address_key("192.0.2.1"), there = *address_key("192.0.2.2");
    const Key key = name_key(here, "ann@example.com", "secret");
    CHECK(key == name_key(here, "ann@example.com", "secret"));
    CHECK(key != name_key(there, "ann@example.com", "secret"));
    CHECK(key != name_key(here, "bob@example.com", "secret"));
    CHECK(key != name_key(here, "ann@example.com", "another"));
    CHECK(key.high != key.low);
}
