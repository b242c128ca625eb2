#include "app/api/authentication.hpp"
#include "app/api/body.hpp"
#include "app/api/v1_0/documents.hpp"
#include "app/api/v1_0/handlers.hpp"

namespace app::api::v1_0 {
namespace {

constexpr const char* no_body = "post does not have a body";

}  // namespace

web::Response get_posts(Context& ctx) {
    const auto request = page_request(ctx, ctx.config().blog.posts_per_page);
    const auto page = ctx.db().read([&](db::Connection& c) { return models::list_posts(c, request); });
    return list_document(ctx, "posts", page,
                         [&](std::int64_t number) { return ctx.url_for<routes::get_posts>("page"_a = number); });
}

web::Response new_post(Context& ctx) {
    const models::PostBody body{find_text(read_object(ctx.request), no_body).value_or("")};
    const auto post = ctx.db().write([&](db::Connection& c) { return models::add_post(c, ctx.user->id, body); });
    return document(ctx, post, 201).set("Location", ctx.url_for<routes::get_post>("id"_a = post.id));
}

web::Response get_post(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_post(c, id); }));
}

web::Response edit_post(Context& ctx, std::int64_t id) {
    const auto post = ctx.db().read([&](db::Connection& c) { return models::get_post(c, id); });
    require_author(ctx, post.author_id);
    auto text = find_text(read_object(ctx.request), no_body);
    if (!text) {  // nothing to change
        require_match(ctx, EntityTag(ctx).add(post));
        return document(ctx, post);
    }
    const models::PostBody body{std::move(*text)};
    return document(ctx, ctx.db().write([&](db::Connection& c) {
        require_match(ctx, EntityTag(ctx).add(models::lock_post(c, id)));
        return models::change_post_body(c, id, body);
    }));
}

}  // namespace app::api::v1_0
