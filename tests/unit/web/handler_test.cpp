#include "app/web/handler.hpp"

#include <doctest/doctest.h>

#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

constexpr web::route<GET, "root", "/"> root;
constexpr web::route<GET, "mixed", "/<int:id>/<name>/<path:rest>"> mixed;

Response by_pointer(Context&) { return text_response("pointer"); }

// Calls a handler with these captures as dispatch would.
std::string call(const Handler& handler, const Captures& captures = {}) {
    const Request request;
    const Site site;
    Context context{{request, site}};
    return handler(context, captures).body;
}

}  // namespace

TEST_CASE("a function pointer is a handler") { CHECK(call(make_handler<root>(by_pointer)) == "pointer"); }

TEST_CASE("a lambda with captures is a handler") {
    const std::string greeting = "hello";
    CHECK(call(make_handler<root>([greeting](Context&) { return text_response(greeting); })) == "hello");
}

TEST_CASE("the variables are handed over in the rule's order, typed as their converters say") {
    const Handler handler = make_handler<mixed>([](Context&, std::int64_t id, std::string_view name, std::string_view rest) {
        return text_response(std::to_string(id) + "|" + std::string(name) + "|" + std::string(rest));
    });
    Captures captures;
    captures[0].integer = 7;
    captures[1].text = "ada";
    captures[2].text = "a/b";
    CHECK(call(handler, captures) == "7|ada|a/b");
}

TEST_CASE("a handler may write to its context") {
    const Handler handler = make_handler<root>([](Context& context) {
        context.trace.emplace_back("called");
        return text_response(context.trace.back());
    });
    CHECK(call(handler) == "called");
}
