// C++ values as objects of Lua: `user.email`, `post.body = "..."`, `post:save()`. An ObjectType says as data which fields and methods
// there are; reading, assigning, printing, completion and errors ("a User has no field emial; did you mean email?") follow from it.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "manage/shell/values.hpp"

namespace manage::shell {

template <class Type>
struct Field {
    const char* name;
    void (*push)(lua_State*, const Type&);
    void (*assign)(lua_State*, Type&, int index) = nullptr;  // nullptr: it cannot be assigned
    bool is_shown = true;                                    // when the object is printed
};

struct Method {
    const char* name;
    lua_CFunction function;  // guarded
};

// To be specialised: `name`, `fields()`, `methods()`.
template <class Type>
struct ObjectType;

// The object at `index`; raises an error for anything else.
template <class Type>
Type& check_object(lua_State* state, int index) {
    return *static_cast<Type*>(luaL_checkudata(state, index, ObjectType<Type>::name));
}

// The same, or nullptr.
template <class Type>
Type* find_object(lua_State* state, int index) {
    return static_cast<Type*>(luaL_testudata(state, index, ObjectType<Type>::name));
}

// Pushes `value` as an object, which Lua's collector destroys. Its metatable is set before it is there, since from then on nothing
// may go wrong; moving it must not throw.
template <class Type>
void push_object(lua_State* state, Type value) {
    static_assert(std::is_nothrow_move_constructible_v<Type>);
    luaL_getmetatable(state, ObjectType<Type>::name);
    auto* place = static_cast<Type*>(lua_newuserdatauv(state, sizeof(Type), 0));
    lua_insert(state, -2);
    lua_setmetatable(state, -2);
    std::construct_at(place, std::move(value));
}

// Pushes a list of objects.
template <class Type, class Items>
void push_objects(lua_State* state, Items items) {
    lua_createtable(state, static_cast<int>(items.size()), 0);
    lua_Integer position = 0;
    for (auto& item : items) {
        push_object(state, Type{std::move(item)});
        lua_rawseti(state, -2, ++position);
    }
}

namespace detail {

template <class Type>
std::vector<std::string_view> names_of() {
    std::vector<std::string_view> names;
    for (const auto& field : ObjectType<Type>::fields()) names.push_back(field.name);
    for (const auto& method : ObjectType<Type>::methods()) names.push_back(method.name);
    return names;
}

template <class Type>
int index_object(lua_State* state) {
    const Type& object = check_object<Type>(state, 1);
    const std::string name = to_text(state, 2, "the name of a field");
    for (const auto& field : ObjectType<Type>::fields()) {
        if (name == field.name) return field.push(state, object), 1;
    }
    for (const auto& method : ObjectType<Type>::methods()) {
        if (name == method.name) return lua_pushcfunction(state, method.function), 1;
    }
    raise_unknown(std::string("a ") + ObjectType<Type>::name + " has no field", name, names_of<Type>());
}

template <class Type>
int assign_object(lua_State* state) {
    Type& object = check_object<Type>(state, 1);
    const std::string name = to_text(state, 2, "the name of a field");
    for (const auto& field : ObjectType<Type>::fields()) {
        if (name != field.name) continue;
        if (field.assign) return field.assign(state, object, 3), 0;
        throw app::base::Error(app::base::Code::invalid,
                               "the " + name + " of a " + ObjectType<Type>::name + " cannot be assigned");
    }
    raise_unknown(std::string("a ") + ObjectType<Type>::name + " has no field", name, names_of<Type>());
}

template <class Type>
int destroy_object(lua_State* state) {
    std::destroy_at(static_cast<Type*>(lua_touserdata(state, 1)));
    return 0;
}

}  // namespace detail

// Makes the type known to the state: once, before its first object.
template <class Type>
void define_object_type(lua_State* state) {
    luaL_newmetatable(state, ObjectType<Type>::name);
    lua_pushcfunction(state, guarded<detail::index_object<Type>>);
    lua_setfield(state, -2, "__index");
    lua_pushcfunction(state, guarded<detail::assign_object<Type>>);
    lua_setfield(state, -2, "__newindex");
    lua_pushcfunction(state, guarded<detail::destroy_object<Type>>);
    lua_setfield(state, -2, "__gc");
    lua_newtable(state);
    lua_Integer count = 0;
    for (const auto& field : ObjectType<Type>::fields()) {
        if (!field.is_shown) continue;
        push(state, field.name);
        lua_rawseti(state, -2, ++count);
    }
    lua_setfield(state, -2, "__fields");
    lua_newtable(state);  // for completion
    for (const std::string_view name : detail::names_of<Type>()) {
        push(state, name);
        const bool is_method =
            std::ranges::any_of(ObjectType<Type>::methods(), [&](const Method& method) { return name == method.name; });
        push(state, is_method);
        lua_rawset(state, -3);
    }
    lua_setfield(state, -2, "__names");
    push(state, ObjectType<Type>::name);
    lua_setfield(state, -2, "__metatable");  // which scripts see instead: __gc is not for them to call
    lua_pop(state, 1);
}

// Defines a global table of functions, as `User` with `User.find`.
void define_functions(lua_State* state, const char* name, std::span<const Method> functions);

// Takes the table itself from the arguments of a function that was called as User:find{...} instead of User.find{...}.
void drop_class(lua_State* state, const char* name);

}  // namespace manage::shell
