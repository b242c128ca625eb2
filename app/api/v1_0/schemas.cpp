#include "app/api/v1_0/schemas.hpp"

namespace app::api::v1_0::schemas {

using namespace openapi;

namespace {

Schema date() { return string().described("RFC 1123, GMT").example("Sun, 22 Nov 2026 08:59:06 GMT"); }

Schema link(const char* example) { return string("uri-reference").example(example); }

Schema source() { return string().described("Markdown, as it was written").example("Some *text*"); }

Schema html() { return string().described("The text as harmless HTML").example("<p>Some <em>text</em></p>"); }

// `items_name` is what the member is called that holds them.
Schema page(const std::string& items_name, const Schema& item) {
    const Schema neighbour = nullable(string("uri-reference"));
    return object(
        {{"count", integer(0).described("Of all pages")}, {"next", neighbour}, {items_name, array(item)}, {"prev", neighbour}});
}

}  // namespace

Schema post() {
    return named("Post", object({{"author_url", link("/api/v1.0/users/2")},
                                 {"body", source()},
                                 {"body_html", html()},
                                 {"comment_count", integer(0)},
                                 {"comments_url", link("/api/v1.0/posts/1/comments/")},
                                 {"timestamp", date()},
                                 {"url", link("/api/v1.0/posts/1")}}));
}

Schema comment() {
    return named("Comment", object({{"author_url", link("/api/v1.0/users/2")},
                                    {"body", source()},
                                    {"body_html", html()},
                                    {"post_url", link("/api/v1.0/posts/1")},
                                    {"timestamp", date()},
                                    {"url", link("/api/v1.0/comments/3")}}));
}

Schema user() {
    return named("User", object({{"followed_posts_url", link("/api/v1.0/users/2/timeline/")},
                                 {"last_seen", date()},
                                 {"member_since", date()},
                                 {"post_count", integer(0)},
                                 {"posts_url", link("/api/v1.0/users/2/posts/")},
                                 {"url", link("/api/v1.0/users/2")},
                                 {"username", string().example("ann")}}));
}

Schema token() {
    return named("Token",
                 object({{"expiration", integer(1).described("Seconds from now on").example(3600)}, {"token", string()}}));
}

Schema posts() { return named("Posts", page("posts", post())); }

Schema comments() { return named("Comments", page("comments", comment())); }

Schema error() {
    return named("Error", object({{"error", string().described("The status's phrase in lower case").example("bad request")},
                                  {"message", string().described("What is wrong, for people"), Presence::optional}}));
}

Schema text(Presence body) {
    return object({{"body", string().with("minLength", 1).described("Markdown").example("Some *text*"), body}});
}

}  // namespace app::api::v1_0::schemas
