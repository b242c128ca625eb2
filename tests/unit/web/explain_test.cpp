// explain: what it tells of a request is what dispatch does with it.
#include "app/web/explain.hpp"

#include <doctest/doctest.h>

#include "app/web/dispatch.hpp"
#include "test_context.hpp"

using namespace app;
using namespace app::web;

namespace {

using Names = std::vector<std::string>;

constexpr web::route<GET, "get_item", "/items/<int:id>"> get_item;
constexpr web::route<PUT, "edit_item", "/items/<int:id>"> edit_item;
constexpr web::route<GET, "get_file", "/files/<path:name>"> get_file;
constexpr web::route<GET, "list_items", "/items/"> list_items;

// Hooks that leave their names in the trace.
void add_hooks(Blueprint& blueprint, const std::string& owner, const std::string& name) {
    const std::string full = owner + "." + name;
    blueprint.before_request(
        [full](Context& context) -> std::optional<Response> {
            context.trace.push_back("before " + full);
            return std::nullopt;
        },
        name);
    blueprint.after_request([full](Context& context, Response&) { context.trace.push_back("after " + full); }, name);
    blueprint.teardown_request([full](Context& context, const base::Error*) { context.trace.push_back("teardown " + full); },
                               name);
}

struct Shop : Site {
    Shop() {
        Blueprint base{"base"};
        add_hooks(base, "base", "inherited");
        Blueprint api{"api", "/api"};
        api.on<get_item>([](Context&, std::int64_t) { return text_response("item"); });
        api.on<edit_item>([](Context&, std::int64_t) { return text_response("edited"); });
        api.on<get_file>([](Context&, std::string_view) { return text_response("file"); });
        api.on<list_items>([](Context&) { return text_response("items"); });
        add_hooks(api, "api", "one");
        api.extend(base);
        add_hooks(api, "api", "two");
        register_blueprint(api);
        Blueprint everywhere{"everywhere"};
        everywhere.before_app_request(
            [](Context& context) -> std::optional<Response> {
                context.trace.emplace_back("before everywhere.gate");
                return std::nullopt;
            },
            "gate");
        everywhere.after_app_request([](Context& context, Response&) { context.trace.emplace_back("after everywhere.unnamed"); });
        register_blueprint(everywhere);
    }
};

Explanation explained(const Site& site, std::string_view method, std::string_view target) {
    return explain(site, {.method = method, .target = target});
}

}  // namespace

TEST_CASE("a request for a rule is told with its blueprint, endpoint and converted arguments") {
    const Shop shop;
    const Explanation found = explained(shop, "GET", "/api/items/007?page=2");
    CHECK_FALSE(found.status);
    REQUIRE(found.rule);
    CHECK(found.rule->text() == "/api/items/<int:id>");
    CHECK(found.rule->endpoint == "api.get_item");
    CHECK(found.blueprint->name == "api");
    REQUIRE(found.arguments.size() == 1);
    CHECK(found.arguments[0].name == "id");
    CHECK(found.arguments[0].converter == Converter::integer);
    CHECK(found.arguments[0].value == "7");
    const Explanation file = explained(shop, "HEAD", "/api/files/a%20b/c");
    REQUIRE(file.arguments.size() == 1);
    CHECK(file.arguments[0].value == "a b/c");
}

TEST_CASE("404, 405, 308, 400 and OPTIONS are told as dispatch answers them") {
    const Shop shop;
    const Explanation missing = explained(shop, "GET", "/api/nothing");
    CHECK(missing.status == 404);
    CHECK_FALSE(missing.rule);
    CHECK(missing.blueprint->name == "api");
    CHECK(explained(shop, "GET", "/nothing").blueprint == nullptr);
    const Explanation refused = explained(shop, "BREW", "/api/items/7");
    CHECK(refused.status == 405);
    CHECK(to_string(refused.allowed) == serve(shop, "BREW", "/api/items/7").header("Allow"));
    const Explanation moved = explained(shop, "GET", "/api/items?page=2");
    CHECK(moved.status == 308);
    CHECK(moved.location == "/api/items/?page=2");
    const Explanation malformed = explained(shop, "GET", "/api/%zz");
    CHECK(malformed.status == 400);
    CHECK(malformed.reason == "the path has a malformed percent-escape");
    const Explanation options = explained(shop, "OPTIONS", "/api/items/7");
    CHECK(options.status == 204);
    CHECK(to_string(options.allowed) == serve(shop, "OPTIONS", "/api/items/7").header("Allow"));
}

TEST_CASE("the status and the hooks, in their order, are those of dispatch for every kind of request") {
    const Shop shop;
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"}) {
        for (const char* target :
             {"/api/items/7", "/api/items/x", "/api/items", "/api/items/", "/api/files/a/b", "/nothing", "/api/%", "nothing"}) {
            CAPTURE(method);
            CAPTURE(target);
            const Explanation found = explained(shop, method, target);
            const Served served = serve(shop, method, target);
            CHECK(found.status.value_or(200) == served.response.status);
            Names names;
            for (const std::string& name : found.before) names.push_back("before " + name);
            for (const std::string& name : found.after) names.push_back("after " + name);
            for (const std::string& name : found.teardown) names.push_back("teardown " + name);
            CHECK(names == served.trace);
        }
    }
}

TEST_CASE("hooks keep the name of the blueprint that brought them, and one without a name is called so") {
    const Explanation found = explained(Shop(), "GET", "/api/items/7");
    CHECK(found.before == Names{"everywhere.gate", "api.one", "base.inherited", "api.two"});
    CHECK(found.after == Names{"api.two", "base.inherited", "api.one", "everywhere.unnamed"});
}
