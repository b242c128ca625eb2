// Tables that can be read and shown, but not changed: the settings are what they are.
#pragma once

#include <string>

#include "manage/shell/lua_state.hpp"

namespace manage::shell {

// Puts in place of the table at the top one that shows the same. To assign to it, or to ask for what is not in it, is an error that
// calls it `name`; pairs() goes through it, completion finds what it holds.
void seal(lua_State* state, const std::string& name);

}  // namespace manage::shell
