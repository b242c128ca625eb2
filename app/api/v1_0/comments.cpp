#include "app/api/body.hpp"
#include "app/api/v1_0/documents.hpp"
#include "app/api/v1_0/handlers.hpp"

namespace app::api::v1_0 {

web::Response get_post_comments(Context& ctx, std::int64_t id) {
    const auto request = page_request(ctx, ctx.config().blog.comments_per_page);
    const auto page = ctx.db().read([&](db::Connection& c) {
        models::get_post(c, id);
        return models::list_comments_of_post(c, id, request);
    });
    return list_document(ctx, "comments", page, [&](std::int64_t number) {
        return ctx.url_for<routes::get_post_comments>("id"_a = id, "page"_a = number);
    });
}

web::Response new_post_comment(Context& ctx, std::int64_t id) {
    ctx.db().read([&](db::Connection& c) { return models::get_post(c, id); });
    const models::CommentBody body{find_text(read_object(ctx.request), "comment does not have a body").value_or("")};
    const auto comment = ctx.db().write([&](db::Connection& c) { return models::add_comment(c, id, ctx.user->id, body); });
    return document(ctx, comment, 201).set("Location", ctx.url_for<routes::get_comment>("id"_a = comment.id));
}

web::Response get_comments(Context& ctx) {
    const auto request = page_request(ctx, ctx.config().blog.comments_per_page);
    const auto page = ctx.db().read([&](db::Connection& c) { return models::list_newest_comments(c, request); });
    return list_document(ctx, "comments", page,
                         [&](std::int64_t number) { return ctx.url_for<routes::get_comments>("page"_a = number); });
}

web::Response get_comment(Context& ctx, std::int64_t id) {
    return document(ctx, ctx.db().read([&](db::Connection& c) { return models::get_comment(c, id); }));
}

}  // namespace app::api::v1_0
