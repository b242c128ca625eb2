#include "app/web/forwarded.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"

using namespace app::web;

namespace {

const std::vector<std::string> ours{"10.0.0.0/8", "2001:db8:1::/48"};

Request request_of(std::vector<Header> headers, std::string_view peer = "10.0.0.1") {
    return {.headers = std::move(headers), .peer = peer};
}

// Whom a proxy at 10.0.0.1 tells of with this X-Forwarded-For, or with this Forwarded.
std::string client_of(std::string_view value) {
    return Proxies{ours, ForwardedHeader::x_forwarded_for}.find_client(request_of({{"X-Forwarded-For", value}}))->address;
}
Client forwarded_client_of(std::string_view value) {
    return *Proxies{ours, ForwardedHeader::forwarded}.find_client(request_of({{"Forwarded", value}}));
}
std::string scheme_of(std::vector<Header> headers) {
    return std::string(Proxies{ours, ForwardedHeader::x_forwarded_for}.find_client(request_of(std::move(headers)))->scheme);
}

struct Case {
    std::string_view value;
    std::string_view client;
};

}  // namespace

TEST_CASE("X-Forwarded-For is followed from the right to the first address that is not trusted") {
    for (const auto& [value, client] : std::vector<Case>{
             {"203.0.113.9", "203.0.113.9"},
             {"198.51.100.1, 203.0.113.9", "203.0.113.9"},
             {"198.51.100.1,203.0.113.9,10.9.9.9 ,\t10.0.0.2", "203.0.113.9"},
             {"10.0.0.5, 10.0.0.4", "10.0.0.5"},
             {"2001:db8::7", "2001:db8::7"},
             {"203.0.113.9, 2001:db8:1::4", "203.0.113.9"},
             {"203.0.113.9:51034", "203.0.113.9"},
             {"[2001:DB8::7]:443", "2001:db8::7"},
             {"[2001:db8::7]", "2001:db8::7"},
             {"::ffff:203.0.113.9", "203.0.113.9"},
             {"203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"},
             {",203.0.113.9,, ", "203.0.113.9"},
         }) {
        CAPTURE(value);
        CHECK(client_of(value) == client);
    }
}

TEST_CASE("an entry without an address ends the way: the last good one is the client") {
    for (const auto& [value, client] : std::vector<Case>{
             {"", "10.0.0.1"},
             {"unknown", "10.0.0.1"},
             {"203.0.113.9, unknown", "10.0.0.1"},
             {"203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"},
             {"203.0.113.9, _hidden, 10.0.0.2", "10.0.0.2"},
             {"203.0.113.9, 10.0.0.300, 10.0.0.2", "10.0.0.2"},
             {"203.0.113.9:port", "10.0.0.1"},
             {"203.0.113.9:", "10.0.0.1"},
             {"[203.0.113.9]", "10.0.0.1"},
             {"[2001:db8::7", "10.0.0.1"},
             {"[2001:db8::7]x", "10.0.0.1"},
             {"\"203.0.113.9\"", "10.0.0.1"},
             {"203.0.113.9 10.0.0.2", "10.0.0.1"},
         }) {
        CAPTURE(value);
        CHECK(client_of(value) == client);
    }
}

