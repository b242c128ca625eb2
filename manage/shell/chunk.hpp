// One piece of Lua, from its text to what it shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manage/shell/session.hpp"

namespace manage::shell {

// Whether `text` is right as far as it goes, but not at its end: "for i = 1, 3 do".
bool is_incomplete(lua_State* state, std::string_view text);

// Runs `text` and writes its values, if it is an expression (a leading `=` is allowed) or returns some, to standard output. `name` is
// what errors call it: "=stdin" for stdin:7. Throws invalid with the error of the script, unless that has called exit(); unavailable
// when nobody reads the output.
void run_chunk(lua_State* state, Session& session, std::string_view text, const std::string& name);

// Runs a file with these as its `arg` and `...`; what it returns is not shown. Throws likewise, also when the file cannot be read.
void run_file(lua_State* state, Session& session, const std::string& path, const std::vector<std::string>& arguments);

}  // namespace manage::shell
