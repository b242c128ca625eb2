// What HTML made from anybody's text may hold at most, checked with a browser's eyes: parsed again, and compared to lists of its own.
#pragma once

#include <string>
#include <string_view>

#include "app/markup/sanitize.hpp"

namespace tests {

// What a browser would find in `html`, the inside of a page's body, that is not whitelisted for such a text: "script", "b[onclick]",
// "a[href=javascript:x]"; "" when there is nothing. An http(s) or relative link without rel="nofollow" is one, too.
std::string find_harm(std::string_view html, app::markup::Kind kind);

}  // namespace tests
