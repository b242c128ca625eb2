// Ctrl-C while Lua runs: the script ends with an error, the prompt lives on.
#pragma once

#include <csignal>

#include "manage/shell/lua_state.hpp"

namespace manage::shell {

// As long as the object lives SIGINT does not end the program, but raises an error ("interrupted") in what the state runs, again and
// again if that catches it. A second SIGINT, while the first has not got through since something in C is at work, ends the program.
// One at a time.
class Interruptible {
   public:
    explicit Interruptible(lua_State* state);
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

   private:
    lua_State* state_;
    struct sigaction before_{};
};

}  // namespace manage::shell
