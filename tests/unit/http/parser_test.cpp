// Heads that are accepted, and what is read out of them; the limits.
#include "app/http/parser.hpp"

#include "heads.hpp"

namespace {

using app::http::Framing;
using app::http::Limits;
using app::http::Parsed;

Verdict accept(std::string_view bytes) {
    CAPTURE(printable(bytes));
    Verdict verdict = parse(bytes);
    REQUIRE(verdict.parsed == Parsed::complete);
    check_all_splits(bytes, verdict);
    std::string buffer;
    const Verdict dribbled = parse_dribbled(bytes, buffer);
    CHECK(dribbled.parsed == Parsed::complete);
    CHECK(dribbled.head.target == verdict.head.target);
    CHECK(dribbled.head.bytes == verdict.head.bytes);
    return verdict;
}

Verdict accept_field(const std::string& field) { return accept("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n"); }

constexpr std::string_view browser =
    "GET /posts/a%2Fb?page=2 HTTP/1.1\r\nHost: blog.example:8080\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Accept: text/html,*/*;q=0.8\r\nX-Empty:\r\nX-Blanks: \t a b \t\r\nX-Latin: caf\xE9\r\n\r\n";

}  // namespace

TEST_CASE("a browser's request is read as it was sent, in order, without the blanks around values") {
    const Verdict verdict = accept(browser);
    CHECK(verdict.head.method == "GET");
    CHECK(verdict.head.target == "/posts/a%2Fb?page=2");
    CHECK(verdict.head.minor_version == 1);
    CHECK(verdict.head.bytes == browser.size());
    REQUIRE(verdict.head.headers.size() == 6);
    CHECK(verdict.head.headers[0].name == "Host");
    CHECK(verdict.header("Host") == "blog.example:8080");
    CHECK(verdict.header("Accept") == "text/html,*/*;q=0.8");
    CHECK(verdict.header("X-Empty") == "");
    CHECK(verdict.header("X-Blanks") == "a b");
    CHECK(verdict.header("X-Latin") == "caf\xE9");
    CHECK(verdict.head.framing == Framing::none);
    CHECK(verdict.head.keep_alive);
}

TEST_CASE("every prefix of a good request is incomplete") {
    for (std::size_t size = 0; size < browser.size(); ++size) CHECK(parse(browser.substr(0, size)).parsed == Parsed::incomplete);
}

TEST_CASE("what follows the empty line is left: a body, or the next request") {
    const std::string_view first = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
    const Verdict verdict = parse(std::string(first) + "abcGET /\n");
    REQUIRE(verdict.parsed == Parsed::complete);
    CHECK(verdict.head.bytes == first.size());
    CHECK(verdict.head.framing == Framing::length);
    CHECK(verdict.head.content_length == 3);
}

TEST_CASE("two empty lines before the request line are passed over, and counted as the head's") {
    CHECK(accept("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").head.bytes == 29);
    CHECK(accept("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").head.bytes == 31);
}

TEST_CASE("every method that the application knows is accepted") {
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        CHECK(accept(method + " /x HTTP/1.1\r\nHost: a\r\n\r\n").head.method == method);
}

TEST_CASE("a target's visible ASCII stays as it is, what RFC 3986 would have escaped included") {
    CHECK(accept("GET /a/../b//c;d=1?q=\"<x>|{y}^`\\[]&%zz HTTP/1.1\r\nHost: a\r\n\r\n").head.target ==
          "/a/../b//c;d=1?q=\"<x>|{y}^`\\[]&%zz");
}

