// A TOML file as a flat list of keys with their lines: all that the settings need of toml++, which is a heavy header and
// is included by toml.cpp alone.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace config {

// A value of a type that no setting has, with its article: "an array".
struct OtherType {
    std::string_view name;
};

struct TomlEntry {
    std::string key;  // "server.port", or "server" for an empty [server]
    std::variant<Value, OtherType> value;
    int line = 0;  // from 1
};

// The entries in the order of their lines. Throws app::base::Error(invalid) "PATH:LINE: ..." if `text` is not TOML 1.0.
std::vector<TomlEntry> parse_toml(std::string_view text, std::string_view path);

}  // namespace config
