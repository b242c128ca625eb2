#include "manage/shell/objects.hpp"

namespace manage::shell {

void define_functions(lua_State* state, const char* name, std::span<const Method> functions) {
    lua_createtable(state, 0, static_cast<int>(functions.size()));
    for (const Method& function : functions) {
        lua_pushcfunction(state, function.function);
        lua_setfield(state, -2, function.name);
    }
    lua_setglobal(state, name);
}

void drop_class(lua_State* state, const char* name) {
    lua_getglobal(state, name);
    const bool is_class = lua_rawequal(state, 1, -1) != 0;
    lua_pop(state, 1);
    if (is_class) lua_remove(state, 1);
}

}  // namespace manage::shell
