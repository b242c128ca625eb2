// Lists in parts. A page is counted from 1 and any page number is answered: below 1 shows page 1, past the end is an empty page. A
// page costs the more the farther it is from the nearer end of its list, for the rows in between are stepped over. A slice begins
// behind an item that the client has seen: that costs the same everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace app::models {

struct PageRequest {
    std::int64_t page = 1;  // at least 1: see parse_page
    int per_page = 20;      // at least 1

    // How many rows precede the page; the largest number there is instead of an overflow.
    std::int64_t offset() const noexcept;
};

// The page that ?page= asks for: 1 when `text` is missing, not an optional '-' and digits, or below 1; the largest number there
// is when it does not fit 64 bits.
std::int64_t parse_page(std::optional<std::string_view> text) noexcept;

// How many pages `total` rows fill.
std::int64_t page_count(std::int64_t total, int per_page) noexcept;

template <class T>
struct Page {
    std::vector<T> items;
    std::int64_t total = 0;  // of the whole list
    std::int64_t page = 1;
    int per_page = 20;

    // The numbers of the neighbours, nothing where there is none. Past the end `prev` is still page - 1.
    std::optional<std::int64_t> prev() const noexcept { return page > 1 ? std::optional{page - 1} : std::nullopt; }
    std::optional<std::int64_t> next() const noexcept { return page < pages() ? std::optional{page + 1} : std::nullopt; }
    std::int64_t pages() const noexcept { return page_count(total, per_page); }
};

struct CursorRequest {
    std::optional<std::int64_t> after;  // the id of the last item seen, which may be gone by now; nothing: from the beginning
    int limit = 20;                     // at least 1
};

template <class T>
struct Slice {
    std::vector<T> items;
    std::int64_t total = 0;  // of the whole list
    bool has_more = false;   // behind the last item, whose id is then the next cursor
};

}  // namespace app::models
