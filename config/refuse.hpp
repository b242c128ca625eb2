// How this room says no.
#pragma once

#include <string_view>

namespace config {

// Throws app::base::Error(invalid) "ORIGIN: WHAT" as one line: control characters, which may come from a file or a name, become '?'.
[[noreturn]] void refuse(std::string_view origin, std::string_view what);

}  // namespace config
