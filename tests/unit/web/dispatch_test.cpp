#include "app/web/dispatch.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;
using base::Code;
using base::Error;

namespace {

constexpr web::route<GET, "show", "/show"> show;
constexpr web::route<GET, "folder", "/folder/"> folder;
constexpr web::route<GET | POST, "form", "/form"> form;
constexpr web::route<DELETE, "remove", "/form"> remove_form;
constexpr web::route<GET, "by_name", "/names/<name>"> by_name;
constexpr web::route<PUT, "own_name", "/names/mine"> own_name;
constexpr web::route<GET | OPTIONS, "own_options", "/options"> own_options;
constexpr web::route<GET, "nothing", "/nothing"> nothing;

Response hello(Context& context) {
    context.trace.emplace_back("handler");
    return text_response("hello");
}
Response say(Context&, std::string_view text) { return text_response(std::string(text)); }

Site& fill(Site& site) {
    Blueprint main{"main"};
    main.on<show>(hello).on<folder>(hello).on<form>(hello).on<remove_form>(hello).on<by_name>(say).on<own_name>(hello);
    main.on<own_options>([](Context& context) { return text_response(std::string(context.request.method)); });
    main.on<nothing>([](Context&) { return empty_response(); });
    site.register_blueprint(main);
    return site;
}

struct Pages : Site {
    Pages() { fill(*this); }
};

}  // namespace

TEST_CASE("a handler answers the requests of its route") {
    const Pages site;
    const Served served = serve(site, "GET", "/show?x=1");
    CHECK(served.response.status == 200);
    CHECK(served.response.body == "hello");
    CHECK_FALSE(served.error);
}

TEST_CASE("a handler finds its blueprint and its rule in the context") {
    Site site;
    site.register_blueprint(Blueprint{"main"}.on<show>(
        [](Context& context) { return text_response(context.blueprint()->name + " " + context.match.rule->endpoint); }));
    CHECK(body_of(site, "/show") == "main main.show");
}

TEST_CASE("an unknown path is 404 in a line of text") {
    const Pages site;
    const Served served = serve(site, "GET", "/unknown");
    CHECK(served.response.status == 404);
    CHECK(served.response.body == "not found\n");
    CHECK(served.header("Content-Type") == "text/plain; charset=utf-8");
    REQUIRE(served.error);
    CHECK(served.error->code() == Code::not_found);
}

