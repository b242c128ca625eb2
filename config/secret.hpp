// The signing key of development and testing, which everybody knows; see weakness() and require_secret() in config.hpp.
#pragma once

#include <string_view>

namespace config {

inline constexpr std::string_view development_key = "insecure key for development, known to everybody";

}  // namespace config
