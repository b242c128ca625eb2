// Names the sources of this binary that decide what an answer looks like: another build may write another document from the same
// rows, so that the tags of what clients keep have to change with it.
#pragma once

#include <string_view>

namespace app::api {

// 32 hexadecimal digits, made by scripts/build_id.cmake at build time; the same wherever the same sources were built.
std::string_view build_id() noexcept;

}  // namespace app::api
