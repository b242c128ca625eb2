#include <algorithm>

#include "app/base/secret.hpp"
#include "app/models/follow.hpp"
#include "manage/shell/model_objects.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::db::Connection;
using app::models::User;

int find_user(lua_State* state) {
    drop_class(state, "User");
    check_fields(state, 1, "User.find", {"email", "id", "username"});
    auto& database = session_of(state).database();
    if (push_field(state, 1, "email")) {
        const std::string email = to_text(state, -1, "the e-mail address");
        return push_found<UserObject>(state,
                                      database.read([&](Connection& c) { return app::models::find_user_by_email(c, email); }));
    }
    if (push_field(state, 1, "username")) {
        const std::string name = to_text(state, -1, "the username");
        return push_found<UserObject>(state,
                                      database.read([&](Connection& c) { return app::models::find_user_by_username(c, name); }));
    }
    if (!push_field(state, 1, "id")) throw Error(Code::invalid, "User.find takes one of email, id and username");
    const std::int64_t id = to_integer(state, -1, "the id");
    return push_found<UserObject>(state, database.read([&](Connection& c) { return app::models::find_user(c, id); }));
}

int list_users(lua_State* state) {
    drop_class(state, "User");
    const auto request = to_cursor(state, 1, "User.all");
    push_objects<UserObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::list_users_after(c, request); }));
    return 1;
}

int make_user(lua_State* state) {
    drop_class(state, "User");
    check_fields(state, 1, "User.new", {"email", "username", "password", "role", "confirmed"});
    UserObject made;
    made.user.confirmed = true;  // as `manage user add` has it
    if (push_field(state, 1, "email")) made.user.email = to_text(state, -1, "the e-mail address");
    if (push_field(state, 1, "username")) made.user.username = to_text(state, -1, "the username");
    if (push_field(state, 1, "password")) made.password = to_text(state, -1, "the password");
    if (push_field(state, 1, "role")) made.role = to_text(state, -1, "the role");
    if (push_field(state, 1, "confirmed")) made.user.confirmed = to_boolean(state, -1, "confirmed");
    push_object(state, std::move(made));
    return 1;
}

User add(Session& session, const UserObject& object) {
    if (!object.password) throw Error(Code::invalid, "a new User needs a password");
    const app::models::NewUser wanted{.email = object.user.email,
                                      .username = object.user.username,
                                      .password_hash = session.app.services().passwords.hash(*object.password),
                                      .role = object.role,
                                      .confirmed = object.user.confirmed};
    const std::string& admin_email = session.loaded.config.admin.email;
    return session.database().write([&](Connection& c) { return app::models::add_user(c, wanted, admin_email); });
}

User change(Session& session, const UserObject& object) {
    std::optional<std::string> hash;
    if (object.password) hash = session.app.services().passwords.hash(*object.password);
    return session.database().write([&](Connection& c) {
        if (hash) app::models::change_password(c, object.user.id, *hash);
        if (object.role) app::models::change_role(c, object.user.id, *object.role);
        if (object.confirm) app::models::confirm_user(c, object.user.id);
        return app::models::get_user(c, object.user.id);
    });
}

int save_user(lua_State* state) {
    auto& object = check_object<UserObject>(state, 1);
    Session& session = session_of(state);
    object = UserObject{object.user.id == 0 ? add(session, object) : change(session, object)};
    lua_settop(state, 1);
    return 1;
}

int reload_user(lua_State* state) {
    auto& object = check_object<UserObject>(state, 1);
    const std::int64_t id = stored_id(object.user.id, "User");
    object = UserObject{session_of(state).database().read([&](Connection& c) { return app::models::get_user(c, id); })};
    lua_settop(state, 1);
    return 1;
}

int refuse_delete(lua_State*) {
    throw Error(Code::invalid, "an account cannot be deleted: its posts and comments are by somebody");
}

// Part of a list of whoever is the first argument, or has that id; `whose` says what that is.
template <class Object, class List>
int push_list(lua_State* state, List list, std::string_view whose, std::string_view function) {
    const std::int64_t id = to_user_id(state, 1, whose);
    const auto request = to_cursor(state, 2, function);
    push_objects<Object>(state, session_of(state).database().read([&](Connection& c) { return list(c, id, request); }).items);
    return 1;
}

int posts(lua_State* state) {
    return push_list<PostObject>(state, app::models::list_posts_of_author_after, "whose posts", "posts");
}

int timeline(lua_State* state) {
    return push_list<PostObject>(state, app::models::list_timeline_after, "whose timeline", "timeline");
}

int followers(lua_State* state) {
    return push_list<UserObject>(state, app::models::list_followers_after, "whose followers", "followers");
}

int following(lua_State* state) {
    return push_list<UserObject>(state, app::models::list_following_after, "who follows", "following");
}

int follow(lua_State* state) {
    const std::int64_t follower = to_user_id(state, 1, "who follows");
    const std::int64_t followed = to_user_id(state, 2, "who is followed");
    push(state, session_of(state).database().write([&](Connection& c) { return app::models::follow(c, follower, followed); }));
    return 1;
}

int unfollow(lua_State* state) {
    const std::int64_t follower = to_user_id(state, 1, "who follows");
    const std::int64_t followed = to_user_id(state, 2, "who is followed");
    push(state, session_of(state).database().write([&](Connection& c) { return app::models::unfollow(c, follower, followed); }));
    return 1;
}

