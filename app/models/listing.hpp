// How one part of a list is fetched, a page or a slice; for this room's .cpp files.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "app/db/database.hpp"
#include "app/models/pagination.hpp"

namespace app::models {

enum class Order { ascending, descending };  // of the ids

constexpr Order reverse(Order order) { return order == Order::ascending ? Order::descending : Order::ascending; }

// The id that comes before all others.
constexpr std::int64_t before_first(Order order) {
    return order == Order::ascending ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

// A list's two statements. Each takes the values of the list's own conditions, then the id that it begins behind, a LIMIT and an
// OFFSET.
struct ListSql {
    std::string ascending, descending;

    // `select` ends with the conditions, "... WHERE " or "... WHERE x = ? AND "; `key` is the column of the ids.
    ListSql(const std::string& select, const std::string& key)
        : ascending(select + key + " > ? ORDER BY " + key + " LIMIT ? OFFSET ?"),
          descending(select + key + " < ? ORDER BY " + key + " DESC LIMIT ? OFFSET ?") {}

    const std::string& in(Order order) const { return order == Order::ascending ? ascending : descending; }
};

// Where a page lies in a list of `total` rows, seen from the nearer end, so that as few rows as possible are stepped over.
struct Window {
    std::int64_t skip = 0;
    std::int64_t count = 0;  // 0: past the end
    bool from_end = false;

    Window(PageRequest request, std::int64_t total) : skip(request.offset()) {
        if (skip >= total) return;
        count = std::min<std::int64_t>(request.per_page, total - skip);
        const std::int64_t behind = total - skip - count;
        from_end = behind < skip;
        if (from_end) skip = behind;
    }
};

// The page that `request` names of a list of `total` rows. A page past the end costs no query.
template <class Make, class... Values>
auto list_page(db::Connection& connection, PageRequest request, std::int64_t total, const ListSql& sql, Order order, Make make,
               const Values&... values) {
    using Item = std::invoke_result_t<Make&, const db::Row&>;
    Page<Item> page{.items = {}, .total = total, .page = request.page, .per_page = request.per_page};
    const Window window(request, total);
    if (window.count == 0) return page;
    const Order read = window.from_end ? reverse(order) : order;
    page.items = connection.list(sql.in(read), make, values..., before_first(read), window.count, window.skip);
    if (window.from_end) std::ranges::reverse(page.items);
    return page;
}

// `items` are what a slice was asked for and, if there are more, one beyond.
template <class Item>
Slice<Item> make_slice(std::vector<Item> items, CursorRequest request, std::int64_t total) {
    const bool has_more = std::ssize(items) > request.limit;
    if (has_more) items.pop_back();
    return {.items = std::move(items), .total = total, .has_more = has_more};
}

template <class Make, class... Values>
auto list_slice(db::Connection& connection, CursorRequest request, std::int64_t total, const ListSql& sql, Order order, Make make,
                const Values&... values) {
    const std::int64_t after = request.after.value_or(before_first(order));
    return make_slice(connection.list(sql.in(order), make, values..., after, std::int64_t{request.limit} + 1, 0), request, total);
}

}  // namespace app::models
