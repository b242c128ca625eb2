// How the prompt shows values: strings quoted, tables written as one would type them, with an end even if they have none.
#pragma once

#include <string>

#include "manage/shell/lua_state.hpp"

namespace manage::shell {

struct PrintLimits {
    int depth_max = 6;          // tables in tables
    int items_max = 50;         // of one table
    int text_bytes_max = 2000;  // of one string
    int width = 100;            // what fits is one line
};

// The value at `index`. A table within itself is "<cycle>", what the limits leave out is told by "...". Control characters and bytes
// that are not UTF-8 are escaped, so that nothing a user wrote can play with the terminal. A metatable may say how its values look:
// by `__show`, a value that is shown instead or a function that returns the text, or by `__fields`, names. Raises what these raise.
std::string show(lua_State* state, int index, const PrintLimits& limits = {});

}  // namespace manage::shell