TEST_CASE("several headers of a name are one list") {
    const Proxies proxies{ours, ForwardedHeader::x_forwarded_for};
    CHECK(proxies.find_client(request_of({{"x-forwarded-for", "198.51.100.1"}, {"X-FORWARDED-FOR", "203.0.113.9, 10.0.0.2"}}))
              ->address == "203.0.113.9");
    CHECK(proxies.find_client(request_of({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-For", "10.0.0.2"}}))->address ==
          "203.0.113.9");
}

TEST_CASE("the headers of a peer that is no trusted proxy do not count") {
    const Proxies proxies{ours, ForwardedHeader::x_forwarded_for};
    for (const char* peer : {"203.0.113.9", "11.0.0.1", "2001:db8:2::1", "", "unix"}) {
        CAPTURE(peer);
        CHECK_FALSE(proxies.find_client(request_of({{"X-Forwarded-For", "198.51.100.1"}}, peer)));
    }
    CHECK(proxies.find_client(request_of({{"X-Forwarded-For", "198.51.100.1"}}, "::ffff:10.0.0.1"))->address == "198.51.100.1");
    CHECK(Proxies{}.empty());
    CHECK_FALSE(Proxies{}.find_client(request_of({{"X-Forwarded-For", "198.51.100.1"}})));
}

TEST_CASE("the header that the proxies do not set is not looked at") {
    const std::vector<Header> both{
        {"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-Proto", "https"}, {"Forwarded", "for=203.0.113.9"}};
    CHECK(Proxies{ours, ForwardedHeader::x_forwarded_for}.find_client(request_of(both)) == Client{"198.51.100.1", "https"});
    CHECK(Proxies{ours, ForwardedHeader::forwarded}.find_client(request_of(both)) == Client{"203.0.113.9", "http"});
}

TEST_CASE("X-Forwarded-Proto is the last proxy's word, and only http or https") {
    CHECK(scheme_of({}) == "http");
    CHECK(scheme_of({{"X-Forwarded-Proto", "https"}}) == "https");
    CHECK(scheme_of({{"X-Forwarded-Proto", "HTTPS"}}) == "https");
    CHECK(scheme_of({{"X-Forwarded-Proto", "http, https"}}) == "https");
    CHECK(scheme_of({{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}) == "http");
    CHECK(scheme_of({{"X-Forwarded-Proto", "https, javascript"}}) == "http");
    CHECK(scheme_of({{"X-Forwarded-Proto", "\"https\""}}) == "http");
}

TEST_CASE("Forwarded is followed from the right, and its last element tells the scheme") {
    CHECK(forwarded_client_of("for=192.0.2.60;proto=https;by=203.0.113.43") == Client{"192.0.2.60", "https"});
    CHECK(forwarded_client_of("for=198.51.100.1, For=\"[2001:db8:cafe::17]:4711\"") == Client{"2001:db8:cafe::17", "http"});
    CHECK(forwarded_client_of("for=192.0.2.43;proto=https,for=10.0.0.2;PROTO=http") == Client{"192.0.2.43", "http"});
    CHECK(forwarded_client_of("for=\"192.0.2.43:80\" ; proto=\"https\"") == Client{"192.0.2.43", "https"});
    CHECK(forwarded_client_of("for=\"192.0.2.43:_port\"").address == "192.0.2.43");
    CHECK(forwarded_client_of("for=192.0.2.43;host=\"a,b;for=1.1.1.1\"").address == "192.0.2.43");
    CHECK(forwarded_client_of("for=\"192.\\0.2.43\"").address == "192.0.2.43");
}

TEST_CASE("hidden, unknown and malformed elements of Forwarded end the way") {
    for (const char* value : {"for=_hidden", "for=unknown", "by=203.0.113.43", "192.0.2.60", "for=192.0.2.60;for=192.0.2.61",
                              "for=2001:db8::1", "for=\"192.0.2.60", "for=\"192.0.2.60\\\"", "for =192.0.2.60", "for= 192.0.2.60",
                              "for=192.0.2.60;x", "=192.0.2.60", "for=192.0.2.60:80", "for=\"192.0.2.60\"x"}) {
        CAPTURE(value);
        CHECK(forwarded_client_of(value).address == "10.0.0.1");
        CHECK(forwarded_client_of(std::string(value) + ", for=10.0.0.2").address == "10.0.0.2");
    }
}

TEST_CASE("what a client writes does not change the entry that its proxy appends") {
    for (const char* written : {"for=\"", "for=\"a\\", "for=\"\\\"", "\\\"", ",", ";", "\"\",\"", "for=10.0.0.7;proto=\"https"}) {
        CAPTURE(written);
        CHECK(forwarded_client_of(std::string(written) + ", for=203.0.113.9") == Client{"203.0.113.9", "http"});
        CHECK(forwarded_client_of(std::string(written) + ", for=\"[2001:db8::7]\";proto=https") ==
              Client{"2001:db8::7", "https"});
        CHECK(client_of(std::string(written) + ", 203.0.113.9") == "203.0.113.9");
    }
}

TEST_CASE("an element with endless parameters is malformed") {
    std::string value = "for=203.0.113.9";
    for (int i = 0; i < 10000; ++i) value += ";p" + std::to_string(i) + "=1";
    CHECK(forwarded_client_of(value).address == "10.0.0.1");
}

TEST_CASE("a network that is none is refused by name") {
    CHECK_THROWS_WITH_AS((Proxies{std::vector<std::string>{"10.0.0.0/8", "10.0.0.0/40"}, ForwardedHeader::forwarded}),
                         "\"10.0.0.0/40\" is neither an address nor a network", app::base::Error);
}
