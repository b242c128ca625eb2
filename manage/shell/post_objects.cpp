#include "manage/shell/model_objects.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::db::Connection;
using app::models::Post;
using app::models::PostBody;

int find_post(lua_State* state) {
    drop_class(state, "Post");
    check_fields(state, 1, "Post.find", {"id"});
    if (!push_field(state, 1, "id")) throw Error(Code::invalid, "Post.find takes an id");
    const std::int64_t id = to_integer(state, -1, "the id");
    return push_found<PostObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_post(c, id); }));
}

int list_posts(lua_State* state) {
    drop_class(state, "Post");
    const auto request = to_cursor(state, 1, "Post.all");
    const bool newest = lua_istable(state, 1) && push_field(state, 1, "newest") && to_boolean(state, -1, "newest");
    if (newest && request.after) throw Error(Code::invalid, "Post.all takes newest or after, not both");
    std::vector<Post> found = session_of(state).database().read([&](Connection& c) {
        if (newest) return app::models::list_newest_posts(c, {.page = 1, .per_page = request.limit}).items;
        return app::models::list_posts_after(c, request).items;
    });
    push_objects<PostObject>(state, std::move(found));
    return 1;
}

int make_post(lua_State* state) {
    drop_class(state, "Post");
    check_fields(state, 1, "Post.new", {"author", "body"});
    PostObject made;
    if (!push_field(state, 1, "author")) throw Error(Code::invalid, "Post.new needs an author");
    made.post.author_id = to_user_id(state, -1, "the author");
    if (const auto* author = find_object<UserObject>(state, -1)) made.post.author_username = author->user.username;
    made.body = push_field(state, 1, "body") ? to_text(state, -1, "the body") : "";
    push_object(state, std::move(made));
    return 1;
}

int save_post(lua_State* state) {
    auto& object = check_object<PostObject>(state, 1);
    lua_settop(state, 1);
    if (!object.body) return 1;
    const PostBody body(*object.body);
    object = PostObject{session_of(state).database().write([&](Connection& c) {
        if (object.post.id == 0) return app::models::add_post(c, object.post.author_id, body);
        if (app::models::lock_post(c, object.post.id).version != object.post.version) {
            throw Error(Code::conflict, "somebody has changed this Post meanwhile: reload() shows it as it is");
        }
        return app::models::change_post_body(c, object.post.id, body);
    })};
    return 1;
}

int reload_post(lua_State* state) {
    auto& object = check_object<PostObject>(state, 1);
    const std::int64_t id = stored_id(object.post.id, "Post");
    object = PostObject{session_of(state).database().read([&](Connection& c) { return app::models::get_post(c, id); })};
    lua_settop(state, 1);
    return 1;
}

int remove_post(lua_State* state) {
    auto& object = check_object<PostObject>(state, 1);
    const std::int64_t id = stored_id(object.post.id, "Post");
    session_of(state).database().write([&](Connection& c) { app::models::remove_post(c, id); });
    object.body = object.body.value_or(object.post.body);
    object.post.id = 0;
    return 0;
}

int author_of_post(lua_State* state) {
    const std::int64_t id = check_object<PostObject>(state, 1).post.author_id;
    return push_found<UserObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_user(c, id); }));
}

int comments_of_post(lua_State* state) {
    const std::int64_t id = stored_id(check_object<PostObject>(state, 1).post.id, "Post");
    const auto request = to_cursor(state, 2, "comments");
    push_objects<CommentObject>(state,
                                session_of(state)
                                    .database()
                                    .read([&](Connection& c) { return app::models::list_comments_of_post_after(c, id, request); })
                                    .items);
    return 1;
}

constexpr Field<PostObject> post_fields[] = {
    {"id", [](lua_State* state, const PostObject& o) { push_if(state, o.post.id != 0, o.post.id); }},
    {"body", [](lua_State* state, const PostObject& o) { push(state, o.body.value_or(o.post.body)); },
     [](lua_State* state, PostObject& o, int index) { o.body = to_text(state, index, "the body"); }},
    {"body_html", [](lua_State* state, const PostObject& o) { push(state, o.post.body_html); }, nullptr, false},
    {"author_id", [](lua_State* state, const PostObject& o) { push(state, o.post.author_id); }, nullptr, false},
    {"author_username", [](lua_State* state, const PostObject& o) { push(state, o.post.author_username); }},
    {"created_at", [](lua_State* state, const PostObject& o) { push_if(state, o.post.id != 0, o.post.created_at); }},
    {"updated_at", [](lua_State* state, const PostObject& o) { push_if(state, o.post.id != 0, o.post.updated_at); }},
    {"comment_count", [](lua_State* state, const PostObject& o) { push_if(state, o.post.id != 0, o.post.comment_count); }},
    {"version", [](lua_State* state, const PostObject& o) { push(state, o.post.version); }, nullptr, false},
};

constexpr Method post_methods[] = {{"save", guarded<save_post>},
                                   {"reload", guarded<reload_post>},
                                   {"delete", guarded<remove_post>},
                                   {"author", guarded<author_of_post>},
                                   {"comments", guarded<comments_of_post>}};

}  // namespace

std::span<const Field<PostObject>> ObjectType<PostObject>::fields() { return post_fields; }
std::span<const Method> ObjectType<PostObject>::methods() { return post_methods; }

void define_posts(lua_State* state) {
    static constexpr Method functions[] = {
        {"find", guarded<find_post>}, {"all", guarded<list_posts>}, {"new", guarded<make_post>}};
    define_object_type<PostObject>(state);
    define_functions(state, "Post", functions);
}

}  // namespace manage::shell
