// What may follow what was typed: globals, fields and methods, keywords.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manage/shell/lua_state.hpp"

namespace manage::shell {

struct Completion {
    std::size_t word_bytes = 0;      // of the end of the line, that the words begin with
    std::vector<std::string> words;  // sorted
};

// For the line up to the cursor. Calls no function and no metamethod, so that asking changes nothing: `User.find{id=1}.` has no answer,
// a variable that holds a User has. Never throws for what the line says.
Completion complete(lua_State* state, std::string_view line);

}  // namespace manage::shell
