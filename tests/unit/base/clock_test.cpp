#include "app/base/clock.hpp"

#include <doctest/doctest.h>

using namespace app::base;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp at(int year, int month, int day) { return std::chrono::sys_days{std::chrono::year{year} / month / day}; }

}  // namespace

TEST_CASE("http_date writes the date of RFC 9110 section 5.6.7") {
    CHECK(http_date(at(1994, 11, 6) + 8h + 49min + 37s) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(at(2026, 1, 1)) == "Thu, 01 Jan 2026 00:00:00 GMT");
    CHECK(http_date(at(2024, 2, 29) + 23h + 59min + 59s + 999999us) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("http_date writes a time before the epoch and a small year") {
    CHECK(http_date(at(1969, 12, 31) + 23h + 59min + 59s + 1us) == "Wed, 31 Dec 1969 23:59:59 GMT");
    CHECK(http_date(at(7, 3, 4)) == "Sun, 04 Mar 0007 00:00:00 GMT");
}

TEST_CASE("rfc3339 cuts to milliseconds") {
    CHECK(rfc3339(at(2026, 11, 22) + 1h + 2min + 3s + 4999us) == "2026-11-22T01:02:03.004Z");
    CHECK(rfc3339(at(1969, 12, 31) + 23h + 59min + 59s + 1us) == "1969-12-31T23:59:59.000Z");
}
