// The files that make `manage runserver` a service of systemd: the unit, and the rules by which logrotate moves its log. Text only;
// nothing here looks at the machine.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace manage {

// Paths and names as they are on the machine that the files are for.
struct Service {
    std::filesystem::path program;
    std::filesystem::path folder;  // to work in: .env, instance/ and relative paths are there
    std::string user;
    std::string group;
    config::Config config;
};

// Throw invalid for a path, or a name, with characters that would mean something else in such a file. Both begin with lines that
// say where they come from, and with which is_untouched recognises them.
std::string systemd_unit(const Service& service);
std::string logrotate_rules(const Service& service);

// Whether the text is one that these functions made, of whatever version, and nobody changed since.
bool is_untouched(std::string_view text);

}  // namespace manage
