#include "app/api/v1_0/documents.hpp"

namespace app::api::v1_0 {

void write(web::JsonWriter& json, const Context& ctx, const models::Post& post) {
    json.begin_object()
        .field("author_url", ctx.url_for<routes::get_user>("id"_a = post.author_id))
        .field("body", post.body)
        .field("body_html", post.body_html)
        .field("comment_count", post.comment_count)
        .field("comments_url", ctx.url_for<routes::get_post_comments>("id"_a = post.id))
        .field("timestamp", base::http_date(post.created_at))
        .field("url", ctx.url_for<routes::get_post>("id"_a = post.id))
        .end_object();
}

void write(web::JsonWriter& json, const Context& ctx, const models::Comment& comment) {
    json.begin_object()
        .field("author_url", ctx.url_for<routes::get_user>("id"_a = comment.author_id))
        .field("body", comment.body)
        .field("body_html", comment.body_html)
        .field("post_url", ctx.url_for<routes::get_post>("id"_a = comment.post_id))
        .field("timestamp", base::http_date(comment.created_at))
        .field("url", ctx.url_for<routes::get_comment>("id"_a = comment.id))
        .end_object();
}

void write(web::JsonWriter& json, const Context& ctx, const models::User& user) {
    json.begin_object()
        .field("followed_posts_url", ctx.url_for<routes::get_user_timeline>("id"_a = user.id))
        .field("last_seen", base::http_date(user.last_seen))
        .field("member_since", base::http_date(user.member_since))
        .field("post_count", user.post_count)
        .field("posts_url", ctx.url_for<routes::get_user_posts>("id"_a = user.id))
        .field("url", ctx.url_for<routes::get_user>("id"_a = user.id))
        .field("username", user.username)
        .end_object();
}

models::PageRequest page_request(const Context& ctx, int per_page) {
    return {models::parse_page(ctx.request.query_value("page")), per_page};
}

}  // namespace app::api::v1_0
