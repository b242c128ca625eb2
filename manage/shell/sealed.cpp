#include "manage/shell/sealed.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "app/base/error.hpp"
#include "manage/shell/values.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

int refuse_assignment(lua_State* state) {
    throw Error(Code::invalid, to_text(state, lua_upvalueindex(1), "a name") + " is read-only here");
}

int refuse_unknown(lua_State* state) {
    const std::string what = to_text(state, lua_upvalueindex(1), "a name");
    const std::string wanted = to_text(state, 2, "a name");
    std::vector<std::string> names;
    lua_pushnil(state);
    while (lua_next(state, lua_upvalueindex(2)) != 0) {
        names.push_back(to_text(state, -2, "a name"));
        lua_pop(state, 1);
    }
    std::ranges::sort(names);
    raise_unknown(what + " has no", wanted, {names.begin(), names.end()});
}

int next_pair(lua_State* state) {
    lua_getglobal(state, "next");
    lua_pushvalue(state, lua_upvalueindex(1));
    lua_pushnil(state);
    return 3;
}

}  // namespace

void seal(lua_State* state, const std::string& name) {
    const int table = lua_gettop(state);
    lua_newtable(state);  // what is handed out
    lua_newtable(state);  // its metatable
    lua_newtable(state);
    push(state, name);
    lua_pushvalue(state, table);
    lua_pushcclosure(state, guarded<refuse_unknown>, 2);
    lua_setfield(state, -2, "__index");
    lua_setmetatable(state, table);  // what is not in the table is asked for here
    lua_pushvalue(state, table);
    lua_setfield(state, -2, "__index");
    lua_pushvalue(state, table);
    lua_setfield(state, -2, "__show");
    push(state, name);
    lua_pushcclosure(state, guarded<refuse_assignment>, 1);
    lua_setfield(state, -2, "__newindex");
    lua_pushvalue(state, table);
    lua_pushcclosure(state, guarded<next_pair>, 1);
    lua_setfield(state, -2, "__pairs");
    lua_setmetatable(state, -2);
    lua_remove(state, table);
}

}  // namespace manage::shell
