// `manage routes`: the URL space as create_app registers it. Needs neither database nor secret.
#include <algorithm>
#include <tuple>

#include "app/app.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

struct Route {
    std::string rule;
    std::string methods;  // "GET, HEAD, OPTIONS"
    std::string endpoint;
};

std::vector<Route> list_routes(const app::web::Site& site) {
    std::vector<Route> routes;
    for (const app::web::Rule& rule : site.rules()) {
        routes.push_back({rule.text(), app::web::to_string(rule.methods), rule.endpoint});
    }
    std::ranges::sort(routes, {}, [](const Route& route) { return std::tie(route.rule, route.methods); });
    return routes;
}

std::string as_json(const std::vector<Route>& routes) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_array();
    for (const Route& route : routes) {
        json.begin_object().field("endpoint", route.endpoint).key("methods").begin_array();
        for (const std::string_view method : app::base::split(route.methods, ',')) json.value(app::base::trim(method));
        json.end_array().field("rule", route.rule).end_object();
    }
    json.end_array();
    return text + "\n";
}

std::string as_table(const std::vector<Route>& routes) {
    std::vector<std::vector<std::string>> rows{{"RULE", "METHODS", "ENDPOINT"}};
    for (const Route& route : routes) rows.push_back({route.rule, route.methods, route.endpoint});
    return aligned(rows);
}

int run(Invocation& invocation) {
    const std::vector<Route> routes = list_routes(*app::make_site(invocation.config()));
    invocation.print(invocation.has("--json") ? as_json(routes) : as_table(routes));
    return 0;
}

}  // namespace

Command routes() {
    return {.name = "routes",
            .help = "List the URLs that are served, with their methods and endpoints",
            .example = "  manage routes --json",
            .options = {{.name = "--json", .kind = Option::Kind::flag, .help = "as JSON"}},
            .run = run};
}

}  // namespace manage
