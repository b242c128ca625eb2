// What commonly goes wrong when somebody sets a variable: quotes that came along, blanks, an `export` that no shell took off, a # that
// cut a password. load() refuses the first thing that it cannot read; this finds them all, and those that it reads but that were
// hardly meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace config {

struct Slip {
    std::string variable = {};  // as it should be called: "MAIL_PORT"
    std::string origin = {};    // "environment MAIL_PORT", ".env:3"
    std::string reason;         // "must be a whole number ..."; never holds a secret
    std::string remedy;         // what to do
    bool refused = true;        // load() refuses it, or the setting does not get its value; else it may be meant
};

// The slips in variables whose name begins with `prefix`, or was meant to, in the environment and in the file of variables; those of
// the environment first. Reads that file; throws nothing but for want of memory.
std::vector<Slip> find_slips(std::string_view prefix, const Environment& environment, const std::string& dotenv_path = ".env");

}  // namespace config