TEST_CASE("an absolute target becomes its path and query, and its host stands for the Host") {
    const Verdict verdict = accept("GET http://b.example:81/x?y=http://z HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n");
    CHECK(verdict.head.target == "/x?y=http://z");
    CHECK(verdict.header("Host") == "b.example:81");
    CHECK(accept("GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "/");
    CHECK(accept("GET http://b/ HTTP/1.0\r\n\r\n").header("Host") == "b");
}

TEST_CASE("OPTIONS may ask for the server as a whole") {
    CHECK(accept("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "*");
    CHECK(accept("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "*");
    CHECK(accept("OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "/");
}

TEST_CASE("names, addresses and ports are valid Hosts") {
    for (const std::string host :
         {"a", "blog.example", "blog.example.", "under_score", "127.0.0.1", "127.0.0.1:5000", "a:", "a:0", "a:65535", "[::1]",
          "[::1]:8080", "[2001:db8::ff00:42:8329]", "[::ffff:192.0.2.1]:1", "A-B.c"})
        CHECK(accept("GET / HTTP/1.1\r\nHost:" + host + "\r\n\r\n").header("Host") == host);
    const auto with_host = [](std::size_t size) { return "GET / HTTP/1.1\r\nHost: " + std::string(size, 'a') + "\r\n\r\n"; };
    CHECK(parse(with_host(255)).parsed == Parsed::complete);
    CHECK(parse(with_host(256)).status == 400);
}

TEST_CASE("HTTP/1.0 needs no Host and closes unless asked") {
    const Verdict verdict = accept("GET / HTTP/1.0\r\n\r\n");
    CHECK(verdict.head.minor_version == 0);
    CHECK_FALSE(verdict.head.keep_alive);
    CHECK(accept("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keep_alive);
    CHECK_FALSE(accept("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").head.keep_alive);
}

TEST_CASE("Connection: close counts in any place, case and field") {
    for (const std::string field :
         {"Connection: close", "connection:CLOSE", "Connection: keep-alive, Close", "Connection: close ,x", "Connection: ,,close",
          "Connection: x\r\nConnection: close", "Connection: close\r\nConnection: keep-alive"})
        CHECK_FALSE(accept_field(field).head.keep_alive);
    for (const std::string field : {"Connection: keep-alive", "Connection: closed", "Connection: clos",
                                    "Connection:", "Connection: ,", "X-Connection: close"})
        CHECK(accept_field(field).head.keep_alive);
}

TEST_CASE("Expect: 100-continue counts with a body and from HTTP/1.1 only") {
    CHECK(accept_field("Content-Length: 1\r\nExpect: 100-Continue").head.expects_continue);
    CHECK(accept_field("Transfer-Encoding: chunked\r\nExpect: 100-continue").head.expects_continue);
    CHECK_FALSE(accept_field("Expect: 100-continue").head.expects_continue);
    CHECK_FALSE(accept_field("Content-Length: 0\r\nExpect: 100-continue").head.expects_continue);
    CHECK_FALSE(accept("PUT / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n").head.expects_continue);
}

TEST_CASE("one Content-Length up to the limit, or chunked alone, says where the body ends") {
    CHECK(accept_field("Content-Length: 16777216").head.content_length == 16777216);
    CHECK(accept_field("content-LENGTH:000000000000000000000000000007 ").head.content_length == 7);
    CHECK(accept_field("Content-Length: 0").head.framing == Framing::length);
    CHECK(accept_field("Transfer-Encoding: chunked").head.framing == Framing::chunked);
    CHECK(accept_field("transfer-encoding:\tChunked ").head.framing == Framing::chunked);
}

TEST_CASE("a header that only resembles one that counts changes nothing") {
    const Verdict verdict =
        accept_field("Content_Length: 5\r\nContent-Lengt: x\r\nTransfer_Encoding: x\r\nHost_: b c\r\nExpects: x");
    CHECK(verdict.head.framing == Framing::none);
}

TEST_CASE("a head is reused without remembering the one before") {
    app::http::Head head;
    app::http::Refusal refusal;
    std::size_t searched = 0;
    REQUIRE(parse_head("PUT / HTTP/1.0\r\nContent-Length: 5\r\n\r\n", searched, {}, head, refusal) == Parsed::complete);
    searched = 0;
    REQUIRE(parse_head("GET /b HTTP/1.1\r\nHost: a\r\n\r\n", searched, {}, head, refusal) == Parsed::complete);
    CHECK(head.framing == Framing::none);
    CHECK(head.content_length == 0);
    CHECK(head.keep_alive);
    CHECK(head.headers.size() == 1);
    const auto* const memory = head.headers.data();
    head.clear();
    CHECK(head.headers.empty());
    CHECK(head.headers.data() == memory);
}

TEST_CASE("a target over its limit is 414, before the line is whole too") {
    Limits limits;
    limits.target_bytes_max = 20;
    const auto with_target = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(parse(with_target(20), limits).parsed == Parsed::complete);
    for (const std::size_t size : {21U, 40U, 400U}) {
        const std::string bytes = with_target(size);
        const Verdict verdict = parse(bytes, limits);
        CHECK(verdict.status == 414);
        check_all_splits(bytes, verdict, limits);
    }
    CHECK(parse("GET /" + std::string(34, 'a'), limits).status == 414);
    CHECK(parse("GET /" + std::string(33, 'a'), limits).parsed == Parsed::incomplete);
}

TEST_CASE("a head over its limit is 431, before it is whole too") {
    Limits limits;
    limits.head_bytes_max = 200;
    const auto with_head = [](std::size_t size) {
        return "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(size - 32, 'b') + "\r\n\r\n";
    };
    CHECK(parse(with_head(200), limits).head.bytes == 200);
    const std::string bytes = with_head(201);
    const Verdict verdict = parse(bytes, limits);
    CHECK(verdict.status == 431);
    check_all_splits(bytes, verdict, limits);
    CHECK(parse(bytes.substr(0, 199), limits).parsed == Parsed::incomplete);
    CHECK(parse(bytes.substr(0, 200), limits).status == 431);
}

TEST_CASE("more fields than the limit are 431") {
    std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int field = 1; field < 100; ++field) bytes += "X: y\r\n";
    CHECK(parse(bytes + "\r\n").head.headers.size() == 100);
    CHECK(parse(bytes + "X: y\r\n\r\n").status == 431);
}

TEST_CASE("control characters are found at every place of a value, whatever stands around them") {
    for (std::size_t size = 0; size < 40; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            std::string value(size, '\xFF');
            value.insert(at, 1, '\x1F');
            CHECK(parse("GET / HTTP/1.1\r\nHost: a\r\nX:\"" + value + "\"\r\n\r\n").status == 400);
            value[at] = '\t';
            CHECK(parse("GET / HTTP/1.1\r\nHost: a\r\nX:\"" + value + "\"\r\n\r\n").header("X").size() == size + 3);
        }
    }
}
