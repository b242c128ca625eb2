// `manage openapi`: the OpenAPI document of a version of the API. Needs neither database nor secret.
#include "app/app.hpp"
#include "app/openapi/document.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

using app::web::RegisteredBlueprint;

// "v1.1", as the URLs have it.
std::string version_of(const RegisteredBlueprint& api) { return "v" + app::openapi::api_of(api).version; }

// The newest one when nobody asks for another.
const RegisteredBlueprint& find_version(const app::web::Site& site, const std::optional<std::string>& version) {
    const auto apis = app::openapi::find_apis(site);
    std::string known;
    for (const RegisteredBlueprint* api : apis) {
        if (version_of(*api) == version || (!version && api == apis.back())) return *api;
        known += (known.empty() ? "" : ", ") + version_of(*api);
    }
    throw UsageError("there is no API " + version.value_or("") + "; there are " + known);
}

int run(Invocation& invocation) {
    const auto site = app::make_site(invocation.config());
    const auto& api = find_version(*site, invocation.find("--version"));
    invocation.print(app::web::to_json(app::openapi::document(*site, api), 2) + "\n");
    return 0;
}

}  // namespace

Command openapi() {
    return {
        .name = "openapi",
        .help = "Print the OpenAPI document of the REST API",
        .example = "  manage openapi --version v1.0",
        .options = {{.name = "--version", .value_name = "VERSION", .help = "of the API: v1.0 or newer; the newest by default"}},
        .run = run};
}

}  // namespace manage
