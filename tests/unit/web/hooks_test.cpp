// Hooks: who is asked, in which order, and what their answers and errors do.
#include <doctest/doctest.h>

#include "app/web/dispatch.hpp"
#include "test_context.hpp"

using namespace app;
using namespace app::web;
using base::Code;
using base::Error;

namespace {

using Trace = std::vector<std::string>;

constexpr web::route<GET, "show", "/show"> show;
constexpr web::route<GET, "fail", "/fail"> fail;

Response handler(Context& context) {
    context.trace.emplace_back("handler");
    return text_response("hello");
}
Response failing(Context& context) {
    context.trace.emplace_back("failing");
    throw Error(Code::conflict, "taken");
}

BeforeRequest before(std::string what) {
    return [what](Context& context) -> std::optional<Response> {
        context.trace.push_back("before " + what);
        return std::nullopt;
    };
}
AfterRequest after(std::string what) {
    return [what](Context& context, Response& response) {
        context.trace.push_back("after " + what);
        response.add("X-After", what);
    };
}
TeardownRequest teardown(std::string what) {
    return [what](Context& context, const Error* error) {
        context.trace.push_back("teardown " + what + (error ? " " + error->message() : ""));
    };
}

// One blueprint in another, each with two hooks of a kind; the application's come from the outer one.
Blueprint family() {
    Blueprint inner{"inner", "/inner"};
    inner.on<show>(handler).on<fail>(failing);
    inner.before_request(before("inner 1")).before_request(before("inner 2"));
    inner.after_request(after("inner 1")).after_request(after("inner 2"));
    inner.teardown_request(teardown("inner 1")).teardown_request(teardown("inner 2"));
    Blueprint outer{"outer", "/outer"};
    outer.on<show>(handler);
    outer.before_request(before("outer")).before_app_request(before("app"));
    outer.after_request(after("outer")).after_app_request(after("app"));
    outer.teardown_request(teardown("outer")).teardown_app_request(teardown("app"));
    return outer.register_blueprint(inner);
}

struct Family : Site {
    Family() { register_blueprint(family()); }
};

}  // namespace

TEST_CASE("hooks run from the application inwards, and back in reverse") {
    const Family site;
    CHECK(serve(site, "GET", "/outer/inner/show").trace ==
          Trace{"before app", "before outer", "before inner 1", "before inner 2", "handler", "after inner 2", "after inner 1",
                "after outer", "after app", "teardown inner 2", "teardown inner 1", "teardown outer", "teardown app"});
}

TEST_CASE("a blueprint's hooks do not see the requests of others") {
    const Family site;
    CHECK(serve(site, "GET", "/outer/show").trace ==
          Trace{"before app", "before outer", "handler", "after outer", "after app", "teardown outer", "teardown app"});
}

TEST_CASE("a path that nobody knows passes the application's hooks alone, though it has a blueprint's prefix") {
    const Family site;
    CHECK(serve(site, "GET", "/outer/inner/unknown").trace == Trace{"before app", "after app", "teardown app not found"});
}

TEST_CASE("a before hook that answers ends the request there") {
    Blueprint guarded = family();
    guarded.before_request([](Context& context) -> std::optional<Response> {
        context.trace.emplace_back("gate");
        return text_response("stop", 403);
    });
    Site site;
    site.register_blueprint(guarded);
    const Served served = serve(site, "GET", "/outer/inner/show");
    CHECK(served.response.status == 403);
    CHECK(served.response.body == "stop");
    CHECK(served.trace == Trace{"before app", "before outer", "gate", "after inner 2", "after inner 1", "after outer",
                                "after app", "teardown inner 2", "teardown inner 1", "teardown outer", "teardown app"});
    CHECK_FALSE(served.error);
}

TEST_CASE("an application's before hook may answer a path that nobody knows") {
    Site site;
    site.register_blueprint(
        Blueprint{"gate"}.before_app_request([](Context&) { return std::optional{text_response("maintenance", 503)}; }));
    CHECK(serve(site, "GET", "/unknown").response.body == "maintenance");
}

TEST_CASE("an error of the handler still passes after and teardown, which are told of it") {
    const Family site;
    const Served served = serve(site, "GET", "/outer/inner/fail");
    CHECK(served.response.status == 409);
    CHECK(served.header("X-After") == "inner 2");
    CHECK(served.trace == Trace{"before app", "before outer", "before inner 1", "before inner 2", "failing", "after inner 2",
                                "after inner 1", "after outer", "after app", "teardown inner 2 taken", "teardown inner 1 taken",
                                "teardown outer taken", "teardown app taken"});
}

TEST_CASE("an error of a before hook becomes the answer, and later hooks of its kind do not run") {
    Blueprint blueprint{"b"};
    blueprint.on<show>(handler).before_request(
        [](Context&) -> std::optional<Response> { throw Error(Code::unauthorized, "who?"); });
    blueprint.before_request(before("second"));
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/show");
    CHECK(served.response.status == 401);
    CHECK(served.response.body == "who?\n");
    CHECK(served.trace.empty());
}

TEST_CASE("an after hook may change the response") {
    Site site;
    site.register_blueprint(
        Blueprint{"b"}.on<show>(handler).after_request([](Context&, Response& response) { response.body += " there"; }));
    CHECK(body_of(site, "/show") == "hello there");
    CHECK(serve(site, "HEAD", "/show").header("Content-Length") == "11");
}

TEST_CASE("an after hook that throws is an error like another, and the remaining hooks run on its response") {
    Blueprint blueprint{"b"};
    blueprint.on<show>(handler).after_request(after("first"));
    blueprint.after_request([](Context&, Response&) { throw std::runtime_error("secret"); });
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/show");
    CHECK(served.response.status == 500);
    CHECK(served.response.body == "internal server error\n");
    CHECK(served.header("X-After") == "first");
    REQUIRE(served.error);
    CHECK(served.error->detail() == "secret");
}

TEST_CASE("a teardown hook that throws changes nothing for the client, is logged, and the others run") {
    Blueprint blueprint{"b"};
    blueprint.on<show>(handler).teardown_request(teardown("first"));
    blueprint.teardown_request([](Context&, const Error*) { throw std::runtime_error("lost"); });
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/show");
    CHECK(served.response.status == 200);
    CHECK(served.response.body == "hello");
    CHECK(served.trace == Trace{"handler", "teardown first internal server error"});
    REQUIRE(served.error);
    CHECK(served.error->detail() == "lost");
}

TEST_CASE("OPTIONS passes after hooks, so that headers meant for every answer are on it") {
    const Family site;
    CHECK(serve(site, "OPTIONS", "/outer/inner/show").trace == Trace{"after app", "teardown app"});
}
