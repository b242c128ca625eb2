#include "app/web/blueprint.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "get_posts", "/posts/"> get_posts;
constexpr web::route<GET, "get_post", "/posts/<int:id>"> get_post;
constexpr web::route<GET, "get_posts_by_tag", "/posts/", "tag"> get_posts_by_tag;
constexpr web::route<GET, "get_posts_newest", "/newest/", "tag"> get_posts_newest;

Response all(Context&) { return text_response("all"); }
Response tagged(Context&) { return text_response("tagged"); }
Response newest(Context&) { return text_response("newest"); }
Response one(Context&, std::int64_t id) { return text_response("one " + std::to_string(id)); }

BeforeRequest note_before(std::string what) {
    return [what](Context& context) -> std::optional<Response> {
        context.trace.push_back(what);
        return std::nullopt;
    };
}

Blueprint version_1() {
    Blueprint api{"v1"};
    api.on<get_posts>(all).on<get_post>(one);
    return api;
}

}  // namespace

TEST_CASE("a blueprint is dormant until it is registered") {
    Site site;
    const Blueprint api = version_1();
    CHECK(status_of(site, "GET", "/posts/") == 404);
    site.register_blueprint(api);
    CHECK(status_of(site, "GET", "/posts/") == 200);
}

TEST_CASE("what is added to a blueprint after its registration is not served") {
    Site site;
    Blueprint api{"v1"};
    api.on<get_posts>(all);
    site.register_blueprint(api);
    api.on<get_post>(one);
    CHECK(status_of(site, "GET", "/posts/1") == 404);
}

TEST_CASE("extend takes over routes and hooks, but neither name nor prefix") {
    Blueprint base{"base", "/base"};
    base.on<get_posts>(all).before_request(note_before("base")).before_app_request(note_before("base app"));
    Site site;
    site.register_blueprint(Blueprint{"next", "/next"}.extend(base));
    CHECK(status_of(site, "GET", "/base/posts/") == 404);
    const Served served = serve(site, "GET", "/next/posts/");
    CHECK(served.response.body == "all");
    CHECK(served.trace == std::vector<std::string>{"base app", "base"});
    CHECK(site.rules().front().endpoint == "next.get_posts");
}

TEST_CASE("extend takes over nested blueprints") {
    Blueprint base{"base"};
    base.register_blueprint(version_1(), "/inner");
    Site site;
    site.register_blueprint(Blueprint{"next", "/next"}.extend(base));
    CHECK(body_of(site, "/next/inner/posts/") == "all");
}

TEST_CASE("an error handler that is set after extend wins, and hooks add up") {
    Blueprint base = version_1();
    base.errorhandler(404, [](Context&, const base::Error&) { return text_response("old", 404); })
        .before_request(note_before("base"));
    Blueprint next{"next"};
    next.extend(base).before_request(note_before("next"));
    next.errorhandler(404, [](Context&, const base::Error&) { return text_response("new", 404); });
    next.replace<get_post, get_post>(
        [](Context&, std::int64_t) -> Response { throw base::Error(base::Code::not_found, "gone"); });
    Site site;
    site.register_blueprint(next);
    const Served served = serve(site, "GET", "/posts/1");
    CHECK(served.response.body == "new");
    CHECK(served.trace == std::vector<std::string>{"base", "next"});
}

TEST_CASE("replace puts another handler in the old one's place and leaves the rest") {
    Blueprint next{"next"};
    next.extend(version_1()).replace<get_posts, get_posts_by_tag>(tagged);
    Site site;
    site.register_blueprint(next);
    CHECK(body_of(site, "/posts/") == "tagged");
    CHECK(body_of(site, "/posts/7") == "one 7");
    CHECK(site.rules().size() == 2);
    CHECK(site.rules().front().endpoint == "next.get_posts_by_tag");
}

TEST_CASE("replace leaves the blueprint that was extended as it is") {
    const Blueprint base = version_1();
    Blueprint next{"next"};
    next.extend(base).replace<get_posts, get_posts_by_tag>(tagged);
    Site site;
    site.register_blueprint(base, "/v1");
    site.register_blueprint(next, "/v2");
    CHECK(body_of(site, "/v1/posts/") == "all");
    CHECK(body_of(site, "/v2/posts/") == "tagged");
}

TEST_CASE("a route that was replaced twice is linked to by all of its names") {
    Blueprint next{"next"};
    next.extend(version_1()).replace<get_posts, get_posts_by_tag>(tagged).replace<get_posts_by_tag, get_posts_newest>(newest);
    Site site;
    site.register_blueprint(next);
    CHECK(body_of(site, "/newest/") == "newest");
    CHECK(url_for<get_posts>(site, nullptr) == "/newest/");
    CHECK(url_for<get_posts_by_tag>(site, nullptr) == "/newest/");
    CHECK(url_for<get_posts_newest>(site, nullptr) == "/newest/");
}

TEST_CASE("replacing a route that is not there is refused, and the message names it") {
    CHECK(message_of([] { Blueprint{"next"}.replace<get_posts, get_posts_by_tag>(tagged); }) ==
          "blueprint next replaces get_posts, which it does not have; extend it first");
}
