#include "manage/shell/chunk.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/shell/printing.hpp"
#include "manage/shell/values.hpp"
#include "manage/terminal.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

// Pushes the chunk if it is an expression, else the error: the `return` before it moves no line.
bool load_expression(lua_State* state, std::string_view text, const std::string& name) {
    text = app::base::trim(text);
    if (text.starts_with('=')) text.remove_prefix(1);
    const std::string expression = "return " + std::string(text);
    return luaL_loadbufferx(state, expression.data(), expression.size(), name.c_str(), "t") == LUA_OK;
}

// Runs fn as protect does; what Lua's own print has written is on its way before anything else is said.
template <class Fn>
void run_to_its_end(lua_State* state, Session& session, Fn fn) {
    try {
        protect(state, fn);
    } catch (const Error&) {
        std::fflush(stdout);
        if (!session.exit_code) throw;
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        throw Error(Code::unavailable, "cannot write to standard output: " + app::base::system_message(errno));
    }
}

}  // namespace

bool is_incomplete(lua_State* state, std::string_view text) {
    const int top = lua_gettop(state);
    bool incomplete = false;
    if (!load_expression(state, text, "=prompt") &&
        luaL_loadbufferx(state, text.data(), text.size(), "=prompt", "t") == LUA_ERRSYNTAX) {
        incomplete = std::string_view(lua_tostring(state, -1)).ends_with("<eof>");
    }
    lua_settop(state, top);
    return incomplete;
}

void run_chunk(lua_State* state, Session& session, std::string_view text, const std::string& name) {
    std::string shown;
    run_to_its_end(state, session, [&](lua_State* lua) {
        if (!load_expression(lua, text, name)) {
            lua_pop(lua, 1);
            load(lua, text, name);
        }
        lua_call(lua, 0, LUA_MULTRET);
        for (int i = 1; i <= lua_gettop(lua); ++i) shown += show(lua, i) + "\n";
    });
    write_all(STDOUT_FILENO, shown);
}

void run_file(lua_State* state, Session& session, const std::string& path, const std::vector<std::string>& arguments) {
    run_to_its_end(state, session, [&](lua_State* lua) {
        lua_createtable(lua, static_cast<int>(arguments.size()), 1);
        push(lua, path);
        lua_rawseti(lua, -2, 0);
        lua_Integer position = 0;
        for (const std::string& argument : arguments) {
            push(lua, argument);
            lua_rawseti(lua, -2, ++position);
        }
        lua_setglobal(lua, "arg");
        if (luaL_loadfilex(lua, path.c_str(), "t") != LUA_OK) lua_error(lua);
        luaL_checkstack(lua, static_cast<int>(arguments.size()), "too many arguments");
        for (const std::string& argument : arguments) push(lua, argument);
        lua_call(lua, static_cast<int>(arguments.size()), 0);
    });
}

}  // namespace manage::shell
