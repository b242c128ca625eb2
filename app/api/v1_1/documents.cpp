#include "app/api/v1_1/documents.hpp"

#include <algorithm>
#include <optional>

#include "app/api/v1_0/routes.hpp"
#include "app/api/v1_1/routes.hpp"

namespace app::api::v1_1 {
namespace {

void write_author(web::JsonWriter& json, const Context& ctx, std::int64_t id, std::string_view username) {
    json.key("author")
        .begin_object()
        .field("id", id)
        .field("url", ctx.url_for<v1_0::routes::get_user>("id"_a = id))
        .field("username", username)
        .end_object();
}

// A list that belongs to something: how many it holds, and where it is.
void write_list(web::JsonWriter& json, std::string_view name, std::int64_t count, const std::string& url) {
    json.key(name).begin_object().field("count", count).field("url", url).end_object();
}

}  // namespace

void write(web::JsonWriter& json, const Context& ctx, const models::Post& post) {
    json.begin_object();
    write_author(json, ctx, post.author_id, post.author_username);
    json.field("body", post.body).field("body_html", post.body_html);
    write_list(json, "comments", post.comment_count, ctx.url_for<routes::get_post_comments>("id"_a = post.id));
    json.field("created_at", base::rfc3339(post.created_at))
        .field("id", post.id)
        .field("updated_at", base::rfc3339(post.updated_at))
        .field("url", ctx.url_for<v1_0::routes::get_post>("id"_a = post.id))
        .end_object();
}

void write(web::JsonWriter& json, const Context& ctx, const models::Comment& comment) {
    json.begin_object();
    write_author(json, ctx, comment.author_id, comment.author_username);
    json.field("body", comment.body)
        .field("body_html", comment.body_html)
        .field("created_at", base::rfc3339(comment.created_at))
        .field("disabled", comment.disabled)
        .field("id", comment.id);
    json.key("post")
        .begin_object()
        .field("id", comment.post_id)
        .field("url", ctx.url_for<v1_0::routes::get_post>("id"_a = comment.post_id))
        .end_object();
    json.field("updated_at", base::rfc3339(comment.updated_at))
        .field("url", ctx.url_for<v1_0::routes::get_comment>("id"_a = comment.id))
        .end_object();
}

void write(web::JsonWriter& json, const Context& ctx, const models::User& user) {
    json.begin_object();
    write_list(json, "followers", user.follower_count, ctx.url_for<routes::get_followers>("id"_a = user.id));
    write_list(json, "following", user.following_count, ctx.url_for<routes::get_following>("id"_a = user.id));
    json.field("id", user.id)
        .field("last_seen", base::rfc3339(user.last_seen))
        .field("member_since", base::rfc3339(user.member_since));
    write_list(json, "posts", user.post_count, ctx.url_for<routes::get_user_posts>("id"_a = user.id));
    json.key("timeline").begin_object().field("url", ctx.url_for<routes::get_user_timeline>("id"_a = user.id)).end_object();
    json.field("url", ctx.url_for<v1_0::routes::get_user>("id"_a = user.id)).field("username", user.username).end_object();
}

void write_links(web::JsonWriter& json, const std::string& url, const ListRequest& request, std::int64_t total, bool has_more,
                 std::int64_t last_id) {
    const auto write_link = [&](std::string_view name, std::string_view parameter, std::optional<std::int64_t> value) {
        json.key(name);
        if (value) {
            json.value(request.link(url, parameter, *value));
        } else {
            json.null();
        }
    };
    json.begin_object();
    if (request.after) {
        json.field("first", request.link(url));
        write_link("last", "page", std::nullopt);
        write_link("next", "after", has_more ? std::optional{last_id} : std::nullopt);
        write_link("prev", "page", std::nullopt);
        write_link("self", "after", request.after);
    } else {
        const std::int64_t page = request.as_page().page;
        write_link("first", "page", 1);
        write_link("last", "page", std::max<std::int64_t>(models::page_count(total, request.per_page), 1));
        write_link("next", "page", has_more ? std::optional{page + 1} : std::nullopt);  // the largest page has none
        write_link("prev", "page", page > 1 ? std::optional{page - 1} : std::nullopt);
        json.field("self", request.page ? request.link(url, "page", page) : request.link(url));
    }
    json.end_object();
}

}  // namespace app::api::v1_1
