// The conversation: reads Lua from a terminal, runs it, shows its values or its error, and goes on.
#pragma once

#include "manage/shell/session.hpp"

namespace manage::shell {

// Until Ctrl-D or exit(); returns the exit code. Standard input and output are a terminal.
int run_prompt(lua_State* state, Session& session);

}  // namespace manage::shell
