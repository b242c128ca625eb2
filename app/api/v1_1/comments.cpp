#include "app/api/authentication.hpp"
#include "app/api/body.hpp"
#include "app/api/idempotency.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/api/v1_1/documents.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/api/v1_1/routes.hpp"
#include "app/base/error.hpp"

namespace app::api::v1_1 {
namespace {

using models::Permission;

constexpr const char* no_comment_body = "comment does not have a body";

// A comment that is to be changed. A disabled one is there for moderators alone: else they could not enable it again.
models::Comment get_to_change(const Context& ctx, db::Connection& c, std::int64_t id) {
    return ctx.user->can(Permission::moderate) ? models::get_any_comment(c, id) : models::get_comment(c, id);
}
models::Comment lock_to_change(const Context& ctx, db::Connection& c, std::int64_t id) {
    return ctx.user->can(Permission::moderate) ? models::lock_any_comment(c, id) : models::lock_comment(c, id);
}

// Whether it is the caller's own to change, and still what the request's If-Match says; see posts.cpp.
models::Comment checked_own(const Context& ctx, models::Comment comment) {
    require_author(ctx, comment.author_id);
    require_match(ctx, EntityTag(ctx).add(comment));
    return comment;
}

// Whether the caller may change anything of it: the text, or whether it is disabled.
models::Comment checked_patchable(const Context& ctx, models::Comment comment) {
    if (!ctx.user->can(Permission::moderate)) require_author(ctx, comment.author_id);
    require_match(ctx, EntityTag(ctx).add(comment));
    return comment;
}

}  // namespace

web::Response get_post_comments(Context& ctx, std::int64_t id) {
    const auto request = list_request(ctx, ctx.config().blog.comments_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::Comment> {
        models::get_post(c, id);
        if (request.after) return models::list_comments_of_post_after(c, id, request.as_cursor());
        return models::list_comments_of_post(c, id, request.as_page());
    });
    return list_document(ctx, "comments", part, request, ctx.url_for<routes::get_post_comments>("id"_a = id));
}

web::Response new_post_comment(Context& ctx, std::int64_t id) {
    if (auto answer = find_first_answer(ctx)) return *std::move(answer);
    ctx.db().read([&](db::Connection& c) { return models::get_post(c, id); });
    const models::CommentBody body{find_text(read_strict_object(ctx.request), no_comment_body).value_or("")};
    return write_once(
        ctx, [&](db::Connection& c) { return models::add_comment(c, id, ctx.user->id, body); },
        [&](const models::Comment& comment) {
            return document(ctx, comment, 201).set("Location", ctx.url_for<v1_0::routes::get_comment>("id"_a = comment.id));
        });
}

web::Response get_comments(Context& ctx) {
    const auto request = list_request(ctx, ctx.config().blog.comments_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::Comment> {
        if (request.after) return models::list_newest_comments_after(c, request.as_cursor());
        return models::list_newest_comments(c, request.as_page());
    });
    return list_document(ctx, "comments", part, request, ctx.url_for<routes::get_comments>());
}

web::Response get_comment(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_comment(c, id); }));
}

web::Response edit_comment(Context& ctx, std::int64_t id) {
    const auto comment = ctx.db().read([&](db::Connection& c) { return checked_own(ctx, get_to_change(ctx, c, id)); });
    auto text = find_text(read_strict_object(ctx.request), no_comment_body);
    if (!text) return document(ctx, comment);  // nothing to change
    const models::CommentBody body{std::move(*text)};
    return document(ctx, ctx.db().write([&](db::Connection& c) {
        checked_own(ctx, lock_to_change(ctx, c, id));
        return models::change_comment_body(c, id, body);
    }));
}

web::Response patch_comment(Context& ctx, std::int64_t id) {
    if (!ctx.user->can(Permission::moderate)) require_permission(ctx, Permission::comment);
    const auto comment = ctx.db().read([&](db::Connection& c) { return checked_patchable(ctx, get_to_change(ctx, c, id)); });
    const auto patch = read_strict_object(ctx.request);
    auto text = find_text(patch, no_comment_body);
    const auto disabled = find_flag(ctx.request, patch, "disabled");
    if (text) {
        require_permission(ctx, Permission::comment);
        require_author(ctx, comment.author_id);
    }
    if (disabled) require_permission(ctx, Permission::moderate);
    const std::optional<models::CommentBody> body = text ? std::optional<models::CommentBody>{std::move(*text)} : std::nullopt;
    if (!body && !disabled) return document(ctx, comment);  // nothing to change
    return document(ctx, ctx.db().write([&](db::Connection& c) {
        checked_patchable(ctx, lock_to_change(ctx, c, id));
        if (disabled == false) models::change_comment_disabled(c, id, false);  // first: only then its text can be changed
        if (body) models::change_comment_body(c, id, *body);
        if (disabled == true) models::change_comment_disabled(c, id, true);
        return models::get_any_comment(c, id);
    }));
}

web::Response remove_comment(Context& ctx, std::int64_t id) {
    ctx.db().read([&](db::Connection& c) { return checked_own(ctx, get_to_change(ctx, c, id)); });
    ctx.db().write([&](db::Connection& c) {
        checked_own(ctx, lock_to_change(ctx, c, id));
        models::remove_comment(c, id);
    });
    return web::empty_response();
}

}  // namespace app::api::v1_1
