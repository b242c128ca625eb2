// The bytes of a response, and that no header can forge others.
#include "app/http/writer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/base/error.hpp"

namespace {

using app::http::append_response;
using app::http::WriteOptions;
using app::web::Response;
using namespace std::string_literals;

constexpr std::string_view date = "Sun, 22 Nov 2026 08:59:06 GMT";

std::string write(const Response& response, WriteOptions options = {}) {
    options.date = date;
    std::string out;
    append_response(out, response, options);
    return out;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a response is its status line, Date, headers, length, an empty line and the body") {
    CHECK(write(app::web::text_response("hello\n", 404)) ==
          "HTTP/1.1 404 Not Found\r\nDate: Sun, 22 Nov 2026 08:59:06 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n"
          "Content-Length: 6\r\n\r\nhello\n");
}

TEST_CASE("responses are appended, so that pipelined ones leave in one send") {
    std::string out = "before";
    append_response(out, app::web::empty_response(200), {.date = date});
    append_response(out, app::web::text_response("x"), {.date = date});
    CHECK(out.starts_with("beforeHTTP/1.1 200 OK\r\n"));
    CHECK(contains(out, "Content-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST_CASE("HEAD gets the length of the body that it does not get") {
    const std::string out = write(app::web::text_response("hello"), {.head_only = true});
    CHECK(out.ends_with("Content-Length: 5\r\n\r\n"));
    Response without_body;
    without_body.set("Content-Length", "1234");
    CHECK(write(without_body, {.head_only = true}).ends_with("\r\nContent-Length: 1234\r\n\r\n"));
    without_body.set("Content-Length", "12x");
    CHECK(write(without_body, {.head_only = true}).ends_with("\r\nContent-Length: 0\r\n\r\n"));
}

TEST_CASE("204 and 304 have neither body nor length") {
    for (const int status : {204, 304}) {
        Response response = app::web::empty_response(status);
        response.body = "forgotten";
        response.set("ETag", "\"x\"");
        const std::string out = write(response);
        CHECK_FALSE(contains(out, "Content-Length"));
        CHECK(out.ends_with("ETag: \"x\"\r\n\r\n"));
    }
}

TEST_CASE("Connection is said where the version does not say it already") {
    const Response response = app::web::empty_response(200);
    CHECK_FALSE(contains(write(response), "Connection"));
    CHECK(contains(write(response, {.keep_alive = false}), "\r\nConnection: close\r\n"));
    CHECK(contains(write(response, {.minor_version = 0}), "\r\nConnection: keep-alive\r\n"));
    CHECK(contains(write(response, {.keep_alive = false, .minor_version = 0}), "\r\nConnection: close\r\n"));
}

TEST_CASE("a header that only the server may write is written once, by the server") {
    Response response = app::web::text_response("abc");
    for (const char* name :
         {"content-length", "DATE", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade"})
        response.add(name, "17");
    const std::string out = write(response);
    CHECK_FALSE(contains(out, "17"));
    CHECK(contains(out, "Content-Length: 3\r\n"));
}

TEST_CASE("the application's headers keep their order, repetitions and bytes beyond ASCII") {
    Response response;
    response.add("Set-Cookie", "a=1").add("X-Empty", "").add("Set-Cookie", "b=\xC3\xA4").add("X-Tab", "a\tb");
    CHECK(contains(write(response), "\r\nSet-Cookie: a=1\r\nX-Empty: \r\nSet-Cookie: b=\xC3\xA4\r\nX-Tab: a\tb\r\n"));
}

TEST_CASE("a header that would end its line early is refused, nothing of the response is written, and its value is not told") {
    for (const std::string& value :
         {"a\r\nSet-Cookie: evil"s, "a\nb"s, "a\rb"s, "a\0b"s, "\x1F"s, "12345678\x7F"s, "\r\n\r\n"s}) {
        Response response = app::web::text_response("x");
        response.add("Location", value);
        std::string out = "before";
        try {
            append_response(out, response, {.date = date});
            FAIL("accepted");
        } catch (const app::base::Error& error) {
            CHECK(error.code() == app::base::Code::internal);
            CHECK(error.detail() == "the response header Location holds a control character");
        }
        CHECK(out == "before");
    }
}

TEST_CASE("a header's name must be a token") {
    for (const std::string& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "a\0"s, "\xC3\xA4"s, "a\t"s}) {
        Response response;
        response.headers.emplace_back(name, "x");
        CHECK_THROWS_AS(write(response), app::base::Error);
    }
}

TEST_CASE("a status beyond HTTP's is refused") {
    for (const int status : {0, 99, 600, -200}) CHECK_THROWS_AS(write(app::web::empty_response(status)), app::base::Error);
}
