#include "app/web/url_for.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "index", "/"> index;
constexpr web::route<GET, "get_posts", "/posts/", "page", "tag"> get_posts;
constexpr web::route<GET, "get_post", "/posts/<int:id>", "page"> get_post;
constexpr web::route<GET, "user", "/user/<name>/"> user;
constexpr web::route<GET, "file", "/files/<path:name>"> file;
constexpr web::route<GET, "anything", "/<path:name>"> anything;
constexpr web::route<GET, "edit", "/<name>/<int:id>/edit"> edit;
constexpr web::route<GET, "lost", "/lost"> lost;
constexpr web::route<GET, "where", "/where"> where;

Response nothing(Context&) { return empty_response(); }
Response for_int(Context&, std::int64_t) { return empty_response(); }
Response for_text(Context&, std::string_view) { return empty_response(); }

struct Links : Site {
    explicit Links(std::string public_url = {}) : Site(std::move(public_url)) {
        Blueprint blog{"blog"};
        blog.on<index>(nothing).on<get_posts>(nothing).on<get_post>(for_int).on<user>(for_text).on<file>(for_text).on<anything>(
            for_text);
        blog.on<edit>([](Context&, std::string_view, std::int64_t) { return empty_response(); });
        register_blueprint(blog);
    }
};

}  // namespace

TEST_CASE("a link fills the variables of every converter") {
    const Links site;
    CHECK(url_for<index>(site, nullptr) == "/");
    CHECK(url_for<get_post>(site, nullptr, "id"_a = 7) == "/posts/7");
    CHECK(url_for<get_post>(site, nullptr, "id"_a = std::int64_t{9223372036854775807}) == "/posts/9223372036854775807");
    CHECK(url_for<user>(site, nullptr, "name"_a = "ada") == "/user/ada/");
    CHECK(url_for<file>(site, nullptr, "name"_a = std::string("css/site.css")) == "/files/css/site.css");
    CHECK(url_for<edit>(site, nullptr, "id"_a = 3u, "name"_a = std::string_view("ada")) == "/ada/3/edit");
}

TEST_CASE("text is encoded so that it stays in its segment") {
    const Links site;
    CHECK(url_for<user>(site, nullptr, "name"_a = "a/b c?d#e%f\\g") == "/user/a%2Fb%20c%3Fd%23e%25f%5Cg/");
    CHECK(url_for<user>(site, nullptr, "name"_a = "\u00e9") == "/user/%C3%A9/");
    CHECK(url_for<file>(site, nullptr, "name"_a = "a b/c?d") == "/files/a%20b/c%3Fd");
}

TEST_CASE("a link leads back to what it was made of") {
    Site site;
    Blueprint echo{"echo"};
    echo.on<user>([](Context&, std::string_view name) { return text_response(std::string(name)); });
    echo.on<anything>([](Context&, std::string_view name) { return text_response(std::string(name)); });
    site.register_blueprint(echo);
    for (const std::string text : {"ada", "a/b", "100%", "a b+c", "\u00e9\u20ac", "...", "\\", "/evil.example", "a//b/", "//"}) {
        CAPTURE(text);
        CHECK(body_of(site, url_for<user>(site, nullptr, "name"_a = text)) == text);
        CHECK(body_of(site, url_for<anything>(site, nullptr, "name"_a = text)) == text);
    }
}

TEST_CASE("a link never leads to another server") {
    const Links site;
    CHECK(url_for<anything>(site, nullptr, "name"_a = "/evil.example") == "/%2Fevil.example");
    CHECK(url_for<anything>(site, nullptr, "name"_a = "\\evil.example") == "/%5Cevil.example");
}

TEST_CASE("a link that would lead elsewhere is refused") {
    const Links site;
    CHECK(message_of([&] { url_for<user>(site, nullptr, "name"_a = ""); }) == "a link with an empty \"name\"");
    CHECK(message_of([&] { url_for<file>(site, nullptr, "name"_a = ""); }) == "a link with an empty \"name\"");
    for (const char* text : {".", ".."}) {  // browsers take such a segment away, encoded or not
        CAPTURE(text);
        CHECK(message_of([&] { url_for<user>(site, nullptr, "name"_a = text); }) == "a link with a dot segment in \"name\"");
        CHECK(message_of([&] { url_for<file>(site, nullptr, "name"_a = std::string("a/") + text + "/b"); }) ==
              "a link with a dot segment in \"name\"");
    }
}