int is_following(lua_State* state) {
    const std::int64_t follower = to_user_id(state, 1, "who follows");
    const std::int64_t followed = to_user_id(state, 2, "who is followed");
    push(state,
         session_of(state).database().read([&](Connection& c) { return app::models::is_following(c, follower, followed); }));
    return 1;
}

std::vector<app::models::Role> list_roles(lua_State* state) { return session_of(state).database().read(app::models::list_roles); }

int role(lua_State* state) {
    const auto& object = check_object<UserObject>(state, 1);
    const std::string name = object.role.value_or(object.user.role_name);
    return push_found<RoleObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_role(c, name); }));
}

int all_roles(lua_State* state) {
    push_objects<RoleObject>(state, list_roles(state));
    return 1;
}

int find_role(lua_State* state) {
    drop_class(state, "Role");
    check_fields(state, 1, "Role.find", {"name", "id"});
    std::vector<app::models::Role> roles = list_roles(state);
    const bool by_name = push_field(state, 1, "name");
    if (!by_name && !push_field(state, 1, "id")) throw Error(Code::invalid, "Role.find takes one of name and id");
    const std::string name = by_name ? to_text(state, -1, "the name") : "";
    const std::int64_t id = by_name ? 0 : to_integer(state, -1, "the id");
    const auto found = std::ranges::find_if(roles, [&](const auto& role) { return by_name ? role.name == name : role.id == id; });
    return push_found<RoleObject>(state, found == roles.end() ? std::nullopt : std::optional(*found));
}

void assign_password(lua_State* state, UserObject& object, int index) { object.password = to_text(state, index, "the password"); }

void assign_role(lua_State* state, UserObject& object, int index) {
    const auto* role = find_object<RoleObject>(state, index);
    object.role = role ? role->role.name : to_text(state, index, "the role");
}

void assign_confirmed(lua_State* state, UserObject& object, int index) {
    const bool confirmed = to_boolean(state, index, "confirmed");
    if (object.user.id != 0 && object.user.confirmed && !confirmed) {
        throw Error(Code::invalid, "an account that was confirmed stays so");
    }
    object.confirm = confirmed;
    object.user.confirmed = confirmed;
}

void assign_name(lua_State* state, UserObject& object, std::string& name, int index, std::string_view what) {
    if (object.user.id != 0) throw Error(Code::invalid, std::string(what) + " of an account stays as it is");
    name = to_text(state, index, what);
}

constexpr Field<UserObject> user_fields[] = {
    {"id", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.id); }},
    {"email", [](lua_State* state, const UserObject& o) { push(state, o.user.email); },
     [](lua_State* state, UserObject& o, int index) { assign_name(state, o, o.user.email, index, "the e-mail address"); }},
    {"username", [](lua_State* state, const UserObject& o) { push(state, o.user.username); },
     [](lua_State* state, UserObject& o, int index) { assign_name(state, o, o.user.username, index, "the username"); }},
    {"role_name", [](lua_State* state, const UserObject& o) { push(state, o.role.value_or(o.user.role_name)); }, assign_role},
    {"confirmed", [](lua_State* state, const UserObject& o) { push(state, o.user.confirmed); }, assign_confirmed},
    {"password", [](lua_State* state, const UserObject&) { lua_pushnil(state); }, assign_password, false},
    {"permissions", [](lua_State* state, const UserObject& o) { push(state, o.user.permissions); }, nullptr, false},
    {"member_since", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.member_since); }},
    {"last_seen", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.last_seen); }},
    {"post_count", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.post_count); }},
    {"follower_count", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.follower_count); }},
    {"following_count", [](lua_State* state, const UserObject& o) { push_if(state, o.user.id != 0, o.user.following_count); }},
    {"version", [](lua_State* state, const UserObject& o) { push(state, o.user.version); }, nullptr, false},
};

constexpr Method user_methods[] = {
    {"save", guarded<save_user>},
    {"reload", guarded<reload_user>},
    {"delete", guarded<refuse_delete>},
    {"role", guarded<role>},
    {"posts", guarded<posts>},
    {"timeline", guarded<timeline>},
    {"followers", guarded<followers>},
    {"following", guarded<following>},
    {"follow", guarded<follow>},
    {"unfollow", guarded<unfollow>},
    {"is_following", guarded<is_following>},
};

constexpr Field<RoleObject> role_fields[] = {
    {"id", [](lua_State* state, const RoleObject& o) { push(state, o.role.id); }},
    {"name", [](lua_State* state, const RoleObject& o) { push(state, o.role.name); }},
    {"permissions", [](lua_State* state, const RoleObject& o) { push(state, o.role.permissions); }},
    {"is_default", [](lua_State* state, const RoleObject& o) { push(state, o.role.is_default); }},
};

}  // namespace

std::span<const Field<UserObject>> ObjectType<UserObject>::fields() { return user_fields; }
std::span<const Method> ObjectType<UserObject>::methods() { return user_methods; }
std::span<const Field<RoleObject>> ObjectType<RoleObject>::fields() { return role_fields; }
std::span<const Method> ObjectType<RoleObject>::methods() { return {}; }

void define_users(lua_State* state) {
    static constexpr Method users[] = {{"find", guarded<find_user>}, {"all", guarded<list_users>}, {"new", guarded<make_user>}};
    static constexpr Method roles[] = {{"find", guarded<find_role>}, {"all", guarded<all_roles>}};
    define_object_type<UserObject>(state);
    define_object_type<RoleObject>(state);
    define_functions(state, "User", users);
    define_functions(state, "Role", roles);
}

}  // namespace manage::shell
