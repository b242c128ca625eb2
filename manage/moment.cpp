#include "manage/moment.hpp"

#include <algorithm>

#include "app/base/clock.hpp"

namespace manage {

std::string moment() {
    std::string text = app::base::rfc3339(app::base::now());
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

bool is_moment(std::string_view text) {
    constexpr std::string_view pattern = "00000000T000000.000Z";
    return std::ranges::equal(text, pattern, [](char c, char kind) { return kind == '0' ? c >= '0' && c <= '9' : c == kind; });
}

}  // namespace manage
