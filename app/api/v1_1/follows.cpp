#include "app/api/v1_1/documents.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/api/v1_1/routes.hpp"
#include "app/models/follow.hpp"

namespace app::api::v1_1 {

web::Response get_followers(Context& ctx, std::int64_t id) {
    const auto request = list_request(ctx, ctx.config().blog.posts_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::User> {
        models::get_confirmed_user(c, id);
        if (request.after) return models::list_followers_after(c, id, request.as_cursor());
        return models::list_followers(c, id, request.as_page());
    });
    return list_document(ctx, "users", part, request, ctx.url_for<routes::get_followers>("id"_a = id));
}

web::Response get_following(Context& ctx, std::int64_t id) {
    const auto request = list_request(ctx, ctx.config().blog.posts_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::User> {
        models::get_confirmed_user(c, id);
        if (request.after) return models::list_following_after(c, id, request.as_cursor());
        return models::list_following(c, id, request.as_page());
    });
    return list_document(ctx, "users", part, request, ctx.url_for<routes::get_following>("id"_a = id));
}

web::Response follow_user(Context& ctx, std::int64_t id) {
    ctx.db().write([&](db::Connection& c) {
        models::get_confirmed_user(c, id);
        models::follow(c, ctx.user->id, id);
    });
    return web::empty_response();
}

web::Response unfollow_user(Context& ctx, std::int64_t id) {
    ctx.db().write([&](db::Connection& c) {
        models::get_confirmed_user(c, id);
        models::unfollow(c, ctx.user->id, id);
    });
    return web::empty_response();
}

}  // namespace app::api::v1_1
