// The terminal, and the descriptors that may be one: writing that notices when it fails, colour, and passwords that nobody sees.
#pragma once

#include <string>
#include <string_view>

namespace manage {

// Writes everything. Throws unavailable with the system's reason: a full disk, a pipe that nobody reads (SIGPIPE is ignored).
void write_all(int descriptor, std::string_view text);

// The text without what could command a terminal: control characters but tab and line end, C1 included, become "?". For what others
// wrote.
std::string harmless(std::string_view text);

enum class Colour { red = 31, green = 32, yellow = 33 };

// The text in that colour if the descriptor is a terminal that shows colours and NO_COLOR (no-color.org) is not set; else as it is.
std::string coloured(int descriptor, std::string_view text, Colour colour);

// "warning: TEXT", a line on standard error. Throws what write_all throws.
void warn(const std::string& text);

// Whether there is somebody who can be asked: standard input and standard error are a terminal.
bool can_ask();

// Asks for a new password twice on the terminal, without showing it. Throws invalid when the two differ or the input ends. Ctrl-C
// and the other signals that end a program do so, but with the terminal as it was.
std::string ask_password(std::string_view prompt);

// Asks on the terminal; true for y or yes.
bool ask_yes(std::string_view question);

// The one line that standard input holds, without its end. Throws invalid when there are more lines.
std::string read_password();

}  // namespace manage
