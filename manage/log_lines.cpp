#include "manage/log_lines.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace manage {

namespace {

constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
constexpr std::string_view time_pattern = "0000-00-00T00:00:00.000Z";

bool is_time(std::string_view text) {
    return std::ranges::equal(text, time_pattern,
                              [](char c, char kind) { return kind == '0' ? c >= '0' && c <= '9' : c == kind; });
}

// The value behind the last " request_id=": what stands in a message comes before.
std::string_view request_id_of(std::string_view line) {
    constexpr std::string_view name = " request_id=";
    const auto at = line.rfind(name);
    if (at == std::string_view::npos) return {};
    const std::string_view value = line.substr(at + name.size());
    return value.substr(0, value.find(' '));
}

std::optional<LogLine> find_entry(std::string_view time, std::string_view level, std::string_view request_id) {
    const auto found = find_log_level(level);
    if (!is_time(time) || !found) return std::nullopt;
    return LogLine{
        .kind = LogLine::Kind::entry, .time = std::string(time), .level = *found, .request_id = std::string(request_id)};
}

std::optional<LogLine> find_json_entry(std::string_view line) {
    try {
        const app::web::Value entry = app::web::parse_json(line);
        const auto text = [&](std::string_view name) -> std::string_view {
            const std::string* member = entry.find_string(name);
            return member ? std::string_view{*member} : std::string_view{};
        };
        return find_entry(text("time"), text("level"), text("request_id"));
    } catch (const app::base::Error&) {
        return std::nullopt;
    }
}

std::optional<LogLine> find_text_entry(std::string_view line) {
    const std::string_view rest = line.substr(std::min(time_pattern.size() + 1, line.size()));
    if (rest.empty() || line[time_pattern.size()] != ' ') return std::nullopt;
    return find_entry(line.substr(0, time_pattern.size()), rest.substr(0, rest.find(' ')), request_id_of(rest));
}

// Nothing for a time that no calendar or clock has.
std::optional<std::string> checked(std::string time) {
    if (!is_time(time)) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        return static_cast<int>(app::base::parse_integer(std::string_view(time).substr(at, size)).value_or(0));
    };
    const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!day.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 60) return std::nullopt;
    return time;
}

}  // namespace

std::optional<LogLevel> find_log_level(std::string_view name) noexcept {
    const auto found = std::ranges::find(levels, name);
    if (found == levels.end()) return std::nullopt;
    return static_cast<LogLevel>(found - levels.begin());
}

LogLine parse_log_line(std::string_view line) {
    const bool is_json = line.starts_with('{');
    if (auto entry = is_json ? find_json_entry(line) : find_text_entry(line)) return *std::move(entry);
    return {.kind = is_json ? LogLine::Kind::broken : LogLine::Kind::continuation, .time = {}, .request_id = {}};
}

bool LogFilter::wants(const LogLine& line) {
    if (line.kind == LogLine::Kind::broken) return true;
    if (line.kind == LogLine::Kind::entry) {
        is_in_wanted_entry_ = line.level >= wanted_.level && line.time >= wanted_.since &&
                              (wanted_.request_id.empty() || line.request_id == wanted_.request_id);
    }
    return is_in_wanted_entry_;
}

std::optional<std::string> parse_since(std::string_view text, app::base::Timestamp now) {
    constexpr std::string_view units = "smhd";
    constexpr std::array<std::int64_t, 4> seconds{1, 60, 3600, 86400};
    constexpr std::int64_t days_max = 36'500;
    if (text.empty()) return std::nullopt;
    if (const auto unit = units.find(text.back()); unit != std::string_view::npos) {
        const auto count = app::base::parse_integer(text.substr(0, text.size() - 1));
        if (!count || *count < 0 || *count > days_max * 86400 / seconds[unit]) return std::nullopt;
        return app::base::rfc3339(now - std::chrono::seconds(*count * seconds[unit]));
    }
    if (text.ends_with('Z')) text.remove_suffix(1);
    constexpr std::array<std::size_t, 4> sizes{10, 16, 19, 23};  // up to the day, the minute, the second, the millisecond
    if (std::ranges::find(sizes, text.size()) == sizes.end()) return std::nullopt;
    return checked(std::string(text).append(time_pattern.substr(text.size())));
}

}  // namespace manage
