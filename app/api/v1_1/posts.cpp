#include "app/api/authentication.hpp"
#include "app/api/body.hpp"
#include "app/api/idempotency.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/api/v1_1/documents.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/api/v1_1/routes.hpp"

namespace app::api::v1_1 {
namespace {

constexpr const char* no_post_body = "post does not have a body";

// Whether it is the caller's own to change, and still what the request's If-Match says. Asked twice: before the body is looked at, and
// in the write, of the row that is locked there.
models::Post checked(const Context& ctx, models::Post post) {
    require_author(ctx, post.author_id);
    require_match(ctx, EntityTag(ctx).add(post));
    return post;
}

}  // namespace

web::Response get_posts(Context& ctx) {
    const auto request = list_request(ctx, ctx.config().blog.posts_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::Post> {
        if (request.after) return models::list_posts_after(c, request.as_cursor());
        return models::list_posts(c, request.as_page());
    });
    return list_document(ctx, "posts", part, request, ctx.url_for<routes::get_posts>());
}

web::Response new_post(Context& ctx) {
    if (auto answer = find_first_answer(ctx)) return *std::move(answer);
    const models::PostBody body{find_text(read_strict_object(ctx.request), no_post_body).value_or("")};
    return write_once(
        ctx, [&](db::Connection& c) { return models::add_post(c, ctx.user->id, body); },
        [&](const models::Post& post) {
            return document(ctx, post, 201).set("Location", ctx.url_for<v1_0::routes::get_post>("id"_a = post.id));
        });
}

web::Response get_post(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_post(c, id); }));
}

web::Response edit_post(Context& ctx, std::int64_t id) {
    const auto post = ctx.db().read([&](db::Connection& c) { return checked(ctx, models::get_post(c, id)); });
    auto text = find_text(read_strict_object(ctx.request), no_post_body);
    if (!text) return document(ctx, post);  // nothing to change
    const models::PostBody body{std::move(*text)};
    return document(ctx, ctx.db().write([&](db::Connection& c) {
        checked(ctx, models::lock_post(c, id));
        return models::change_post_body(c, id, body);
    }));
}

web::Response remove_post(Context& ctx, std::int64_t id) {
    ctx.db().read([&](db::Connection& c) { return checked(ctx, models::get_post(c, id)); });
    ctx.db().write([&](db::Connection& c) {
        checked(ctx, models::lock_post(c, id));
        models::remove_post(c, id);
    });
    return web::empty_response();
}

}  // namespace app::api::v1_1
