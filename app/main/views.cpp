#include "app/main/views.hpp"

#include "app/base/error.hpp"
#include "app/main/routes.hpp"
#include "app/models/post.hpp"

namespace app::main {
namespace {

models::PageRequest page_request(const Context& ctx) {
    return {models::parse_page(ctx.request.query_value("page")), ctx.config().blog.posts_per_page};
}

web::Value::List post_list(const Context& ctx, const std::vector<models::Post>& posts) {
    web::Value::List list;
    for (const models::Post& post : posts) {
        list.emplace_back(web::Value::Object{{"author", post.author_username},
                                             {"author_url", ctx.url_for<routes::user>("username"_a = post.author_username)},
                                             {"body_html", post.body_html},
                                             {"comment_count", post.comment_count},
                                             {"date", base::http_date(post.created_at)}});
    }
    return list;
}

// "older" and "newer" are links, or false where there is no such page.
web::Value::Object page_data(const Context& ctx, const models::Page<models::Post>& page, auto link) {
    web::Value::Object data{{"posts", post_list(ctx, page.items)}, {"newer", false}, {"older", false}};
    if (const auto number = page.prev()) data["newer"] = link(*number);
    if (const auto number = page.next()) data["older"] = link(*number);
    data["empty"] = page.items.empty();
    data["paged"] = page.prev() || page.next();
    return data;
}

}  // namespace

web::Response index(Context& ctx) {
    const auto page = ctx.db().read([&](db::Connection& c) { return models::list_newest_posts(c, page_request(ctx)); });
    auto data = page_data(ctx, page, [&](std::int64_t number) { return ctx.url_for<routes::index>("page"_a = number); });
    data["title"] = "Latest posts";
    return ctx.render("index.html", data);
}

web::Response user(Context& ctx, std::string_view username) {
    models::User shown;
    const auto page = ctx.db().read([&](db::Connection& c) {
        auto found = models::find_user_by_username(c, username);
        if (!found || !found->confirmed) throw base::Error(base::Code::not_found, "not found");
        shown = std::move(*found);
        return models::list_posts_of_author(c, shown.id, page_request(ctx));
    });
    auto data = page_data(ctx, page, [&](std::int64_t number) {
        return ctx.url_for<routes::user>("username"_a = shown.username, "page"_a = number);
    });
    data["title"] = shown.username;
    data["member_since"] = base::http_date(shown.member_since);
    data["post_count"] = shown.post_count;
    return ctx.render("user.html", data);
}

}  // namespace app::main
