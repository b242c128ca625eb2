// The pages for people, and links that leave the server.
// backends: sqlite mysql
#include "app/api/v1_0/routes.hpp"
#include "app/base/error.hpp"
#include "app/context/context.hpp"
#include "app/main/routes.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct Blog {
    LiveApp live{[](config::Config& config) { config.blog.posts_per_page = 2; }};
    tests::Account ann = live.add_user("ann");
    tests::Client client = live.client();
};

}  // namespace

TEST_CASE("the main page shows the latest posts to everybody, newest first") {
    Blog blog;
    blog.live.add_post(blog.ann, "the *first*");
    blog.live.add_post(blog.ann, "the second");
    const auto answer = blog.client.get("/");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(answer.body.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    CHECK(contains(answer.body, "<p>the <em>first</em></p>"));
    CHECK(contains(answer.body, "<a href=\"/user/ann\">ann</a>, Sun, 22 Nov 2026 08:59:06 GMT, 0 comments"));
    CHECK(answer.body.find("the second") < answer.body.find("the <em>first</em>"));
    CHECK_FALSE(contains(answer.body, "<nav>"));
}

TEST_CASE("a blog without posts says so") {
    Blog blog;
    CHECK(contains(blog.client.get("/").body, "Nothing here yet."));
    CHECK(contains(blog.client.get("/user/ann").body, "Nothing here yet."));
}

TEST_CASE("pages link to newer and older ones where there are such") {
    Blog blog;
    for (int i = 0; i < 5; ++i) blog.live.add_post(blog.ann);
    for (const std::string path : {"/", "/user/ann"}) {
        INFO(path);
        const std::string older = "?page=2\" rel=\"next\">Older posts</a>";
        const auto first = blog.client.get(path).body, second = blog.client.get(path + "?page=2").body,
                   last = blog.client.get(path + "?page=3").body;
        CHECK(contains(first, "<a href=\"" + path + older));
        CHECK_FALSE(contains(first, "Newer posts"));
        CHECK(contains(second, "<a href=\"" + path + "?page=1\" rel=\"prev\">Newer posts</a>"));
        CHECK(contains(second, "<a href=\"" + path + "?page=3\" rel=\"next\">Older posts</a>"));
        CHECK(contains(last, "<a href=\"" + path + "?page=2\" rel=\"prev\">Newer posts</a>"));
        CHECK_FALSE(contains(last, "Older posts"));
        const auto past = blog.client.get(path + "?page=99999999999999999999");
        CHECK(past.status == 200);
        CHECK(contains(past.body, "Nothing here yet."));
        CHECK(blog.client.get(path + "?page=-1").body == first);
        CHECK(blog.client.get(path + "?page=abc").body == first);
    }
}

TEST_CASE("a user's page shows that user, found in any case of letters, and nothing private") {
    Blog blog;
    blog.live.add_user("bob");
    blog.live.add_post(blog.ann, "by ann");
    blog.live.add_post(blog.live.add_user("eve"), "by eve");
    const auto answer = blog.client.get("/user/ANN");
    CHECK(answer.status == 200);
    CHECK(contains(answer.body, "<title>ann - Dewar</title>"));
    CHECK(contains(answer.body, "Member since Sun, 22 Nov 2026 08:59:06 GMT. 1 posts."));
    CHECK(contains(answer.body, "by ann"));
    CHECK_FALSE(contains(answer.body, "by eve"));
    CHECK_FALSE(contains(answer.body, "example.com"));
    CHECK_FALSE(contains(answer.body, "argon2"));
    CHECK_FALSE(contains(answer.body, "Nothing here yet."));
}

TEST_CASE("no such user is a 404 page that does not show the name") {
    Blog blog;
    for (const std::string path : {"/user/nobody", "/user/nobody%3Cb%3E", "/user/%E4%BD%A0", "/user/ann%20", "/user/%61nnn",
                                   "/user/a%2Fb", "/user/'%20OR%201=1"}) {
        INFO(path);
        const auto answer = blog.client.get(path);
        CHECK(answer.status == 404);
        CHECK(contains(answer.body, "<h1>404 Not Found</h1>"));
        CHECK_FALSE(contains(answer.body, "nobody"));
    }
    CHECK(blog.client.get("/user/").status == 404);
    CHECK(blog.client.get("/user").status == 404);
    CHECK(blog.client.get("/user/ann/").status == 404);
    CHECK(blog.client.get("/user/%61nn").status == 200);
}

TEST_CASE("what authors write runs nowhere") {
    Blog blog;
    blog.live.add_post(
        blog.ann, "<script>alert(1)</script><img src=x onerror=alert(2)>\n\n{{title}}{{{body_html}}}[x](javascript:alert(3))");
    for (const std::string path : {"/", "/user/ann"}) {
        const std::string page = blog.client.get(path).body;
        for (const std::string bad : {"<script", "<img", "onerror", "javascript:"}) CHECK_FALSE(contains(page, bad));
        CHECK(contains(page, "{{title}}{{{body_html}}}"));
    }
}

TEST_CASE("every page says what it may not do") {
    Blog blog;
    for (const std::string path : {"/", "/user/ann", "/nothing", "/user/nobody"}) {
        const auto answer = blog.client.get(path);
        CHECK(answer.header("X-Content-Type-Options") == "nosniff");
        CHECK(answer.header("Content-Security-Policy") ==
              "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        CHECK(answer.header("Referrer-Policy") == "same-origin");
    }
    CHECK_FALSE(blog.client.get("/nothing", {tests::accept_json}).has("Content-Security-Policy"));
}

TEST_CASE("pages answer GET, HEAD and OPTIONS and nothing else") {
    Blog blog;
    for (const std::string path : {"/", "/user/ann"}) {
        const auto get = blog.client.get(path), head = blog.client.head(path);
        CHECK(head.status == 200);
        CHECK(head.header("Content-Length") == std::to_string(get.body.size()));
        CHECK(blog.client.options(path).header("Allow") == "GET, HEAD, OPTIONS");
        const auto post = blog.client.post(path, "{}");
        CHECK(post.status == 405);
        CHECK(post.header("Allow") == "GET, HEAD, OPTIONS");
    }
}

TEST_CASE("a link that leaves the server is built on PUBLIC_URL, and without it refused") {
    using namespace app::web::literals;
    const app::web::Request request{.headers = {{"Host", "evil.example"}}};
    LiveApp with{[](config::Config& config) { config.server.public_url = "https://blog.example"; }};
    const app::Context context{request, with.app().site(), with.app().services()};
    CHECK(context.url_for<app::api::v1_0::routes::get_post>("id"_a = 7, "_external"_a = true) ==
          "https://blog.example/api/v1.0/posts/7");
    CHECK(context.url_for<app::main::routes::index>("page"_a = 2, "_external"_a = true) == "https://blog.example/?page=2");
    CHECK(context.url_for<app::main::routes::user>("username"_a = "a b/c?", "_external"_a = true) ==
          "https://blog.example/user/a%20b%2Fc%3F");
    CHECK(context.url_for<app::main::routes::user>("username"_a = "ann", "_external"_a = false) == "/user/ann");

    LiveApp without;
    const app::Context bare{request, without.app().site(), without.app().services()};
    CHECK(bare.url_for<app::main::routes::index>() == "/");
    CHECK_THROWS_AS(bare.url_for<app::main::routes::index>("_external"_a = true), app::base::Error);
}
