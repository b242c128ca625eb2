#include "app/api/v1_1/schemas.hpp"

#include "app/base/secret.hpp"

namespace app::api::v1_1::schemas {

using namespace openapi;

namespace {

Schema time() { return string("date-time").example("2026-11-22T08:59:06.123Z"); }

Schema link(const char* example) { return string("uri-reference").example(example); }

Schema source() { return string().described("Markdown, as it was written").example("Some *text*"); }

Schema html() { return string().described("The text as harmless HTML").example("<p>Some <em>text</em></p>"); }

Schema id() { return integer(1); }

Schema author() {
    return named("Author", object({{"id", id()}, {"url", link("/api/v1.1/users/2")}, {"username", string().example("ann")}}));
}

// How many, and where they are.
Schema list(const char* url) { return object({{"count", integer(0)}, {"url", link(url)}}); }

Schema email() { return string("email").example("eve@example.com"); }

Schema new_password() {
    return string()
        .with("minLength", static_cast<std::int64_t>(base::Passwords::bytes_min))
        .with("maxLength", static_cast<std::int64_t>(base::Passwords::bytes_max))
        .described("8 to 1024 bytes")
        .example("correct horse battery");
}

Schema current_password() { return string().described("The password that the account has now").example("battery horse"); }

Schema token_of_mail() { return string().described("That was sent by mail, behind ?token= of the link"); }

Schema part(const Schema& item) {
    const Schema url = string("uri-reference");
    const Schema links =
        object({{"first", url},
                {"last", nullable(url).described("Null where the list is read by a cursor")},
                {"next", nullable(url)},
                {"prev", nullable(url).described("Null on the first page and where the list is read by a cursor")},
                {"self", url}});
    return object(
        {{"items", array(item)}, {"links", named("Links", links)}, {"total", integer(0).described("Of the whole list")}});
}

}  // namespace

Schema post() {
    return named("Post", object({{"author", author()},
                                 {"body", source()},
                                 {"body_html", html()},
                                 {"comments", list("/api/v1.1/posts/1/comments/")},
                                 {"created_at", time()},
                                 {"id", id()},
                                 {"updated_at", time()},
                                 {"url", link("/api/v1.1/posts/1")}}));
}

Schema comment() {
    return named("Comment", object({{"author", author()},
                                    {"body", source()},
                                    {"body_html", html()},
                                    {"created_at", time()},
                                    {"disabled", boolean().described("By a moderator; then nobody else finds it")},
                                    {"id", id()},
                                    {"post", object({{"id", id()}, {"url", link("/api/v1.1/posts/1")}})},
                                    {"updated_at", time()},
                                    {"url", link("/api/v1.1/comments/3")}}));
}

Schema user() {
    return named("User", object({{"followers", list("/api/v1.1/users/2/followers/")},
                                 {"following", list("/api/v1.1/users/2/following/")},
                                 {"id", id()},
                                 {"last_seen", time()},
                                 {"member_since", time()},
                                 {"posts", list("/api/v1.1/users/2/posts/")},
                                 {"timeline", object({{"url", link("/api/v1.1/users/2/timeline/")}})},
                                 {"url", link("/api/v1.1/users/2")},
                                 {"username", string().example("ann")}}));
}

Schema posts() { return named("Posts", part(post())); }

Schema comments() { return named("Comments", part(comment())); }

Schema users() { return named("Users", part(user())); }

Schema problem() {
    const Schema error = object({{"detail", string().described("What is wrong")},
                                 {"pointer", string("json-pointer").described("Where in the document sent"), Presence::optional},
                                 {"parameter", string().described("Of the query"), Presence::optional},
                                 {"header", string(), Presence::optional}});
    return named("Problem", object({{"type", string("uri-reference").example("about:blank")},
                                    {"title", string().described("The status's phrase").example("Bad Request")},
                                    {"status", integer(400).with("maximum", 599)},
                                    {"detail", string().described("What is wrong, for people")},
                                    {"errors", array(error).described("What is wrong with what"), Presence::optional}}));
}

Schema text(Presence body) {
    return object({{"body", string().with("minLength", 1).described("Markdown").example("Some *text*"), body}});
}

Schema comment_patch() {
    return object({{"body", string().with("minLength", 1).described("Markdown").example("Some *text*"), Presence::optional},
                   {"disabled", boolean().described("For those with the permission MODERATE"), Presence::optional}});
}

Schema registration() {
    return object(
        {{"email", email()},
         {"password", new_password()},
         {"username",
          string().with("maxLength", 64).described("A letter, then letters, digits, dots and underscores").example("eve")}});
}

Schema address() { return object({{"email", email()}}); }

Schema mailed_token() { return object({{"token", token_of_mail()}}); }

Schema password_reset() { return object({{"password", new_password()}, {"token", token_of_mail()}}); }

Schema email_change() { return object({{"current_password", current_password()}, {"email", email()}}); }

Schema password_change() { return object({{"current_password", current_password()}, {"password", new_password()}}); }

}  // namespace app::api::v1_1::schemas
