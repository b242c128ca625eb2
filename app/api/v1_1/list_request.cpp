#include "app/api/v1_1/list_request.hpp"

#include <limits>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::api::v1_1 {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
    throw base::Error(base::Code::invalid, std::string(name) + " " + what, {},
                      {{std::string(name), what, base::FieldPlace::query}});
}

std::optional<std::int64_t> find_number(const Context& ctx, std::string_view name, std::int64_t smallest,
                                        std::int64_t largest_allowed) {
    const auto text = ctx.request.query_value(name);
    if (!text) return std::nullopt;
    const auto number = text->starts_with('-') ? std::nullopt : base::parse_integer(*text);
    if (number && *number >= smallest && *number <= largest_allowed) return number;
    refuse(name, "is not a number from " + std::to_string(smallest) + " to " + std::to_string(largest_allowed));
}

}  // namespace

ListRequest list_request(const Context& ctx, int per_page) {
    ListRequest request{.page = find_number(ctx, "page", 1, largest),
                        .after = find_number(ctx, "after", 0, largest),
                        .per_page_asked = find_number(ctx, "per_page", 1, per_page_max),
                        .per_page = per_page};
    if (request.page && request.after) refuse("after", "stands beside page: ask for one of them");
    if (request.per_page_asked) request.per_page = static_cast<int>(*request.per_page_asked);
    return request;
}

std::string ListRequest::link(std::string url, std::string_view name, std::int64_t value) const {
    char separator = '?';
    const auto append = [&](std::string_view key, std::int64_t number) {
        url.append(1, separator).append(key).append("=").append(std::to_string(number));
        separator = '&';
    };
    if (!name.empty()) append(name, value);
    if (per_page_asked) append("per_page", *per_page_asked);
    return url;
}

}  // namespace app::api::v1_1
