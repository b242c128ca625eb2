// What the commands that make accounts share.
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

namespace manage {

// As base::Passwords::hash, at the cost that the config sets.
std::string hash_password(const config::Config& config, std::string_view password);

}  // namespace manage
