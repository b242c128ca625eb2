#include "app/web/range.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace app::web;
using enum RangeAnswer::Kind;

namespace {

// RFC 9110 section 14.1.2 for first-last, first- and -last, one byte at a time.
RangeAnswer by_definition(std::optional<int> first, std::optional<int> last, int body_bytes) {
    if (first && last && *last < *first) return {};
    RangeAnswer answer{unsatisfiable};
    for (int at = 0; at < body_bytes; ++at) {
        const bool is_in = first ? at >= *first && (!last || at <= *last) : at >= body_bytes - *last;
        if (!is_in) continue;
        if (answer.kind == unsatisfiable) answer = {part, at, 0};
        ++answer.bytes;
    }
    const bool is_whole_of_nothing = !first && *last > 0 && body_bytes == 0;
    return is_whole_of_nothing ? RangeAnswer{} : answer;
}

std::string digits(std::optional<int> number) { return number ? std::to_string(*number) : std::string{}; }

}  // namespace

TEST_CASE("every small range of every small body is what its definition says") {
    int count = 0;
    for (int body_bytes = 0; body_bytes <= 6; ++body_bytes) {
        for (int first = -1; first <= 8; ++first) {
            for (int last = -1; last <= 8; ++last) {
                if (first < 0 && last < 0) continue;
                const auto from = first < 0 ? std::nullopt : std::optional{first};
                const auto to = last < 0 ? std::nullopt : std::optional{last};
                const std::string header = "bytes=" + digits(from) + "-" + digits(to);
                INFO(header, " of ", body_bytes);
                CHECK(parse_range(header, body_bytes) == by_definition(from, to, body_bytes));
                ++count;
            }
        }
    }
    CHECK(count == 7 * 99);
}

TEST_CASE("no range, several and what is none mean the whole") {
    for (const char* header :
         {"",           "bytes",       "bytes=",     "bytes=-",    "bytes=--1",  "bytes=1",    "bytes=a-b",     "bytes=1-b",
          "bytes=a-1",  "bytes=1-2-3", "bytes=+1-2", "bytes=1-+2", "bytes=1 -2", "bytes=1- 2", "bytes=0-1,3-4", "bytes=0-1,",
          "bytes=,0-1", "bytes=0-,-1", "bytes =0-1", "items=0-1",  "0-1",        "bytes:0-1",  "bytes=0x1-2",   "bytes=1.0-2",
          "bytes=2-1"}) {
        CAPTURE(header);
        CHECK(parse_range(header, 10) == RangeAnswer{});
    }
}

TEST_CASE("the unit may be written in any case, and blanks around the range do not count") {
    CHECK(parse_range("BYTES=1-2", 10) == RangeAnswer{part, 1, 2});
    CHECK(parse_range("bytes= 1-2\t", 10) == RangeAnswer{part, 1, 2});
}

TEST_CASE("numbers too large for any type are behind the end") {
    CHECK(parse_range("bytes=2-99999999999999999999999", 10) == RangeAnswer{part, 2, 8});
    CHECK(parse_range("bytes=-99999999999999999999999", 10) == RangeAnswer{part, 0, 10});
    CHECK(parse_range("bytes=99999999999999999999999-", 10) == RangeAnswer{unsatisfiable});
    CHECK(parse_range("bytes=99999999999999999999998-99999999999999999999999", 10) == RangeAnswer{unsatisfiable});
    CHECK(parse_range("bytes=0000000000000000000000001-2", 10) == RangeAnswer{part, 1, 2});
    CHECK(parse_range("bytes=9223372036854775806-9223372036854775807", 9223372036854775807) ==
          RangeAnswer{part, 9223372036854775806, 1});
}

TEST_CASE("Content-Range says which part of how much, or how much there is") {
    CHECK(content_range({part, 0, 5}, 10) == "bytes 0-4/10");
    CHECK(content_range({part, 9, 1}, 10) == "bytes 9-9/10");
    CHECK(content_range({unsatisfiable}, 10) == "bytes */10");
}
