#include "manage/shell/completion.hpp"

#include <algorithm>
#include <set>

#include "manage/shell/keywords.hpp"
#include "manage/shell/values.hpp"

namespace manage::shell {

namespace {

constexpr int metatables_max = 8;  // one behind the other

bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Replaces the value at the top by its field, found without calling anything; nil if it has none like that.
void enter(lua_State* state, const std::string& name) {
    const int below = lua_gettop(state) - 1;
    for (int i = 0; i < metatables_max; ++i) {
        if (lua_istable(state, -1)) {
            push(state, name);
            if (lua_rawget(state, -2) != LUA_TNIL) return lua_remove(state, -2);
            lua_pop(state, 1);
        }
        if (luaL_getmetafield(state, -1, "__index") != LUA_TTABLE) break;
        lua_remove(state, -2);
    }
    lua_settop(state, below);
    lua_pushnil(state);
}

void add_keys(lua_State* state, std::set<std::string>& names, std::string_view prefix, bool methods_only) {
    lua_pushnil(state);
    while (lua_next(state, -2) != 0) {
        if (lua_type(state, -2) == LUA_TSTRING && (!methods_only || lua_isfunction(state, -1))) {
            std::string name = to_text(state, -2, "a name");
            if (name.starts_with(prefix) && std::ranges::all_of(name, is_name_letter)) names.insert(std::move(name));
        }
        lua_pop(state, 1);
    }
}

// Of the value at the top, which is taken off.
std::set<std::string> names_in(lua_State* state, std::string_view prefix, bool methods_only) {
    std::set<std::string> names;
    const int bottom = lua_gettop(state) - 1;
    if (luaL_getmetafield(state, -1, "__names") == LUA_TTABLE) {
        lua_pushnil(state);
        while (lua_next(state, -2) != 0) {  // the names, and whether they are methods
            std::string name = to_text(state, -2, "a name");
            if (name.starts_with(prefix) && (!methods_only || lua_toboolean(state, -1) != 0)) names.insert(std::move(name));
            lua_pop(state, 1);
        }
    }
    lua_settop(state, bottom + 1);
    for (int i = 0; i < metatables_max; ++i) {
        if (lua_istable(state, -1)) add_keys(state, names, prefix, methods_only);
        if (luaL_getmetafield(state, -1, "__index") != LUA_TTABLE) break;
        lua_remove(state, -2);
    }
    lua_settop(state, bottom);
    return names;
}

Completion find(lua_State* state, std::string_view line) {
    std::size_t begin = line.size();
    while (begin > 0 && (is_name_letter(line[begin - 1]) || line[begin - 1] == '.' || line[begin - 1] == ':')) --begin;
    const std::string_view path = line.substr(begin);
    const std::size_t last = path.find_last_of(".:");
    const std::string_view prefix = path.substr(last == std::string_view::npos ? 0 : last + 1);
    lua_pushglobaltable(state);
    std::size_t at = 0;
    while (last != std::string_view::npos && at <= last) {
        const std::size_t end = path.find_first_of(".:", at);
        enter(state, std::string(path.substr(at, end - at)));
        at = end + 1;
    }
    std::set<std::string> names = names_in(state, prefix, last != std::string_view::npos && path[last] == ':');
    if (last == std::string_view::npos && !prefix.empty()) {
        for (const std::string_view keyword : keywords) {
            if (keyword.starts_with(prefix)) names.emplace(keyword);
        }
    }
    return {prefix.size(), {names.begin(), names.end()}};
}

}  // namespace

Completion complete(lua_State* state, std::string_view line) {
    Completion completion;
    protect(state, [&](lua_State* lua) { completion = find(lua, line); });
    return completion;
}

}  // namespace manage::shell
