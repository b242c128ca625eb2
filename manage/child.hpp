// Another program, run as a child of this one: without a shell, with its output line by line, and ended when this one is to end.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/function_ref.hpp"
#include "manage/signals.hpp"

namespace manage {

struct Child {
    std::vector<std::string> arguments;         // the program first, which is looked for in PATH
    std::filesystem::path folder;               // to run in
    std::vector<std::string> environment = {};  // all of it, as NAME=value; empty: that of this program
};

// Thrown when a signal that ends programs came meanwhile. The child was ended; the signal is still to do its work on this program.
struct Interrupted {};

// Runs it to its end, with nothing to read, and hands on what it writes to standard output or standard error, without line ends.
// Returns its exit code; 128 and the number of the signal that ended it, as shells do. It and what it started are a process group,
// which is asked to end when one of `held` comes or `on_line` throws, and killed if it does not within five seconds.
// Throws unavailable if there is no such program, with the Debian package of that name to install; Interrupted. `held` holds the
// ending signals for as long as the caller wants to tell about its end. For one thread of a program that has no other.
int run_child(const Child& child, const HeldSignals& held, app::base::FunctionRef<void(std::string_view)> on_line);

}  // namespace manage
