#include "app/web/conditional.hpp"

#include <doctest/doctest.h>

using namespace app::web;

namespace {

// The tag of the 304, or "200".
std::string answer_to(std::string_view if_none_match, std::string_view accept_encoding = "", std::string_view etag = "\"abc\"") {
    Request request;
    request.headers = {{"If-None-Match", if_none_match}, {"Accept-Encoding", accept_encoding}};
    const auto response = not_modified(request, etag);
    if (!response) return "200";
    CHECK(response->status == 304);
    CHECK(response->body.empty());
    return std::string(response->header("ETag").value_or(""));
}

bool holds(std::string_view if_range, std::string_view etag) {
    Request request;
    request.headers = {{"If-Range", if_range}};
    return if_range_holds(request, etag);
}

}  // namespace

TEST_CASE("a coded tag is the plain one with the coding behind it; a weak one stays") {
    CHECK(coded_tag("\"abc\"", ContentCoding::gzip) == "\"abc-gzip\"");
    CHECK(coded_tag("\"abc\"", ContentCoding::brotli) == "\"abc-br\"");
    CHECK(coded_tag("\"abc\"", ContentCoding::identity) == "\"abc\"");
    CHECK(coded_tag("\"\"", ContentCoding::brotli) == "\"-br\"");
    CHECK(coded_tag("W/\"abc\"", ContentCoding::gzip) == "W/\"abc\"");
}

TEST_CASE("If-None-Match hits by any tag of its list, weakly, in any coding, and by *") {
    const struct {
        const char* list;
        const char* answer;
    } table[] = {
        {"", "200"},
        {"\"abc\"", "\"abc\""},
        {"W/\"abc\"", "\"abc\""},
        {"\"abc-gzip\"", "\"abc-gzip\""},
        {"\"abc-br\"", "\"abc-br\""},
        {"W/\"abc-br\"", "\"abc-br\""},
        {"*", "\"abc\""},
        {" * ", "\"abc\""},
        {"\"x\", \"abc\"", "\"abc\""},
        {"\"x\",\"abc\"", "\"abc\""},
        {" ,, \"x\" ,\t\"abc\" ,", "\"abc\""},
        {"\"a,b\", \"abc\"", "\"abc\""},
        {"\"x, \"abc\"", "200"},  // the tags are "x, " and then nothing that is one
        {"\"ab\"", "200"},
        {"\"abcd\"", "200"},
        {"\"ABC\"", "200"},
        {"\"abc-zip\"", "200"},
        {"\"abc-gzip-br\"", "200"},
        {"w/\"abc\"", "200"},
        {"abc", "200"},
        {"abc, \"abc\"", "200"},
        {"\"abc", "200"},
        {"\"", "200"},
        {"W/", "200"},
        {"W/*", "200"},
        {"\"*\"", "200"},
    };
    for (const auto& [list, answer] : table) {
        CAPTURE(list);
        CHECK(answer_to(list) == answer);
    }
}

TEST_CASE("of several tags that a client has, the 304 names the one of the coding it asks for") {
    const char* all = "\"abc-gzip\", \"abc\", \"abc-br\"";
    CHECK(answer_to(all) == "\"abc\"");
    CHECK(answer_to(all, "gzip") == "\"abc-gzip\"");
    CHECK(answer_to(all, "gzip, br") == "\"abc-br\"");
    CHECK(answer_to("\"abc-gzip\"", "br") == "\"abc-gzip\"");
}

TEST_CASE("a weak tag hits as well, and stays weak") {
    CHECK(answer_to("\"abc\"", "", "W/\"abc\"") == "W/\"abc\"");
    CHECK(answer_to("W/\"abc\"", "gzip", "W/\"abc\"") == "W/\"abc\"");
    CHECK(answer_to("W/\"x\"", "", "W/\"abc\"") == "200");
}

TEST_CASE("several If-None-Match headers are one list, and other methods than GET and HEAD have none") {
    Request request;
    request.headers = {{"If-None-Match", "\"x\""}, {"if-none-match", "\"abc\""}};
    CHECK(not_modified(request, "\"abc\"").has_value());
    request.method = "HEAD";
    CHECK(not_modified(request, "\"abc\"").has_value());
    for (const char* method : {"POST", "PUT", "DELETE"}) {
        request.method = method;
        CHECK_FALSE(not_modified(request, "\"abc\"").has_value());
    }
}

TEST_CASE("If-Range holds for exactly the strong tag, and when there is none") {
    CHECK(if_range_holds(Request{}, "\"abc\""));
    CHECK(holds("\"abc\"", "\"abc\""));
    CHECK_FALSE(holds("\"abd\"", "\"abc\""));
    CHECK_FALSE(holds("\"abc-gzip\"", "\"abc\""));
    CHECK_FALSE(holds("W/\"abc\"", "\"abc\""));
    CHECK_FALSE(holds("W/\"abc\"", "W/\"abc\""));
    CHECK_FALSE(holds("*", "\"abc\""));
    CHECK_FALSE(holds("", "\"abc\""));
    CHECK_FALSE(holds("\"abc\", \"abd\"", "\"abc\""));
    CHECK_FALSE(holds("Sun, 22 Nov 2026 08:59:06 GMT", "\"abc\""));
}

TEST_CASE("If-Match holds by any strong tag of its list, in any coding, and by *") {
    const struct {
        const char* list;
        bool holds;
    } table[] = {
        {"\"abc\"", true},
        {"\"abc-gzip\"", true},
        {"\"abc-br\"", true},
        {"*", true},
        {" * ", true},
        {"\"x\" ,\"abc\"", true},
        {"W/\"x\", \"abc\"", true},
        {"W/\"abc\"", false},
        {"W/\"abc-br\"", false},
        {"\"W/\"abc\"", false},
        {"\"ab\"", false},
        {"\"abc-zip\"", false},
        {"abc", false},
        {"", false},
        {",", false},
        {"\"abc", false},
    };
    for (const auto& [list, holds] : table) {
        CAPTURE(list);
        Request request;
        request.method = "PUT";
        request.headers = {{"if-match", list}};
        CHECK(if_match_holds(request, "\"abc\"") == holds);
    }
    CHECK(if_match_holds(Request{}, "\"abc\""));
    Request twice;
    twice.headers = {{"If-Match", "\"x\""}, {"If-Match", "\"abc\""}};
    CHECK(if_match_holds(twice, "\"abc\""));
    Request weak;
    weak.headers = {{"If-Match", "W/\"abc\""}};
    CHECK_FALSE(if_match_holds(weak, "W/\"abc\""));
}
