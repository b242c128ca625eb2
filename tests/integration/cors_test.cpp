// Which other sites' pages may call the API, as a browser asks for it.
#include "tests/integration/manage.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

using namespace tests;

constexpr const char* posts = "/api/v1.0/posts/";
const Header from_app{"Origin", "https://app.example"};

std::function<void(config::Config&)> allowing(std::vector<std::string> origins) {
    return [origins = std::move(origins)](config::Config& config) { config.cors.origins = origins; };
}

bool says_anything(const Answer& answer) {
    return std::ranges::any_of(answer.headers, [](const Header& one) { return one.first.starts_with("Access-Control-"); });
}

}  // namespace

TEST_CASE("without origins no answer speaks of them") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK_FALSE(says_anything(live.client(ann).get(posts, {from_app})));
    const Answer preflight = live.client().options(posts, {from_app, {"Access-Control-Request-Method", "GET"}});
    CHECK(preflight.status == 204);
    CHECK_FALSE(says_anything(preflight));
    CHECK(preflight.header("Vary").find("Origin") == std::string::npos);
}

TEST_CASE("a preflight is told the methods of the route and the headers, without credentials") {
    LiveApp live{allowing({"https://other.example", "https://app.example"})};
    const Answer answer = live.client().options(
        "/api/v1.0/posts/1",
        {from_app, {"Access-Control-Request-Method", "PUT"}, {"Access-Control-Request-Headers", "authorization"}});
    CHECK(answer.status == 204);
    CHECK(answer.header("Access-Control-Allow-Origin") == "https://app.example");
    CHECK(answer.header("Access-Control-Allow-Methods") == "GET, HEAD, PUT");
    CHECK(answer.header("Access-Control-Allow-Headers") ==
          "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match");
    CHECK(answer.header("Access-Control-Max-Age") == "600");
    CHECK(answer.header("Vary") == "Origin");
    CHECK(answer.header("Allow") == "GET, HEAD, PUT, OPTIONS");
    CHECK_FALSE(answer.has("Access-Control-Allow-Credentials"));
}

TEST_CASE("an answer that a listed origin reads says so, names the headers, and varies by origin") {
    LiveApp live{allowing({"https://app.example"})};
    const auto ann = live.add_user("ann");
    const Answer answer = live.client(ann).get(posts, {from_app});
    CHECK(answer.status == 200);
    CHECK(answer.header("Access-Control-Allow-Origin") == "https://app.example");
    CHECK(answer.header("Access-Control-Expose-Headers") ==
          "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id");
    CHECK(answer.header("Vary").find("Origin") != std::string::npos);
    CHECK_FALSE(answer.has("Access-Control-Allow-Methods"));
    CHECK_FALSE(answer.has("Access-Control-Allow-Credentials"));
}

TEST_CASE("any other origin is told nothing, nor is a request without one; both answers vary") {
    LiveApp live{allowing({"https://app.example"})};
    const auto ann = live.add_user("ann");
    for (const char* origin : {"https://evil.example", "http://app.example", "https://app.example:8443",
                               "https://app.example.evil", "https://APP.example", "null", ""}) {
        CAPTURE(origin);
        const Answer answer = live.client(ann).get(posts, {{"Origin", origin}});
        CHECK(answer.status == 200);
        CHECK_FALSE(says_anything(answer));
        CHECK(answer.header("Vary").find("Origin") != std::string::npos);
        CHECK_FALSE(says_anything(live.client().options(posts, {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}})));
    }
    const Answer without = live.client(ann).get(posts);
    CHECK_FALSE(says_anything(without));
    CHECK(without.header("Vary").find("Origin") != std::string::npos);
}

TEST_CASE("errors may be read too, those of unknown paths and of limits included") {
    LiveApp live{[](config::Config& config) {
        config.cors.origins = {"https://app.example"};
        config.limits.enabled = true;
        config.limits.address_requests_max = 1;
        config.limits.window_s = 3600;
    }};
    const Client client = live.client({from_app, accept_json});
    const auto allowed = [](const Answer& answer) {
        return answer.header("Access-Control-Allow-Origin") == "https://app.example";
    };
    const Answer nobody = client.get(posts), too_many = client.get(posts), missing = client.get("/api/v1.0/nothing");
    CHECK(nobody.status == 401);
    CHECK(allowed(nobody));
    CHECK(too_many.status == 429);
    CHECK(allowed(too_many));
    CHECK(missing.status == 404);
    CHECK(allowed(missing));
    const Answer no_method = client.request("DELETE", posts);
    CHECK(no_method.status == 405);
    CHECK(allowed(no_method));
}

TEST_CASE("an answer that has not changed may be read too") {
    LiveApp live{allowing({"https://app.example"})};
    const auto ann = live.add_user("ann");
    const std::string tag = live.client(ann).get(posts).header("ETag");
    REQUIRE(!tag.empty());
    const Answer same = live.client(ann).get(posts, {from_app, {"If-None-Match", tag}});
    CHECK(same.status == 304);
    CHECK(same.header("Access-Control-Allow-Origin") == "https://app.example");
}

TEST_CASE("pages and files are no other site's to read") {
    LiveApp live{allowing({"*"})};
    for (const char* target : {"/", "/healthz", "/static/favicon.svg"})
        CHECK_FALSE(says_anything(live.client().get(target, {from_app})));
}

TEST_CASE("* allows any origin, by name of none") {
    LiveApp live{allowing({"*"})};
    const auto ann = live.add_user("ann");
    for (const char* origin : {"https://app.example", "null"}) {
        const Answer answer = live.client(ann).get(posts, {{"Origin", origin}});
        CHECK(answer.header("Access-Control-Allow-Origin") == "*");
        CHECK_FALSE(answer.has("Access-Control-Allow-Credentials"));
    }
}

TEST_CASE("an origin that no browser would send is refused at the start") {
    Installation here;
    here.environment["APP_CORS__ORIGINS"] = "https://app.example, https://app.example/";
    const Finished refused = here.manage({"runserver", "--port", "0"});
    CHECK(refused.exit_code == 1);
    CHECK(
        refused.err ==
        "manage: environment APP_CORS__ORIGINS: each part of cors.origins must be * or scheme://host[:port] as browsers send it, "
        "such as https://app.example, not \"https://app.example/\"\n");
}
