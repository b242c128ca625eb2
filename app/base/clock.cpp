#include "app/base/clock.hpp"

#include <array>
#include <cstdio>

namespace app::base {
namespace {

constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Fields {
    unsigned weekday, day, month;
    int year;
    int hour, minute, second, millisecond;
};

Fields split(Timestamp time) {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - midnight)};
    return {std::chrono::weekday{midnight}.c_encoding(),
            unsigned(date.day()),
            unsigned(date.month()),
            int(date.year()),
            int(clock.hours().count()),
            int(clock.minutes().count()),
            int(clock.seconds().count()),
            int(clock.subseconds().count())};
}

}  // namespace

Timestamp now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::int64_t to_microseconds(Timestamp time) noexcept { return time.time_since_epoch().count(); }

Timestamp from_microseconds(std::int64_t microseconds) noexcept { return Timestamp{std::chrono::microseconds{microseconds}}; }

std::string http_date(Timestamp time) {
    const Fields f = split(time);
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", day_names[f.weekday], f.day, month_names[f.month - 1],
                  f.year, f.hour, f.minute, f.second);
    return text;
}

std::string rfc3339(Timestamp time) {
    const Fields f = split(time);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", f.year, f.month, f.day, f.hour, f.minute, f.second,
                  f.millisecond);
    return text;
}

}  // namespace app::base
