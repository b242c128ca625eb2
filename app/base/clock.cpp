#include "app/base/clock.hpp"

#include <array>
#include <charconv>
#include <iterator>

namespace app::base {
namespace {

constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Fields {
    unsigned weekday;
    int day, month, year, hour, minute, second, millisecond;
};

Fields split(Timestamp time) {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - midnight)};
    return {std::chrono::weekday{midnight}.c_encoding(),
            static_cast<int>(unsigned(date.day())),
            static_cast<int>(unsigned(date.month())),
            int(date.year()),
            int(clock.hours().count()),
            int(clock.minutes().count()),
            int(clock.seconds().count()),
            int(clock.subseconds().count())};
}

// The number with zeros before it, `digits` of them and more if it needs them, then `next`. Pages have many dates: printf takes ten
// times as long.
void append(std::string& text, int number, std::size_t digits, char next) {
    char characters[16];
    const auto end = std::to_chars(characters, characters + sizeof characters, number).ptr;
    const auto length = static_cast<std::size_t>(end - characters);
    if (length < digits) text.append(digits - length, '0');
    text.append(characters, end) += next;
}

}  // namespace

Timestamp now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::int64_t to_microseconds(Timestamp time) noexcept { return time.time_since_epoch().count(); }

Timestamp from_microseconds(std::int64_t microseconds) noexcept { return Timestamp{std::chrono::microseconds{microseconds}}; }

std::string http_date(Timestamp time) {
    const Fields f = split(time);
    std::string text;
    text.reserve(std::size("Sun, 06 Nov 1994 08:49:37 GMT"));
    text.append(day_names[f.weekday]).append(", ");
    append(text, f.day, 2, ' ');
    text.append(month_names[f.month - 1]).append(" ");
    append(text, f.year, 4, ' ');
    append(text, f.hour, 2, ':');
    append(text, f.minute, 2, ':');
    append(text, f.second, 2, ' ');
    return text.append("GMT");
}

std::string rfc3339(Timestamp time) {
    const Fields f = split(time);
    std::string text;
    text.reserve(std::size("1994-11-06T08:49:37.000Z"));
    append(text, f.year, 4, '-');
    append(text, f.month, 2, '-');
    append(text, f.day, 2, 'T');
    append(text, f.hour, 2, ':');
    append(text, f.minute, 2, ':');
    append(text, f.second, 2, '.');
    append(text, f.millisecond, 3, 'Z');
    return text;
}

}  // namespace app::base
