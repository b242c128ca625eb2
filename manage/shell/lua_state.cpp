#include "manage/shell/lua_state.hpp"

#include <algorithm>

#include "app/base/error.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

// What is below an error is gone when lua_pcall returns: here it can still be turned into text, by a __tostring too.
int to_message(lua_State* state) {
    luaL_tolstring(state, 1, nullptr);
    return 1;
}

// Takes the error from the top of the stack.
Error taken_error(lua_State* state) {
    std::size_t size = 0;
    const char* text = lua_type(state, -1) == LUA_TSTRING ? lua_tolstring(state, -1, &size) : nullptr;
    Error error(Code::invalid, text ? one_line({text, size}) : "an error that cannot be told");
    lua_pop(state, 1);
    return error;
}

int run_protected(lua_State* state) {
    auto* fn = static_cast<app::base::FunctionRef<void(lua_State*)>*>(lua_touserdata(state, 1));
    lua_settop(state, 0);
    (*fn)(state);
    return 0;
}

}  // namespace

StatePointer new_state() {
    StatePointer state(luaL_newstate());
    if (!state) throw Error(Code::unavailable, "there is no memory for a Lua state");
    protect(state.get(), [](lua_State* lua) { luaL_openlibs(lua); });
    return state;
}

void push_error(lua_State* state, const std::exception& error) {
    std::string text = error.what();
    if (const auto* ours = dynamic_cast<const Error*>(&error)) {
        text = ours->message();
        if (ours->code() == Code::internal && !ours->detail().empty()) text += ": " + ours->detail();
    }
    luaL_where(state, 1);
    lua_pushlstring(state, text.data(), text.size());
    lua_concat(state, 2);
}

void protect(lua_State* state, app::base::FunctionRef<void(lua_State*)> fn) {
    lua_pushcfunction(state, guarded<run_protected>);
    lua_pushlightuserdata(state, &fn);
    call(state, 1);
}

void call(lua_State* state, int arguments) {
    const int function = lua_gettop(state) - arguments;
    lua_pushcfunction(state, guarded<to_message>);
    lua_insert(state, function);
    const int status = lua_pcall(state, arguments, LUA_MULTRET, function);
    lua_remove(state, function);
    if (status != LUA_OK) throw taken_error(state);
}

void load(lua_State* state, std::string_view text, const std::string& name) {
    if (luaL_loadbufferx(state, text.data(), text.size(), name.c_str(), "t") != LUA_OK) throw taken_error(state);
}

}  // namespace manage::shell
