// From argv to a command: the table of commands is made into a CLI11 parser, which also writes the help. What somebody misspelt is
// answered in one line with what they probably meant.
#pragma once

#include <span>
#include <string>

#include "manage/command.hpp"

namespace manage {

struct Parsed {
    const Command* command = nullptr;  // of the table; nullptr: nothing is to be done but to print `text`
    Invocation::Values values;
    std::vector<std::string> passed_on = {};  // what followed `--`
    std::string text = {};                    // for --help and --version; for a missing command the help as well
    int exit_code = 0;                        // to end with after `text`: 2 for a missing command
};

// Throws UsageError. The commands outlive what is returned.
Parsed parse(std::span<const Command> commands, int argc, const char* const* argv);

// The options that every command takes besides its own: --config.
const Option& config_option();

}  // namespace manage
