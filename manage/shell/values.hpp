// Values between Lua and C++. A 64-bit integer is a Lua integer, nothing and NULL are nil, a text keeps its bytes whatever they are,
// and a time is text as people read it (RFC 3339).
//
// These functions are for code that Lua calls, or that protect() runs: what does not fit raises an error of Lua.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/web/value.hpp"
#include "manage/shell/lua_state.hpp"

namespace manage::shell {

void push(lua_State* state, std::string_view text);
inline void push(lua_State* state, const std::string& text) { push(state, std::string_view(text)); }
inline void push(lua_State* state, const char* text) { push(state, std::string_view(text)); }
inline void push(lua_State* state, std::int64_t number) { lua_pushinteger(state, number); }
inline void push(lua_State* state, bool flag) { lua_pushboolean(state, flag ? 1 : 0); }
void push(lua_State* state, app::base::Timestamp time);

// The value, or nil if there is none yet.
template <class Type>
void push_if(lua_State* state, bool is_there, const Type& value) {
    is_there ? push(state, value) : lua_pushnil(state);
}

// Sets a field of the table at the top.
template <class Type>
void set_field(lua_State* state, const char* name, const Type& value) {
    push(state, value);
    lua_setfield(state, -2, name);
}

// A JSON document: its lists and objects are tables, its null is nil, so that a list may have holes and an object lacks the member.
void push_json(lua_State* state, const app::web::Value& value);

// The other way round: a table with the keys 1 to n is a list, one with names an object; the empty table is an object. Raises an
// error for a function and its like, for a number that JSON has not, and for tables that contain themselves.
app::web::Value to_json_value(lua_State* state, int index);

// The text at `index`, which `what` names in the error ("the body of a post"): numbers are no texts.
std::string to_text(lua_State* state, int index, std::string_view what);
std::int64_t to_integer(lua_State* state, int index, std::string_view what);
bool to_boolean(lua_State* state, int index, std::string_view what);

// Raises an error when the value at `index` is neither a table nor, if that is allowed, nothing; and when the table has a field of
// another name: "User.new takes no emial; did you mean email?". Whether there is a table.
bool check_fields(lua_State* state, int index, std::string_view function, std::initializer_list<std::string_view> known,
                  bool may_be_missing = false);

// Pushes the field of the table at `index`; false, and nothing is pushed, when it is nil.
bool push_field(lua_State* state, int index, const char* name);

// Raises "WHAT NAME; did you mean NEAREST?", as in "a User has no field emial; did you mean email?", or tells what there is.
[[noreturn]] void raise_unknown(const std::string& what, std::string_view name, const std::vector<std::string_view>& known);

}  // namespace manage::shell
