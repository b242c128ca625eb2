#include "app/models/pagination.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace app::models;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Page<int> page(std::int64_t number, std::int64_t total, int per_page = 20) {
    return {.items = {}, .total = total, .page = number, .per_page = per_page};
}

}  // namespace

TEST_CASE("a missing or non-numeric page is page 1") {
    CHECK(parse_page(std::nullopt) == 1);
    for (const char* text : {"", " ", "two", "2x", "x2", "2.0", "0x2", "-", "--2", "\xd9\xa2"}) {
        CAPTURE(text);
        CHECK(parse_page(text) == 1);
    }
}

TEST_CASE("a page number is taken as it stands, leading zeros included") {
    CHECK(parse_page("2") == 2);
    CHECK(parse_page("0007") == 7);
    CHECK(parse_page("9223372036854775807") == largest);
}

TEST_CASE("a page below 1 is page 1") {
    CHECK(parse_page("0") == 1);
    CHECK(parse_page("-3") == 1);
    CHECK(parse_page("-9223372036854775809") == 1);
}

TEST_CASE("a page beyond 64 bits is past every end") {
    CHECK(parse_page("9223372036854775808") == largest);
    CHECK(parse_page("99999999999999999999999999") == largest);
}

TEST_CASE("the offset of a page never overflows") {
    CHECK(PageRequest{1, 20}.offset() == 0);
    CHECK(PageRequest{3, 20}.offset() == 40);
    CHECK(PageRequest{largest, 1}.offset() == largest - 1);
    CHECK(PageRequest{largest, 20}.offset() == largest);
    CHECK(PageRequest{largest / 20 + 2, 20}.offset() == largest);
}

TEST_CASE("a page knows its neighbours") {
    CHECK_FALSE(page(1, 41).prev());
    CHECK(page(1, 41).next() == 2);
    CHECK(page(2, 41).prev() == 1);
    CHECK(page(2, 41).next() == 3);
    CHECK_FALSE(page(3, 41).next());
    CHECK_FALSE(page(2, 40).next());
    CHECK_FALSE(page(1, 0).next());
}

TEST_CASE("a page past the end has only a page before it") {
    CHECK(page(9, 41).prev() == 8);
    CHECK_FALSE(page(9, 41).next());
    CHECK(page(largest, 41).prev() == largest - 1);
    CHECK_FALSE(page(largest, largest, 1).next());
}

TEST_CASE("pages are counted up, and none of nothing") {
    CHECK(page_count(0, 20) == 0);
    CHECK(page_count(20, 20) == 1);
    CHECK(page_count(21, 20) == 2);
    CHECK(page_count(largest, 20) == largest / 20 + 1);
}
