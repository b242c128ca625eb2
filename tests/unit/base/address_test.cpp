#include "app/base/address.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace app::base;

namespace {

std::string reread(std::string_view text) {
    const auto address = parse_address(text);
    return address ? to_string(*address) : "nothing";
}

bool holds(std::string_view network, std::string_view address) {
    const auto parsed = parse_network(network);
    REQUIRE(parsed);
    return parsed->contains(parse_address(address).value());
}

}  // namespace

TEST_CASE("an address is read and written in its shortest form") {
    CHECK(reread("192.0.2.1") == "192.0.2.1");
    CHECK(reread("2001:DB8:0:0::01") == "2001:db8::1");
    CHECK(reread("::1") == "::1");
    CHECK(reread("::ffff:192.0.2.1") == "192.0.2.1");
}

TEST_CASE("what is no address is none") {
    for (const char* text : {"", " 192.0.2.1", "192.0.2.1 ", "192.0.2", "192.0.2.256", "192.0.02.1", "0x7f.0.0.1", "1",
                             "localhost", "192.0.2.1:80", "[::1]", "::1%lo", ":::", "1:2:3:4:5:6:7:8:9", "192.0.2.1/32"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_address(text));
    }
    CHECK_FALSE(parse_address(std::string_view("192.0.2.1\0x", 11)));
    CHECK_FALSE(parse_address(std::string(1000, '1')));
}

TEST_CASE("a network holds the addresses that share its prefix") {
    CHECK(holds("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
    CHECK(holds("192.0.2.128/25", "192.0.2.200"));
    CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
    CHECK(holds("192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(holds("192.0.2.1", "192.0.2.2"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(holds("::1", "::1"));
}

TEST_CASE("an IPv4 address that an IPv6 socket reports is in IPv4 networks, and in no others") {
    CHECK(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    CHECK(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
    CHECK(holds("0.0.0.0/0", "203.0.113.9"));
    CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    CHECK(holds("::/0", "2001:db8::1"));
    CHECK_FALSE(holds("::/0", "203.0.113.9"));
}

TEST_CASE("what is no network is none") {
    for (const char* text :
         {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08x", "10.0.0.0/8/8", "2001:db8::/129", "10.0.0.1/8",
          "2001:db8::1/64", "example.org", "10.0.0.0/255.0.0.0", "10.0.0.0/ 8"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_network(text));
    }
}
