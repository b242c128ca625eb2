// What the ending of a file's name says about its content.
#pragma once

#include <string_view>

namespace app::web {

// "text/css; charset=utf-8" for "style.css", in any case of letters; "application/octet-stream" for an ending that is not in the
// table and for none: a browser then saves it instead of guessing.
std::string_view content_type_of(std::string_view name) noexcept;

}  // namespace app::web
