#include "app/web/range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "app/base/text.hpp"

namespace app::web {
namespace {

constexpr std::string_view unit = "bytes=";

// The digits as a number, the largest one when they do not fit.
std::optional<std::int64_t> parse_position(std::string_view digits) noexcept {
    if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return base::parse_integer(digits).value_or(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

RangeAnswer parse_range(std::string_view header, std::int64_t body_bytes) noexcept {
    using enum RangeAnswer::Kind;
    if (!base::equal_ignoring_case(header.substr(0, unit.size()), unit)) return {};
    const std::string_view range = base::trim(header.substr(unit.size()));
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const std::string_view before = range.substr(0, dash), behind = range.substr(dash + 1);
    const auto last = parse_position(behind);
    if (!last && !behind.empty()) return {};
    if (before.empty()) {  // the last n bytes
        if (!last) return {};
        if (*last == 0) return {unsatisfiable};
        if (body_bytes == 0) return {};  // all of it, which no Content-Range can say
        const auto bytes = std::min(*last, body_bytes);
        return {part, body_bytes - bytes, bytes};
    }
    const auto first = parse_position(before);
    if (!first || (last && *last < *first)) return {};
    if (*first >= body_bytes) return {unsatisfiable};
    const auto end = last ? std::min(*last, body_bytes - 1) : body_bytes - 1;
    return {part, *first, end - *first + 1};
}

std::string content_range(const RangeAnswer& range, std::int64_t body_bytes) {
    const std::string whole = "/" + std::to_string(body_bytes);
    if (range.kind == RangeAnswer::Kind::unsatisfiable) return "bytes *" + whole;
    return "bytes " + std::to_string(range.offset) + "-" + std::to_string(range.offset + range.bytes - 1) + whole;
}

}  // namespace app::web
