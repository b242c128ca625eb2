// The manual of `manage`, written from the table of commands, as its help is: docs/COMMANDS.md and manage(1).
#pragma once

#include <span>
#include <string>

#include "app/base/clock.hpp"
#include "manage/command.hpp"

namespace manage {

// A page of Markdown with every command, its options and examples.
std::string markdown(std::span<const Command> commands);

// The source of a manual page, for man(7) macros; `date` is when it was written.
std::string man_page(std::span<const Command> commands, app::base::Timestamp date);

}  // namespace manage
