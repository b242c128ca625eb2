#include "app/api/v1_1/documents.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/api/v1_1/routes.hpp"

namespace app::api::v1_1 {

web::Response get_user(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_confirmed_user(c, id); }));
}

web::Response get_user_posts(Context& ctx, std::int64_t id) {
    const auto request = list_request(ctx, ctx.config().blog.posts_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::Post> {
        models::get_confirmed_user(c, id);
        if (request.after) return models::list_posts_of_author_after(c, id, request.as_cursor());
        return models::list_posts_of_author(c, id, request.as_page());
    });
    return list_document(ctx, "posts", part, request, ctx.url_for<routes::get_user_posts>("id"_a = id));
}

web::Response get_user_timeline(Context& ctx, std::int64_t id) {
    const auto request = list_request(ctx, ctx.config().blog.posts_per_page);
    const auto part = ctx.db().read([&](db::Connection& c) -> Part<models::Post> {
        models::get_confirmed_user(c, id);
        if (request.after) return models::list_timeline_after(c, id, request.as_cursor());
        return models::list_timeline(c, id, request.as_page());
    });
    return list_document(ctx, "posts", part, request, ctx.url_for<routes::get_user_timeline>("id"_a = id));
}

}  // namespace app::api::v1_1
