// Errors of requests: which handler makes the answer, and what of an error reaches the client.
#include <doctest/doctest.h>

#include "app/web/dispatch.hpp"
#include "app/web/status.hpp"
#include "test_context.hpp"

using namespace app;
using namespace app::web;
using base::Code;
using base::Error;

namespace {

constexpr web::route<GET, "missing", "/missing"> missing;
constexpr web::route<GET, "broken", "/broken"> broken;
constexpr web::route<GET, "strange", "/strange"> strange;
constexpr web::route<GET, "detailed", "/detailed"> detailed;

Response throw_missing(Context&) { throw Error(Code::not_found, "no such post"); }
Response throw_broken(Context&) { throw std::runtime_error("password=hunter2"); }
Response throw_strange(Context&) { throw 7; }
Response throw_detailed(Context&) { throw Error(Code::invalid, "the body is wrong", "for the log", {{"/body", "is empty"}}); }

ErrorHandler saying(std::string who) {
    return [who](Context&, const Error& error) { return text_response(who + ": " + error.message(), status_of(error.code())); };
}

Blueprint failing(std::string name) {
    Blueprint blueprint{name, "/" + name};
    return blueprint.on<missing>(throw_missing).on<broken>(throw_broken).on<strange>(throw_strange).on<detailed>(throw_detailed);
}

std::string body_with(const Blueprint& blueprint, std::string_view target) {
    Site site;
    site.register_blueprint(blueprint);
    return body_of(site, target);
}

}  // namespace

TEST_CASE("without error handlers an error is a line of text with its status") {
    Site site;
    site.register_blueprint(failing("b"));
    const Served served = serve(site, "GET", "/b/missing");
    CHECK(served.response.status == 404);
    CHECK(served.response.body == "no such post\n");
}

TEST_CASE("error handlers are asked: blueprint by status, application by status, blueprint any, application any") {
    Blueprint blueprint = failing("b");
    blueprint.app_errorhandler(saying("app any"));
    CHECK(body_with(blueprint, "/b/missing") == "app any: no such post");
    blueprint.errorhandler(saying("blueprint any"));
    CHECK(body_with(blueprint, "/b/missing") == "blueprint any: no such post");
    blueprint.app_errorhandler(404, saying("app 404"));
    CHECK(body_with(blueprint, "/b/missing") == "app 404: no such post");
    blueprint.errorhandler(404, saying("blueprint 404"));
    CHECK(body_with(blueprint, "/b/missing") == "blueprint 404: no such post");
    CHECK(body_with(blueprint, "/b/detailed") == "blueprint any: the body is wrong");
}

TEST_CASE("an inner blueprint's handler is asked before the outer one's") {
    Blueprint outer{"outer", "/outer"};
    outer.errorhandler(404, saying("outer 404")).errorhandler(saying("outer any"));
    Blueprint inner = failing("inner");
    outer.register_blueprint(inner);
    CHECK(body_with(outer, "/outer/inner/missing") == "outer 404: no such post");
    Blueprint second{"outer", "/outer"};
    second.errorhandler(404, saying("outer 404")).register_blueprint(inner.errorhandler(saying("inner any")));
    CHECK(body_with(second, "/outer/inner/missing") == "outer 404: no such post");
    CHECK(body_with(second, "/outer/inner/detailed") == "inner any: the body is wrong");
}

TEST_CASE("a blueprint's handler sees its own errors only; an application's sees all") {
    Blueprint other = failing("other");
    other.errorhandler(404, saying("other"))
        .app_errorhandler(404, saying("everywhere"))
        .app_errorhandler(405, saying("everywhere"));
    Site site;
    site.register_blueprint(failing("b"));
    site.register_blueprint(other);
    CHECK(body_of(site, "/other/missing") == "other: no such post");
    CHECK(body_of(site, "/b/missing") == "everywhere: no such post");
    CHECK(body_of(site, "/unknown") == "everywhere: not found");
    CHECK(serve(site, "POST", "/other/missing").response.body == "everywhere: method not allowed");
    CHECK(serve(site, "POST", "/other/missing").header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("what no rule answers under a blueprint's prefix goes to that blueprint's handlers, 404, 405 and 400 alike") {
    Site site;
    site.register_blueprint(failing("b").errorhandler(saying("b")).app_errorhandler(saying("app")));
    CHECK(body_of(site, "/b") == "b: not found");
    CHECK(body_of(site, "/b/unknown") == "b: not found");
    CHECK(body_of(site, "/%62/unknown") == "b: not found");
    CHECK(serve(site, "POST", "/b/missing").response.body == "b: method not allowed");
    CHECK(body_of(site, "/b/%zz") == "b: the path has a malformed percent-escape");
    CHECK(body_of(site, "/bb/unknown") == "app: not found");
    CHECK(body_of(site, "/B/unknown") == "app: not found");
    CHECK(body_of(site, "//b/unknown") == "app: not found");
}

TEST_CASE("of two prefixes the longer one owns what no rule answers, and its parents are asked after it") {
    Blueprint inner = failing("inner"), outer{"outer", "/outer"};
    outer.errorhandler(404, saying("outer")).errorhandler(405, saying("outer"));
    Site site;
    site.register_blueprint(outer.register_blueprint(inner.errorhandler(404, saying("inner"))));
    CHECK(body_of(site, "/outer/inner/unknown") == "inner: not found");
    CHECK(body_of(site, "/outer/unknown") == "outer: not found");
    CHECK(serve(site, "POST", "/outer/inner/missing").response.body == "outer: method not allowed");
}

TEST_CASE("a blueprint without a prefix does not own what no rule answers") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<missing>(throw_missing).errorhandler(404, saying("b")));
    CHECK(body_of(site, "/missing") == "b: no such post");
    CHECK(body_of(site, "/unknown") == "not found\n");
}

