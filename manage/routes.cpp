// `manage routes`: the URL space as create_app registers it, or what one request would meet there. Needs neither database nor secret.
#include <algorithm>
#include <tuple>

#include "app/app.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/route_report.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

struct ListedRoute {
    std::string rule;
    std::string methods;  // "GET, HEAD, OPTIONS"
    std::string endpoint;
};

std::vector<ListedRoute> list_routes(const app::web::Site& site) {
    std::vector<ListedRoute> routes;
    for (const app::web::Rule& rule : site.rules()) {
        routes.push_back({rule.text(), app::web::to_string(rule.methods), rule.endpoint});
    }
    std::ranges::sort(routes, {}, [](const ListedRoute& route) { return std::tie(route.rule, route.methods); });
    return routes;
}

std::string as_json(const std::vector<ListedRoute>& routes) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_array();
    for (const ListedRoute& route : routes) {
        json.begin_object().field("endpoint", route.endpoint).key("methods").begin_array();
        for (const std::string_view method : app::base::split(route.methods, ',')) json.value(app::base::trim(method));
        json.end_array().field("rule", route.rule).end_object();
    }
    json.end_array();
    return text + "\n";
}

std::string as_table(const std::vector<ListedRoute>& routes) {
    std::vector<std::vector<std::string>> rows{{"RULE", "METHODS", "ENDPOINT"}};
    for (const ListedRoute& route : routes) rows.push_back({route.rule, route.methods, route.endpoint});
    return aligned(rows);
}

// 0: an endpoint answers, or the client is told where to go; 1: nobody does.
int test(Invocation& invocation, const app::web::Site& site) {
    const auto method = invocation.find("METHOD"), url = invocation.find("URL");
    if (!method || !url) throw UsageError("routes: --test takes a method and a URL, as in --test GET /posts/7");
    const MeantRequest request(*method, *url);
    const app::web::Explanation found = app::web::explain(site, {.method = request.method, .target = request.target});
    invocation.print(invocation.has("--json") ? as_json(request, found) : as_text(request, found));
    return found.status.value_or(0) >= 400 ? 1 : 0;
}

int run_routes(Invocation& invocation) {
    if (!invocation.has("--test") && invocation.has("METHOD")) throw UsageError("routes: METHOD and URL go with --test");
    const auto site = app::make_site(invocation.config());
    if (invocation.has("--test")) return test(invocation, *site);
    const std::vector<ListedRoute> routes = list_routes(*site);
    invocation.print(invocation.has("--json") ? as_json(routes) : as_table(routes));
    return 0;
}

}  // namespace

Command routes() {
    using enum Option::Kind;
    return {.name = "routes",
            .help = "List the URLs that are served, or tell what a request would meet",
            .example = "  manage routes --json\n"
                       "  manage routes --test GET /api/v1.1/posts/7   # its rule, arguments and hooks; exit 1 for 404 and 405",
            .options = {{.name = "--json", .kind = flag, .help = "as JSON"},
                        {.name = "--test", .kind = flag, .help = "tell what a request with METHOD for URL would meet"},
                        {.name = "METHOD", .kind = positional, .help = "GET, POST, ...; with --test"},
                        {.name = "URL", .kind = positional, .help = "a path, or a whole URL, with --test"}},
            .run = run_routes};
}

}  // namespace manage