TEST_CASE("query arguments follow in the order given, encoded") {
    const Links site;
    CHECK(url_for<get_posts>(site, nullptr, "page"_a = 2) == "/posts/?page=2");
    CHECK(url_for<get_posts>(site, nullptr, "tag"_a = "a&b=c d/e", "page"_a = -1) == "/posts/?tag=a%26b%3Dc%20d%2Fe&page=-1");
    CHECK(url_for<get_post>(site, nullptr, "page"_a = 3, "id"_a = 1) == "/posts/1?page=3");
    CHECK(url_for<get_posts>(site, nullptr, "tag"_a = "") == "/posts/?tag=");
}

TEST_CASE("an external link stands on the public URL") {
    const Links site{"https://blog.example/"};
    CHECK(url_for<get_post>(site, nullptr, "id"_a = 1, "_external"_a = true) == "https://blog.example/posts/1");
    CHECK(url_for<get_post>(site, nullptr, "id"_a = 1, "_external"_a = false) == "/posts/1");
    CHECK(url_for<index>(site, nullptr, "_external"_a = true) == "https://blog.example/");
}

TEST_CASE("an external link without a public URL is refused with its own error") {
    const Links site;
    CHECK(message_of([&] { url_for<index>(site, nullptr, "_external"_a = true); }) ==
          "an absolute link to blog.index needs PUBLIC_URL, the scheme and host of this server; set it");
    CHECK(url_for<index>(site, nullptr, "_external"_a = false) == "/");
}

TEST_CASE("a link to a route that nobody registered is refused and the route named") {
    const Links site;
    CHECK(message_of([&] { url_for<lost>(site, nullptr); }) ==
          "a link to lost (/lost), but no registered blueprint has that route");
}

TEST_CASE("a link stays in the current blueprint, then goes to its parents, then to the first that was registered") {
    const auto tell = [](Context& context) { return text_response(context.url_for<get_post>("id"_a = 1)); };
    Site site;
    site.register_blueprint(Blueprint{"first", "/first"}.on<get_post>(for_int));
    site.register_blueprint(Blueprint{"v1", "/v1"}.on<get_post>(for_int).on<where>(tell));
    Blueprint parent{"parent", "/parent"};
    parent.on<get_post>(for_int).register_blueprint(Blueprint{"child", "/child"}.on<where>(tell));
    site.register_blueprint(parent);
    site.register_blueprint(Blueprint{"stranger", "/stranger"}.on<where>(tell));
    CHECK(body_of(site, "/v1/where") == "/v1/posts/1");
    CHECK(body_of(site, "/parent/child/where") == "/parent/posts/1");
    CHECK(body_of(site, "/stranger/where") == "/first/posts/1");
    CHECK(url_for<get_post>(site, nullptr, "id"_a = 1) == "/first/posts/1");
}

TEST_CASE("a link made by a shared handler stays in the version that serves it") {
    static constexpr web::route<GET, "get_posts", "/articles/", "page", "tag"> get_articles;
    Blueprint v1{"v1"};
    v1.on<get_posts>(nothing).on<where>([](Context& context) { return text_response(context.url_for<get_posts>("page"_a = 2)); });
    Blueprint v2{"v2"};
    v2.extend(v1).replace<get_posts, get_articles>(nothing);
    Site site;
    site.register_blueprint(v1, "/v1");
    site.register_blueprint(v2, "/v2");
    CHECK(body_of(site, "/v1/where") == "/v1/posts/?page=2");
    CHECK(body_of(site, "/v2/where") == "/v2/articles/?page=2");
}

TEST_CASE("routes that are written alike in two tables are two routes") {
    static constexpr web::route<GET, "index", "/"> other_index;
    Site site;
    site.register_blueprint(
        Blueprint{"a", "/a"}.on<index>([](Context& context) { return text_response(context.url_for<other_index>()); }));
    site.register_blueprint(
        Blueprint{"b", "/b"}.on<other_index>([](Context& context) { return text_response(context.url_for<index>()); }));
    CHECK(body_of(site, "/a/") == "/b/");
    CHECK(body_of(site, "/b/") == "/a/");
}