TEST_CASE("a wrong method is 405, and Allow tells the right ones") {
    const Pages site;
    CHECK(status_of(site, "PUT", "/form") == 405);
    CHECK(serve(site, "PUT", "/form").header("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
    CHECK(serve(site, "POST", "/show").header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(serve(site, "GET", "/show").header("Allow") == "(none)");
    CHECK(serve(site, "GET", "/unknown").header("Allow") == "(none)");
}

TEST_CASE("an unknown method is 405 where the path is known and 404 where it is not") {
    const Pages site;
    CHECK(status_of(site, "BREW", "/show") == 405);
    CHECK(status_of(site, "get", "/show") == 405);
    CHECK(status_of(site, "BREW", "/unknown") == 404);
    CHECK(serve(site, "BREW", "/show").header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(serve(site, "BREW", "/names/mine").header("Allow") == "GET, HEAD, PUT, OPTIONS");  // of every rule that matches
    CHECK(serve(site, "BREW", "/show").trace.empty());
}

TEST_CASE("HEAD has the headers of GET, its Content-Length and no body") {
    const Pages site;
    const Served served = serve(site, "HEAD", "/show");
    CHECK(served.response.status == 200);
    CHECK(served.response.body.empty());
    CHECK(served.header("Content-Length") == "5");
    CHECK(served.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(served.trace == std::vector<std::string>{"handler"});
    CHECK(serve(site, "HEAD", "/unknown").header("Content-Length") == "10");
    CHECK(serve(site, "HEAD", "/unknown").response.body.empty());
    CHECK(serve(site, "GET", "/show").header("Content-Length") == "(none)");  // the server's to add
}

TEST_CASE("the answer to HEAD has no Content-Length where RFC 9110 section 8.6 forbids one") {
    const Pages site;
    CHECK(status_of(site, "HEAD", "/nothing") == 204);
    CHECK(serve(site, "HEAD", "/nothing").header("Content-Length") == "(none)");
}

TEST_CASE("OPTIONS is answered with Allow, and neither before hooks nor the handler are asked") {
    Site site;
    site.register_blueprint(
        Blueprint{"strict"}
            .before_request([](Context&) -> std::optional<Response> { throw Error(Code::unauthorized, "no"); })
            .before_app_request([](Context&) -> std::optional<Response> { throw Error(Code::unauthorized, "no"); }));
    fill(site);
    const Served served = serve(site, "OPTIONS", "/form");
    CHECK(served.response.status == 204);
    CHECK(served.header("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
    CHECK(served.response.body.empty());
    CHECK(served.trace.empty());
    CHECK_FALSE(served.error);
}

TEST_CASE("OPTIONS of an unknown path is 404") {
    const Pages site;
    CHECK(status_of(site, "OPTIONS", "/unknown") == 404);
}

TEST_CASE("a route may answer OPTIONS itself") {
    const Pages site;
    CHECK(serve(site, "OPTIONS", "/options").response.body == "OPTIONS");
    CHECK(serve(site, "POST", "/options").header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a malformed percent-escape is 400 anywhere in the target, before anything else") {
    const Pages site;
    for (const char* target :
         {"/%", "/%4", "/%zz", "/show%", "/unknown/%g1", "/names/%e", "/show?x=%", "/show?%zz=1", "/folder?%1"}) {
        CAPTURE(target);
        const Served served = serve(site, "GET", target);
        CHECK(served.response.status == 400);
        CHECK(served.trace.empty());
    }
}

TEST_CASE("a NUL in the path is 400, in the query it is the handler's business") {
    const Pages site;
    CHECK(status_of(site, "GET", "/names/a%00b") == 400);
    CHECK(status_of(site, "GET", "/%00") == 400);
    CHECK(status_of(site, "GET", "/show?x=%00") == 200);
}

TEST_CASE("blanks and control characters that are not encoded are 400") {
    const Pages site;
    using namespace std::string_view_literals;
    for (const std::string_view target :
         {"/names/a b"sv, "/names/a\tb"sv, "/show\r\nX: y"sv, "/show\0"sv, "/show\x7f"sv, "/show?a\nb"sv}) {
        CAPTURE(target);
        CHECK(status_of(site, "GET", target) == 400);
    }
}

TEST_CASE("a target that is no path is 400") {
    const Pages site;
    CHECK(status_of(site, "GET", "") == 400);
    CHECK(status_of(site, "GET", "show") == 400);
    CHECK(status_of(site, "OPTIONS", "*") == 400);
    CHECK(status_of(site, "GET", "?x=1") == 400);
    CHECK(status_of(site, "GET", "http://evil.example/show") == 400);
}

TEST_CASE("an encoded slash reaches the handler inside its variable") {
    const Pages site;
    CHECK(body_of(site, "/names/a%2Fb") == "a/b");
    CHECK(status_of(site, "GET", "/names/a/b") == 404);
}

TEST_CASE("a redirect for a missing slash is no error") {
    const Pages site;
    const Served served = serve(site, "POST", "/folder?x=1");
    CHECK(served.response.status == 308);
    CHECK(served.header("Location") == "/folder/?x=1");
    CHECK_FALSE(served.error);
}

TEST_CASE("a body in a coding is 415, decided after routing") {
    const Pages site;
    const auto coded = [&](std::string_view method, std::string_view target, std::string_view coding) {
        const Request request{.method = method, .target = target, .headers = {{"Content-Encoding", coding}}, .body = "x"};
        return serve(site, request).response.status;
    };
    CHECK(coded("POST", "/form", "gzip") == 415);
    CHECK(coded("POST", "/form", "identity") == 200);
    CHECK(coded("POST", "/unknown", "gzip") == 404);
}

TEST_CASE("503 and 429 say when to try again, unless the handler did") {
    Site site;
    Blueprint busy{"busy"};
    busy.on<show>([](Context&) -> Response { throw Error(Code::unavailable, "busy"); });
    busy.on<form>([](Context&) { return text_response("slow down", 429).set("Retry-After", "60"); });
    site.register_blueprint(busy);
    CHECK(serve(site, "GET", "/show").response.status == 503);
    CHECK(serve(site, "GET", "/show").header("Retry-After") == "1");
    CHECK(serve(site, "GET", "/form").header("Retry-After") == "60");
}
