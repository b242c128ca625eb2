#include "app/web/router.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "literal", "/things/new"> literal;
constexpr web::route<GET, "integer", "/things/<int:id>"> integer;
constexpr web::route<GET, "text", "/things/<name>"> text;
constexpr web::route<GET, "rest", "/things/<path:rest>"> rest;
constexpr web::route<GET, "deep", "/things/<int:id>/edit"> deep;
constexpr web::route<GET, "deep_text", "/things/<name>/view"> deep_text;
constexpr web::route<POST, "make", "/things/<name>"> make;
constexpr web::route<GET, "list", "/list/"> list;
constexpr web::route<GET, "single", "/single"> single;
constexpr web::route<GET, "user", "/<name>/"> user;
constexpr web::route<GET, "pair", "/<a>/<b>/"> pair;
constexpr web::route<GET, "everything", "/<path:rest>"> everything;

Response say_integer(Context&, std::int64_t id) { return text_response("integer " + std::to_string(id)); }
Response say_text(Context&, std::string_view name) { return text_response("text " + std::string(name)); }
Response say_rest(Context&, std::string_view rest) { return text_response("path " + std::string(rest)); }
Response say_single(Context&) { return text_response("single"); }

// All kinds of variable in one place, registered from the least to the most preferred.
struct Things : Site {
    Things() {
        Blueprint things{"things"};
        things.on<rest>(say_rest).on<text>(say_text).on<integer>(say_integer);
        things.on<literal>([](Context&) { return text_response("literal"); });
        things.on<deep>([](Context&, std::int64_t id) { return text_response("edit " + std::to_string(id)); });
        things.on<deep_text>([](Context&, std::string_view name) { return text_response("view " + std::string(name)); });
        register_blueprint(things);
    }
};

struct Integers : Site {
    Integers() { register_blueprint(Blueprint{"integers"}.on<integer>(say_integer)); }
};

}  // namespace

TEST_CASE("a literal is preferred to an int, an int to a string, a string to a path") {
    const Things site;
    CHECK(body_of(site, "/things/new") == "literal");
    CHECK(body_of(site, "/things/7") == "integer 7");
    CHECK(body_of(site, "/things/seven") == "text seven");
    CHECK(body_of(site, "/things/a/b") == "path a/b");
}

TEST_CASE("a preferred branch that leads nowhere is left again") {
    const Things site;
    CHECK(body_of(site, "/things/7/edit") == "edit 7");
    CHECK(body_of(site, "/things/7/view") == "view 7");      // not the int's branch
    CHECK(body_of(site, "/things/new/view") == "view new");  // not the literal's
    CHECK(body_of(site, "/things/7/other") == "path 7/other");
    CHECK(body_of(site, "/things/7/edit/more") == "path 7/edit/more");
}

TEST_CASE("an encoded slash stays inside its segment") {
    const Things site;
    CHECK(body_of(site, "/things/a%2Fb") == "text a/b");
    CHECK(body_of(site, "/things/a%2fb/view") == "view a/b");
    CHECK(status_of(site, "GET", "/things%2Fnew") == 404);
}

TEST_CASE("segments are decoded after they are cut out, once") {
    const Things site;
    CHECK(body_of(site, "/%74hings/n%65w") == "literal");
    CHECK(body_of(site, "/things/%37") == "integer 7");
    CHECK(body_of(site, "/things/a%20b+c") == "text a b+c");
    CHECK(body_of(site, "/things/%252F") == "text %2F");
    CHECK(body_of(site, "/things/%C3%A9") == "text \u00e9");
}

TEST_CASE("an int is ASCII digits that fit 63 bits; anything else is not found") {
    const Integers site;
    CHECK(body_of(site, "/things/0") == "integer 0");
    CHECK(body_of(site, "/things/007") == "integer 7");
    CHECK(body_of(site, "/things/9223372036854775807") == "integer 9223372036854775807");
    for (const char* id : {"9223372036854775808", "18446744073709551617", "-1", "-0", "+1", "%2B1", "", "%20", "1%20", "1.0",
                           "1e3", "0x1", "%D9%A1", "%EF%BC%91", "1a", "a1"}) {
        CAPTURE(id);
        CHECK(status_of(site, "GET", std::string("/things/") + id) == 404);
    }
}

