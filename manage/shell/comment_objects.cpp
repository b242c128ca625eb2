#include "manage/shell/model_objects.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::db::Connection;
using app::models::Comment;
using app::models::CommentBody;

int find_comment(lua_State* state) {
    drop_class(state, "Comment");
    check_fields(state, 1, "Comment.find", {"id"});
    if (!push_field(state, 1, "id")) throw Error(Code::invalid, "Comment.find takes an id");
    const std::int64_t id = to_integer(state, -1, "the id");
    return push_found<CommentObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_any_comment(c, id); }));
}

int list_comments(lua_State* state) {
    drop_class(state, "Comment");
    const auto request = to_cursor(state, 1, "Comment.all");
    push_objects<CommentObject>(state,
                                session_of(state)
                                    .database()
                                    .read([&](Connection& c) { return app::models::list_newest_comments_after(c, request); })
                                    .items);
    return 1;
}

int make_comment(lua_State* state) {
    drop_class(state, "Comment");
    check_fields(state, 1, "Comment.new", {"post", "author", "body"});
    CommentObject made;
    if (!push_field(state, 1, "post")) throw Error(Code::invalid, "Comment.new needs a post");
    const auto* post = find_object<PostObject>(state, -1);
    made.comment.post_id = post ? stored_id(post->post.id, "Post") : to_integer(state, -1, "the post, a Post or an id,");
    if (!push_field(state, 1, "author")) throw Error(Code::invalid, "Comment.new needs an author");
    made.comment.author_id = to_user_id(state, -1, "the author");
    if (const auto* author = find_object<UserObject>(state, -1)) made.comment.author_username = author->user.username;
    made.body = push_field(state, 1, "body") ? to_text(state, -1, "the body") : "";
    push_object(state, std::move(made));
    return 1;
}

// A disabled one is enabled first, and disabled last: its text is only changed while it is enabled.
Comment change_comment(Connection& connection, const CommentObject& object, const std::optional<CommentBody>& body) {
    const Comment before = app::models::lock_any_comment(connection, object.comment.id);
    if (before.version != object.comment.version) {
        throw Error(Code::conflict, "somebody has changed this Comment meanwhile: reload() shows it as it is");
    }
    const bool disabled = object.disabled.value_or(before.disabled);
    if (body) {
        if (before.disabled) app::models::change_comment_disabled(connection, before.id, false);
        app::models::change_comment_body(connection, before.id, *body);
    }
    app::models::change_comment_disabled(connection, before.id, disabled);
    return app::models::get_any_comment(connection, before.id);
}

int save_comment(lua_State* state) {
    auto& object = check_object<CommentObject>(state, 1);
    lua_settop(state, 1);
    std::optional<CommentBody> body;
    if (object.body) body.emplace(*object.body);
    object = CommentObject{session_of(state).database().write([&](Connection& c) {
        if (object.comment.id != 0) return change_comment(c, object, body);
        if (!body) throw Error(Code::invalid, "this Comment was deleted");
        Comment added = app::models::add_comment(c, object.comment.post_id, object.comment.author_id, *body);
        if (object.disabled.value_or(false)) app::models::change_comment_disabled(c, added.id, true);
        return app::models::get_any_comment(c, added.id);
    })};
    return 1;
}

int reload_comment(lua_State* state) {
    auto& object = check_object<CommentObject>(state, 1);
    const std::int64_t id = stored_id(object.comment.id, "Comment");
    object = CommentObject{session_of(state).database().read([&](Connection& c) { return app::models::get_any_comment(c, id); })};
    lua_settop(state, 1);
    return 1;
}

int remove_comment(lua_State* state) {
    auto& object = check_object<CommentObject>(state, 1);
    const std::int64_t id = stored_id(object.comment.id, "Comment");
    session_of(state).database().write([&](Connection& c) { app::models::remove_comment(c, id); });
    object.body = object.body.value_or(object.comment.body);
    object.comment.id = 0;
    return 0;
}

int author_of_comment(lua_State* state) {
    const std::int64_t id = check_object<CommentObject>(state, 1).comment.author_id;
    return push_found<UserObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_user(c, id); }));
}

int post_of_comment(lua_State* state) {
    const std::int64_t id = check_object<CommentObject>(state, 1).comment.post_id;
    return push_found<PostObject>(
        state, session_of(state).database().read([&](Connection& c) { return app::models::find_post(c, id); }));
}

constexpr Field<CommentObject> comment_fields[] = {
    {"id", [](lua_State* state, const CommentObject& o) { push_if(state, o.comment.id != 0, o.comment.id); }},
    {"post_id", [](lua_State* state, const CommentObject& o) { push(state, o.comment.post_id); }},
    {"body", [](lua_State* state, const CommentObject& o) { push(state, o.body.value_or(o.comment.body)); },
     [](lua_State* state, CommentObject& o, int index) { o.body = to_text(state, index, "the body"); }},
    {"body_html", [](lua_State* state, const CommentObject& o) { push(state, o.comment.body_html); }, nullptr, false},
    {"author_id", [](lua_State* state, const CommentObject& o) { push(state, o.comment.author_id); }, nullptr, false},
    {"author_username", [](lua_State* state, const CommentObject& o) { push(state, o.comment.author_username); }},
    {"disabled", [](lua_State* state, const CommentObject& o) { push(state, o.disabled.value_or(o.comment.disabled)); },
     [](lua_State* state, CommentObject& o, int index) { o.disabled = to_boolean(state, index, "disabled"); }},
    {"created_at", [](lua_State* state, const CommentObject& o) { push_if(state, o.comment.id != 0, o.comment.created_at); }},
    {"updated_at", [](lua_State* state, const CommentObject& o) { push_if(state, o.comment.id != 0, o.comment.updated_at); }},
    {"version", [](lua_State* state, const CommentObject& o) { push(state, o.comment.version); }, nullptr, false},
};

constexpr Method comment_methods[] = {{"save", guarded<save_comment>},
                                      {"reload", guarded<reload_comment>},
                                      {"delete", guarded<remove_comment>},
                                      {"author", guarded<author_of_comment>},
                                      {"post", guarded<post_of_comment>}};

}  // namespace

std::span<const Field<CommentObject>> ObjectType<CommentObject>::fields() { return comment_fields; }
std::span<const Method> ObjectType<CommentObject>::methods() { return comment_methods; }

void define_comments(lua_State* state) {
    static constexpr Method functions[] = {
        {"find", guarded<find_comment>}, {"all", guarded<list_comments>}, {"new", guarded<make_comment>}};
    define_object_type<CommentObject>(state);
    define_functions(state, "Comment", functions);
}

}  // namespace manage::shell
