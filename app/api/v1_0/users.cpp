#include "app/api/v1_0/documents.hpp"
#include "app/api/v1_0/handlers.hpp"

namespace app::api::v1_0 {

web::Response get_user(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_confirmed_user(c, id); }));
}

web::Response get_user_posts(Context& ctx, std::int64_t id) {
    const auto request = page_request(ctx, ctx.config().blog.posts_per_page);
    const auto page = ctx.db().read([&](db::Connection& c) {
        models::get_confirmed_user(c, id);
        return models::list_posts_of_author(c, id, request);
    });
    return list_document(ctx, "posts", page, [&](std::int64_t number) {
        return ctx.url_for<routes::get_user_posts>("id"_a = id, "page"_a = number);
    });
}

web::Response get_user_timeline(Context& ctx, std::int64_t id) {
    const auto request = page_request(ctx, ctx.config().blog.posts_per_page);
    const auto page = ctx.db().read([&](db::Connection& c) {
        models::get_confirmed_user(c, id);
        return models::list_timeline(c, id, request);
    });
    return list_document(ctx, "posts", page, [&](std::int64_t number) {
        return ctx.url_for<routes::get_user_timeline>("id"_a = id, "page"_a = number);
    });
}

}  // namespace app::api::v1_0
