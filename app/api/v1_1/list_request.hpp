// What a request asks of a list in API v1.1: ?page= and ?per_page=, or ?after=, the id of the last item that the client has seen. A
// page is for people, who want to know how many there are and to jump; `after` is for who reads a list to its end: it costs the same
// everywhere and misses nothing when items come or go meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/context/context.hpp"
#include "app/models/pagination.hpp"

namespace app::api::v1_1 {

inline constexpr int per_page_max = 100;

struct ListRequest {
    std::optional<std::int64_t> page, after, per_page_asked;  // as the query has them
    int per_page = 20;

    models::PageRequest as_page() const { return {page.value_or(1), per_page}; }
    models::CursorRequest as_cursor() const { return {after, per_page}; }

    // The list's own URL with those of the query's names that are given, and with ?per_page= if this request has it.
    std::string link(std::string url, std::string_view name = {}, std::int64_t value = 0) const;
};

// What the query of this request asks for; `per_page` when that is not in it. Throws invalid, with the name of the query's parameter,
// for what is no number, a page below 1, a per_page that is not 1 to per_page_max, a number beyond 64 bits, and for a page beside
// an `after`. Any id may be given as `after`, also one that no row has (any more): what follows it is listed.
ListRequest list_request(const Context& ctx, int per_page);

}  // namespace app::api::v1_1