TEST_CASE("a path variable takes all that is left, slashes included, and never nothing") {
    Site files;
    files.register_blueprint(Blueprint{"files"}.on<rest>(say_rest));
    CHECK(body_of(files, "/things/a") == "path a");
    CHECK(body_of(files, "/things/a/b/") == "path a/b/");
    CHECK(body_of(files, "/things/a//b") == "path a//b");
    CHECK(body_of(files, "/things/a%2Fb/c%20d") == "path a/b/c d");
    CHECK(body_of(files, "/things/../x") == "path ../x");  // nothing is normalised
    CHECK(status_of(files, "GET", "/things/") == 404);
    CHECK(status_of(files, "GET", "/things") == 404);
}

TEST_CASE("a missing slash is told by a 308 that keeps the query, for every method") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<list>(say_single));
    CHECK(status_of(site, "GET", "/list/") == 200);
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
        CAPTURE(method);
        const Served served = serve(site, method, "/list?page=2&q=a%2Fb");
        CHECK(served.response.status == 308);
        CHECK(served.header("Location") == "/list/?page=2&q=a%2Fb");
    }
    CHECK(serve(site, "GET", "/list").header("Location") == "/list/");
    CHECK(serve(site, "GET", "/list?").header("Location") == "/list/");
}

TEST_CASE("a surplus slash is not found") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<single>(say_single).on<list>(say_single));
    CHECK(status_of(site, "GET", "/single") == 200);
    CHECK(status_of(site, "GET", "/single/") == 404);
    CHECK(status_of(site, "GET", "/list//") == 404);
    CHECK(status_of(site, "GET", "//list/") == 404);
    CHECK(status_of(site, "GET", "//list") == 404);
}

TEST_CASE("a rule with a slash beside one without: each answers its own path") {
    static constexpr web::route<GET, "plain", "/x"> plain;
    static constexpr web::route<GET, "slashed", "/x/"> slashed;
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<plain>([](Context&) { return text_response("plain"); }).on<slashed>([](Context&) {
        return text_response("slashed");
    }));
    CHECK(body_of(site, "/x") == "plain");
    CHECK(body_of(site, "/x/") == "slashed");
}

TEST_CASE("no redirect leads to another server") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<user>(say_text).on<pair>(
        [](Context&, std::string_view, std::string_view) { return text_response("pair"); }));
    CHECK(serve(site, "GET", "/ada").header("Location") == "/ada/");
    CHECK(status_of(site, "GET", "//evil.example") == 404);
    CHECK(status_of(site, "GET", "///evil.example") == 404);
    CHECK(serve(site, "GET", "/%2Fevil.example").header("Location") == "/%2Fevil.example/");
    // Browsers read '\' as '/', and drop tabs and line ends before they look.
    for (const char* target :
         {"/\\evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\t\\evil.example"}) {
        CAPTURE(target);
        CHECK(serve(site, "GET", target).header("Location") == "(none)");
    }
}

TEST_CASE("a path variable at the root sees paths that begin with two slashes") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<everything>(say_rest));
    CHECK(body_of(site, "//evil.example/x") == "path /evil.example/x");
    CHECK(status_of(site, "GET", "/") == 404);
}

TEST_CASE("a method that the preferred rule lacks is looked for in the others that match") {
    Site site;
    site.register_blueprint(Blueprint{"b"}.on<literal>(say_single).on<make>(say_text));
    CHECK(serve(site, "POST", "/things/new").response.body == "text new");
    CHECK(body_of(site, "/things/new") == "single");
    CHECK(serve(site, "PUT", "/things/new").header("Allow") == "GET, HEAD, POST, OPTIONS");
}
