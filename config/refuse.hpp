// How this room says no.
#pragma once

#include <string_view>

namespace config {

// Throws app::base::Error(invalid) "ORIGIN: WHAT" as one line: control characters, which may come from a file or a name, become '?'.
[[noreturn]] void refuse(std::string_view origin, std::string_view what);

// Whether the text begins and ends with the same quote, " or ', as what a shell did not take off.
bool is_quoted(std::string_view text);

}  // namespace config
