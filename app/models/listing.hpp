// How posts and comments fetch one page of a list; for this room's .cpp files.
#pragma once

#include <string_view>
#include <type_traits>

#include "app/db/database.hpp"
#include "app/models/pagination.hpp"

namespace app::models {

// The page that `request` names of a list of `total` rows. `sql` ends in "LIMIT ? OFFSET ?"; `values` are those before. A page past
// the end costs no query.
template <class Make, class... Values>
auto list_page(db::Connection& connection, PageRequest request, std::int64_t total, std::string_view sql, Make make,
               const Values&... values) {
    using Item = std::invoke_result_t<Make&, const db::Row&>;
    Page<Item> page{.items = {}, .total = total, .page = request.page, .per_page = request.per_page};
    const std::int64_t offset = request.offset();
    if (offset < total) page.items = connection.list(sql, make, values..., request.per_page, offset);
    return page;
}

}  // namespace app::models
