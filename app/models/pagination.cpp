#include "app/models/pagination.hpp"

#include <algorithm>
#include <limits>

#include "app/base/text.hpp"

namespace app::models {

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

bool is_digits(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::int64_t parse_page(std::optional<std::string_view> text) noexcept {
    if (!text) return 1;
    if (const auto page = base::parse_integer(*text)) return std::max<std::int64_t>(*page, 1);
    return is_digits(*text) ? largest : 1;  // digits that do not fit; a number below every page, or no number
}

std::int64_t page_count(std::int64_t total, int per_page) noexcept { return total / per_page + (total % per_page != 0 ? 1 : 0); }

std::int64_t PageRequest::offset() const noexcept {
    const std::int64_t before = page - 1;
    return before > largest / per_page ? largest : before * per_page;
}

}  // namespace app::models
