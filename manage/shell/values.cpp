#include "manage/shell/values.hpp"

#include <algorithm>
#include <cmath>

#include "app/base/error.hpp"
#include "app/base/nearest.hpp"
#include "app/base/text.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Value;

constexpr int depth_max = 64;

[[noreturn]] void refuse(std::string message) { throw Error(Code::invalid, std::move(message)); }

std::string type_at(lua_State* state, int index) { return luaL_typename(state, index); }

Value to_value(lua_State* state, int index, int depth);

constexpr const char* mixed = "a table is a list (1 to n) or has names, to be JSON: this one mixes them";

Value to_list(lua_State* state, int index, lua_Unsigned size, int depth) {
    lua_Unsigned count = 0;
    lua_pushnil(state);
    for (; lua_next(state, index) != 0; ++count) lua_pop(state, 1);
    if (count != size) refuse(mixed);
    Value::List list;
    for (lua_Unsigned i = 1; i <= size; ++i) {
        lua_rawgeti(state, index, static_cast<lua_Integer>(i));
        list.push_back(to_value(state, lua_gettop(state), depth + 1));
        lua_pop(state, 1);
    }
    return list;
}

Value to_object(lua_State* state, int index, int depth) {
    Value::Object object;
    lua_pushnil(state);
    while (lua_next(state, index) != 0) {
        if (lua_type(state, -2) != LUA_TSTRING) refuse(mixed);
        std::size_t size = 0;
        const char* name = lua_tolstring(state, -2, &size);
        object.emplace(std::string(name, size), to_value(state, lua_gettop(state), depth + 1));
        lua_pop(state, 1);
    }
    return object;
}

Value to_value(lua_State* state, int index, int depth) {
    if (depth > depth_max) refuse("a table that contains itself, or is too deep, is no JSON");
    luaL_checkstack(state, 4, "too deep");
    switch (lua_type(state, index)) {
        case LUA_TNIL: return nullptr;
        case LUA_TBOOLEAN: return lua_toboolean(state, index) != 0;
        case LUA_TNUMBER:
            if (lua_isinteger(state, index)) return std::int64_t{lua_tointeger(state, index)};
            if (!std::isfinite(lua_tonumber(state, index))) refuse("JSON has no infinite numbers and no nan");
            return lua_tonumber(state, index);
        case LUA_TSTRING: {
            std::string text = to_text(state, index, "a text");
            if (!app::base::is_utf8(text)) refuse("a text that is not UTF-8 is no JSON");
            return text;
        }
        case LUA_TTABLE: {
            const lua_Unsigned size = lua_rawlen(state, index);
            return size > 0 ? to_list(state, index, size, depth) : to_object(state, index, depth);
        }
        default: refuse("a " + type_at(state, index) + " is no JSON");
    }
}

}  // namespace

void push(lua_State* state, std::string_view text) { lua_pushlstring(state, text.data(), text.size()); }

void push(lua_State* state, app::base::Timestamp time) { push(state, app::base::rfc3339(time)); }

void push_json(lua_State* state, const Value& value) {
    luaL_checkstack(state, 4, "too deep");
    if (const auto* boolean = value.boolean()) return push(state, *boolean);
    if (const auto* integer = value.integer()) return push(state, *integer);
    if (const auto* real = value.real()) return lua_pushnumber(state, *real);
    if (const auto* text = value.string()) return push(state, *text);
    if (const auto* list = value.list()) {
        lua_createtable(state, static_cast<int>(std::min<std::size_t>(list->size(), 1 << 20)), 0);
        lua_Integer position = 0;
        for (const Value& item : *list) {
            push_json(state, item);
            lua_rawseti(state, -2, ++position);
        }
        return;
    }
    if (const auto* object = value.object()) {
        lua_newtable(state);
        for (const auto& [name, member] : *object) {
            push(state, name);
            push_json(state, member);
            lua_rawset(state, -3);
        }
        return;
    }
    lua_pushnil(state);
}

Value to_json_value(lua_State* state, int index) { return to_value(state, lua_absindex(state, index), 0); }

std::string to_text(lua_State* state, int index, std::string_view what) {
    if (lua_type(state, index) != LUA_TSTRING) refuse(std::string(what) + " is text, not a " + type_at(state, index));
    std::size_t size = 0;
    const char* text = lua_tolstring(state, index, &size);
    return {text, size};
}

std::int64_t to_integer(lua_State* state, int index, std::string_view what) {
    int is_integer = 0;
    const lua_Integer number = lua_type(state, index) == LUA_TNUMBER ? lua_tointegerx(state, index, &is_integer) : 0;
    if (is_integer == 0) refuse(std::string(what) + " is an integer, not a " + type_at(state, index));
    return number;
}

bool to_boolean(lua_State* state, int index, std::string_view what) {
    if (!lua_isboolean(state, index)) refuse(std::string(what) + " is true or false, not a " + type_at(state, index));
    return lua_toboolean(state, index) != 0;
}

bool check_fields(lua_State* state, int index, std::string_view function, std::initializer_list<std::string_view> known,
                  bool may_be_missing) {
    if (lua_isnoneornil(state, index) && may_be_missing) return false;
    if (!lua_istable(state, index)) {
        refuse(std::string(function) + " takes a table, " + std::string(function) + "{...}, not a " + type_at(state, index));
    }
    const int table = lua_absindex(state, index);
    lua_pushnil(state);
    while (lua_next(state, table) != 0) {
        lua_pop(state, 1);
        if (lua_type(state, -1) != LUA_TSTRING)
            refuse(std::string(function) + " takes names in its table: {" + std::string(*known.begin()) + "=...}");
        const std::string name = to_text(state, -1, "a name");
        if (std::ranges::find(known, name) != known.end()) continue;
        raise_unknown(std::string(function) + " takes no", name, known);
    }
    return true;
}

bool push_field(lua_State* state, int index, const char* name) {
    if (lua_getfield(state, index, name) != LUA_TNIL) return true;
    lua_pop(state, 1);
    return false;
}

void raise_unknown(const std::string& what, std::string_view name, const std::vector<std::string_view>& known) {
    const std::string_view near = app::base::nearest(name, known);
    refuse(what + " " + std::string(name) +
           (near.empty() ? "; there are: " + app::base::join(known) : "; did you mean " + std::string(near) + "?"));
}

}  // namespace manage::shell