TEST_CASE("a target refused before routing goes to the application's handlers") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.app_errorhandler(400, saying("app")));
    CHECK(body_of(site, "/%zz") == "app: the path has a malformed percent-escape");
}

TEST_CASE("an error handler sees message and fields, but not the detail") {
    Blueprint blueprint = failing("b");
    blueprint.errorhandler(400, [](Context&, const Error& error) {
        return text_response(error.message() + "|" + error.detail() + "|" + error.fields().at(0).pointer, 400);
    });
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/b/detailed");
    CHECK(served.response.body == "the body is wrong||/body");
    REQUIRE(served.error);
    CHECK(served.error->detail() == "for the log");
}

TEST_CASE("a foreign exception is an internal error; its text is for the log and never for the client") {
    Blueprint blueprint = failing("b");
    Site plain, handled;
    plain.register_blueprint(blueprint);
    handled.register_blueprint(blueprint.errorhandler(500, [](Context&, const Error& error) {
        return text_response(error.message() + "|" + error.detail() + "|" + error.what(), 500);
    }));
    const Served served = serve(plain, "GET", "/b/broken");
    CHECK(served.response.status == 500);
    CHECK(served.response.body == "internal server error\n");
    REQUIRE(served.error);
    CHECK(served.error->code() == Code::internal);
    CHECK(served.error->detail() == "password=hunter2");
    CHECK(body_of(handled, "/b/broken") == "internal server error||internal server error");
}

TEST_CASE("an internal Error is told to the client no better than a foreign exception") {
    Blueprint blueprint{"b"};
    blueprint.on<missing>([](Context&) -> Response { throw Error(Code::internal, "the table users is corrupt", "page 7"); });
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/missing");
    CHECK(served.response.body == "internal server error\n");
    REQUIRE(served.error);
    CHECK(served.error->message() == "the table users is corrupt");
}

TEST_CASE("what is thrown and no exception at all is an internal error") {
    Site site;
    site.register_blueprint(failing("b"));
    const Served served = serve(site, "GET", "/b/strange");
    CHECK(served.response.status == 500);
    REQUIRE(served.error);
    CHECK(served.error->detail() == "something that is no std::exception was thrown");
}

TEST_CASE("an error handler that throws gives a plain 500, and the log gets what it threw") {
    Blueprint blueprint = failing("b");
    blueprint.errorhandler(404, [](Context&, const Error&) -> Response { throw std::runtime_error("page is gone"); });
    Site site;
    site.register_blueprint(blueprint);
    const Served served = serve(site, "GET", "/b/missing");
    CHECK(served.response.status == 500);
    CHECK(served.response.body == "internal server error\n");
    REQUIRE(served.error);
    CHECK(served.error->detail() == "page is gone");
}

TEST_CASE("an error handler may choose another status") {
    Blueprint blueprint = failing("b");
    blueprint.errorhandler(404, [](Context&, const Error&) { return text_response("hidden", 403); });
    Site site;
    site.register_blueprint(blueprint);
    CHECK(status_of(site, "GET", "/b/missing") == 403);
}

TEST_CASE("what is not served is told by the blueprint that owns the path, if it has a handler for that") {
    Site site;
    site.register_blueprint(failing("b").errorhandler(413, saying("b")).app_errorhandler(saying("app")));
    const auto refused = [&](std::string_view target, Code code) -> std::string {
        const Request request{.target = target};
        Context context{{request, site}};
        const auto response = refuse(context, context, Error(code, "too much"));
        return response ? std::to_string(response->status) + " " + response->body : "nothing";
    };
    CHECK(refused("/b/missing?x", Code::too_large) == "413 b: too much");
    CHECK(refused("/b/unknown", Code::too_large) == "413 b: too much");
    CHECK(refused("/b/missing", Code::unavailable) == "nothing");
    CHECK(refused("/other", Code::too_large) == "nothing");
}
