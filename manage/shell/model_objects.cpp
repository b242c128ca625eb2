#include "manage/shell/model_objects.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;

constexpr int limit_otherwise = 100;
constexpr int limit_max = 100'000;

}  // namespace

app::models::CursorRequest to_cursor(lua_State* state, int index, std::string_view function) {
    app::models::CursorRequest request{.after = {}, .limit = limit_otherwise};
    if (!check_fields(state, index, function, {"limit", "after", "newest"}, true)) return request;
    if (push_field(state, index, "limit")) {
        const std::int64_t limit = to_integer(state, -1, "the limit");
        if (limit < 1 || limit > limit_max) throw Error(Code::invalid, "a limit is 1 to " + std::to_string(limit_max));
        request.limit = static_cast<int>(limit);
    }
    if (push_field(state, index, "after")) request.after = to_integer(state, -1, "after, an id,");
    return request;
}

std::int64_t to_user_id(lua_State* state, int index, std::string_view what) {
    if (const auto* object = find_object<UserObject>(state, index)) return stored_id(object->user.id, "User");
    if (lua_type(state, index) != LUA_TNUMBER) {
        throw Error(Code::invalid, std::string(what) + " is a User or an id, not a " + luaL_typename(state, index));
    }
    return to_integer(state, index, what);
}

std::int64_t stored_id(std::int64_t id, std::string_view what) {
    if (id != 0) return id;
    throw Error(Code::invalid, "this " + std::string(what) + " is not stored: it is new, or was deleted");
}

void define_models(lua_State* state) {
    define_users(state);
    define_posts(state);
    define_comments(state);
}

}  // namespace manage::shell
