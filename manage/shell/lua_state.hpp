// A Lua state, and the one way in which C++ and Lua call each other: the home of Lua's headers is this room.
//
// Debian has Lua as a C library, whose errors jump (longjmp) over the destructors on their way, and as a C++ library
// (liblua5.4-c++), whose errors are exceptions. Dewar links the second: a Lua error in a C++ function unwinds it as any exception
// does. The other way round an exception of C++ must not reach Lua, which would take it for one of its own and lose what it says:
// so every function that Lua calls is registered as guarded<function>. Its headers are named one by one, for lua.hpp would
// declare its functions extern "C", as only Debian 12 builds them.
#pragma once

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "app/base/function_ref.hpp"

namespace manage::shell {

struct CloseState {
    void operator()(lua_State* state) const noexcept { lua_close(state); }
};
using StatePointer = std::unique_ptr<lua_State, CloseState>;

// A state with Lua's standard libraries. Throws unavailable when there is no memory for it.
StatePointer new_state();

// Pushes the error as Lua's own are, a text that begins with the place in the script: "script.lua:7: no account ...". What is meant
// for the operator is said too: that is who sits here.
void push_error(lua_State* state, const std::exception& error);

// `Body` as a lua_CFunction: what it throws becomes an error of Lua, which the script may catch with pcall.
template <int (*Body)(lua_State*)>
int guarded(lua_State* state) {
    try {
        return Body(state);
    } catch (const std::exception& error) {
        push_error(state, error);
    }
    return lua_error(state);
}

// Runs fn(state), in which errors of Lua may be raised, and throws those as base::Error(invalid). The stack is as before then. For
// C++ that is not itself called by Lua.
void protect(lua_State* state, app::base::FunctionRef<void(lua_State*)> fn);

// Calls the function below the topmost `arguments` values as lua_pcall does, with any number of results. Throws its error as
// base::Error(invalid), of one line.
void call(lua_State* state, int arguments);

// Compiles and pushes what is to be called. `name` is what errors call it: "=stdin", "@script.lua". Throws invalid with Lua's words.
void load(lua_State* state, std::string_view text, const std::string& name);

}  // namespace manage::shell
