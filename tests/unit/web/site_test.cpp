#include "app/web/site.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "index", "/"> index;
constexpr web::route<GET, "get_post", "/posts/<int:id>"> get_post;
constexpr web::route<GET, "show_post", "/posts/<int:number>"> show_post;
constexpr web::route<POST, "change_post", "/posts/<int:id>"> change_post;
constexpr web::route<GET | POST, "form_post", "/posts/<int:id>"> form_post;
constexpr web::route<HEAD, "peek_post", "/posts/<int:id>"> peek_post;

Response name_of_blueprint(Context& context) { return text_response(context.blueprint()->name); }
Response one(Context&, std::int64_t id) { return text_response(std::to_string(id)); }

Blueprint index_of(std::string name, std::string prefix = {}) {
    return Blueprint{std::move(name), std::move(prefix)}.on<index>(name_of_blueprint);
}

std::string refusal_of_prefix(std::string own, std::string_view given) {
    return message_of([&] {
        Site site;
        site.register_blueprint(index_of("b", std::move(own)), given);
    });
}

}  // namespace

TEST_CASE("a blueprint answers under its own prefix, and the one given at registration stands before it") {
    Site site;
    site.register_blueprint(index_of("plain"));
    site.register_blueprint(index_of("own", "/own"));
    site.register_blueprint(index_of("given"), "/given/v1.0");
    site.register_blueprint(index_of("both", "/own"), "/given");
    CHECK(body_of(site, "/") == "plain");
    CHECK(body_of(site, "/own/") == "own");
    CHECK(body_of(site, "/given/v1.0/") == "given");
    CHECK(body_of(site, "/given/own/") == "both");
    CHECK(serve(site, "GET", "/given/v1.0").header("Location") == "/given/v1.0/");
    CHECK(status_of(site, "GET", "/given/v1.0x/") == 404);
}

TEST_CASE("nested blueprints join prefixes and names") {
    Blueprint inner = index_of("inner", "/inner");
    Blueprint outer = index_of("outer", "/outer");
    outer.register_blueprint(inner.register_blueprint(index_of("core"), "/core"), "/mid");
    Site site;
    site.register_blueprint(outer, "/top");
    CHECK(body_of(site, "/top/outer/") == "outer");
    CHECK(body_of(site, "/top/outer/mid/inner/") == "outer.inner");
    CHECK(body_of(site, "/top/outer/mid/inner/core/") == "outer.inner.core");
}

TEST_CASE("a blueprint is registered twice when the name differs") {
    const auto posts = [](std::string name) { return Blueprint{std::move(name)}.on<index>(name_of_blueprint); };
    Site site;
    site.register_blueprint(posts("first"), "/first");
    site.register_blueprint(posts("second"), "/second");
    CHECK(body_of(site, "/first/") == "first");
    CHECK(body_of(site, "/second/") == "second");
}

TEST_CASE("one blueprint nested in two others serves in both") {
    const Blueprint shared = index_of("shared", "/shared");
    Site site;
    site.register_blueprint(Blueprint{"a", "/a"}.register_blueprint(shared));
    site.register_blueprint(Blueprint{"b", "/b"}.register_blueprint(shared));
    CHECK(body_of(site, "/a/shared/") == "a.shared");
    CHECK(body_of(site, "/b/shared/") == "b.shared");
}

TEST_CASE("two blueprints of one name are refused") {
    Site site;
    site.register_blueprint(index_of("main"));
    CHECK(message_of([&] { site.register_blueprint(index_of("main"), "/other"); }) == "two blueprints are called main");
}

TEST_CASE("two routes of one name in a blueprint are refused") {
    static constexpr web::route<GET, "index", "/elsewhere"> other;
    Site site;
    CHECK(message_of([&] { site.register_blueprint(index_of("main").on<other>(name_of_blueprint)); }) ==
          "two routes are called main.index");
}

TEST_CASE("two rules for the same URLs are refused and both are named, whatever their variables are called") {
    Site site;
    site.register_blueprint(Blueprint{"a"}.on<get_post>(one), "/api");
    CHECK(message_of([&] { site.register_blueprint(Blueprint{"b", "/api"}.on<show_post>(one)); }) ==
          "b.show_post and a.get_post answer the same URLs: /api/posts/<int:number> and /api/posts/<int:id>");
}

TEST_CASE("rules for the same URLs stand side by side when their methods differ") {
    Site site;
    site.register_blueprint(Blueprint{"a"}.on<get_post>(one).on<change_post>(one));
    CHECK(status_of(site, "GET", "/posts/1") == 200);
    CHECK(status_of(site, "POST", "/posts/1") == 200);
}

TEST_CASE("rules that share one method are refused, HEAD coming with GET") {
    CHECK(message_of([] { Site{}.register_blueprint(Blueprint{"a"}.on<change_post>(one).on<form_post>(one)); }) ==
          "a.form_post and a.change_post answer the same URLs: /posts/<int:id> and /posts/<int:id>");
    CHECK(message_of([] { Site{}.register_blueprint(Blueprint{"a"}.on<get_post>(one).on<peek_post>(one)); }) ==
          "a.peek_post and a.get_post answer the same URLs: /posts/<int:id> and /posts/<int:id>");
}

TEST_CASE("a prefix is whole literal segments, each part of it for itself") {
    for (const char* bad : {"api", "/", "/api/", "//api", "/api//v1", "/<x>", "/a b", "/..", "/a?b"}) {
        CAPTURE(bad);
        const std::string expected = "blueprint b: \"" + std::string(bad) + "\" is no URL prefix; write it like /api/v1.0";
        CHECK(refusal_of_prefix(bad, "") == expected);
        CHECK(refusal_of_prefix("", bad) == expected);
        CHECK(refusal_of_prefix(bad, "/fine") == expected);  // "/fineapi" would be a surprise
        CHECK(refusal_of_prefix("/fine", bad) == expected);
    }
    CHECK(refusal_of_prefix("/fine", "/fine") == "nothing was thrown");
}

TEST_CASE("the rules are listed with their endpoints, methods and whole text") {
    Site site;
    site.register_blueprint(Blueprint{"api", "/api"}.on<form_post>(one).on<index>(name_of_blueprint));
    REQUIRE(site.rules().size() == 2);
    CHECK(site.rules()[0].endpoint == "api.form_post");
    CHECK(site.rules()[0].text() == "/api/posts/<int:id>");
    CHECK(to_string(site.rules()[0].methods) == "GET, HEAD, POST");
    CHECK(site.rules()[1].text() == "/api/");
}

TEST_CASE("several sites in one process know nothing of each other") {
    Site first, second;
    first.register_blueprint(index_of("first"));
    second.register_blueprint(Blueprint{"second"}.on<get_post>(one));
    CHECK(body_of(first, "/") == "first");
    CHECK(status_of(first, "GET", "/posts/1") == 404);
    CHECK(status_of(second, "GET", "/") == 404);
    CHECK(body_of(second, "/posts/1") == "1");
}

TEST_CASE("the public URL is kept without slashes at its end") {
    CHECK(Site{"https://blog.example/"}.public_url() == "https://blog.example");
    CHECK(Site{}.public_url().empty());
}
