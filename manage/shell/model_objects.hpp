// The models as objects of Lua. What is assigned stays in the object until save(), which goes through the models' own functions:
// rules, Markdown, counts and versions are theirs. A row that somebody else changed meanwhile is not overwritten.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/models/comment.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/user.hpp"
#include "manage/shell/objects.hpp"
#include "manage/shell/session.hpp"

namespace manage::shell {

// Each has id 0 until it is saved, and again when it was deleted.
struct UserObject {
    app::models::User user;
    std::optional<std::string> password = {};  // to be set; never to be read
    std::optional<std::string> role = {};      // likewise
    bool confirm = false;
};

struct RoleObject {
    app::models::Role role;
};

struct PostObject {
    app::models::Post post;
    std::optional<std::string> body = {};  // assigned and not saved
};

struct CommentObject {
    app::models::Comment comment;
    std::optional<std::string> body = {};
    std::optional<bool> disabled = {};
};

template <>
struct ObjectType<UserObject> {
    static constexpr const char* name = "User";
    static std::span<const Field<UserObject>> fields();
    static std::span<const Method> methods();
};

template <>
struct ObjectType<RoleObject> {
    static constexpr const char* name = "Role";
    static std::span<const Field<RoleObject>> fields();
    static std::span<const Method> methods();
};

template <>
struct ObjectType<PostObject> {
    static constexpr const char* name = "Post";
    static std::span<const Field<PostObject>> fields();
    static std::span<const Method> methods();
};

template <>
struct ObjectType<CommentObject> {
    static constexpr const char* name = "Comment";
    static std::span<const Field<CommentObject>> fields();
    static std::span<const Method> methods();
};

// {limit=100, after=ID} at `index`, or nothing.
app::models::CursorRequest to_cursor(lua_State* state, int index, std::string_view function);

// The id of the account at `index`: a User that is stored, or a number.
std::int64_t to_user_id(lua_State* state, int index, std::string_view what);

// Pushes what is there, or nil.
template <class Object, class Found>
int push_found(lua_State* state, std::optional<Found> found) {
    if (found) {
        push_object(state, Object{*std::move(found)});
    } else {
        lua_pushnil(state);
    }
    return 1;
}

// The ID of a stored object, or an error that says it is not stored.
std::int64_t stored_id(std::int64_t id, std::string_view what);

void define_users(lua_State* state);     // User, Role
void define_posts(lua_State* state);     // Post
void define_comments(lua_State* state);  // Comment

}  // namespace manage::shell
