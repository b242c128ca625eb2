// `manage openapi`: the OpenAPI document of a version of the API, and what changed from one to another. Needs neither database nor
// secret.
#include "app/api/v1_0/snapshot.hpp"
#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/openapi/diff.hpp"
#include "app/openapi/document.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

using app::openapi::Change;
using app::web::RegisteredBlueprint;
using app::web::Value;

constexpr int document_indent = 2;
constexpr const char* frozen_version = "v1.0";

// "v1.1", as the URLs have it.
std::string version_of(const RegisteredBlueprint& api) { return "v" + app::openapi::api_of(api).version; }

Value document_of(const app::web::Site& site, const std::string& version) {
    std::string known;
    for (const RegisteredBlueprint* api : app::openapi::find_apis(site)) {
        if (version_of(*api) == version) return app::openapi::document(site, *api);
        known += (known.empty() ? "" : ", ") + version_of(*api);
    }
    throw UsageError("openapi: there is no API " + version + "; there are " + known);
}

// As it was frozen.
Value snapshot(const Invocation& invocation) {
    const auto file = invocation.find("--snapshot");
    if (!file) return app::web::parse_json(app::api::v1_0::snapshot());
    const auto text = app::base::find_file(*file);
    if (!text) throw app::base::Error(app::base::Code::invalid, *file + " cannot be read");
    try {
        return app::web::parse_json(*text);
    } catch (const app::base::Error& error) {
        throw app::base::Error(error.code(), *file + ": " + error.message());
    }
}

struct DocumentComparison {
    std::string before;
    std::string after;
    std::vector<Change> breaking;  // from the one to the other: information
    std::vector<Change> drift;     // of the frozen version from its snapshot: a mistake
};

std::string as_text(const DocumentComparison& comparison) {
    std::string text;
    for (const Change& change : comparison.breaking) text += change.where + ": " + change.what + "\n";
    text += std::to_string(comparison.breaking.size()) + " changes from " + comparison.before + " to " + comparison.after +
            " would break a client\n";
    for (const Change& change : comparison.drift) {
        text += std::string(frozen_version) + " is frozen, and changed: " + change.where + ": " + change.what + "\n";
    }
    return text;
}

std::string as_json(const DocumentComparison& comparison) {
    const auto list = [](const std::vector<Change>& changes) {
        Value::List list;
        for (const Change& change : changes) list.emplace_back(Value::Object{{"where", change.where}, {"what", change.what}});
        return list;
    };
    return app::web::to_json(Value::Object{{"after", comparison.after},
                                           {"before", comparison.before},
                                           {"breaking", list(comparison.breaking)},
                                           {"drift", list(comparison.drift)}}) +
           "\n";
}

int diff(Invocation& invocation, const app::web::Site& site) {
    const auto before = invocation.find("BEFORE"), after = invocation.find("AFTER");
    if (!before || !after) throw UsageError("openapi: --diff takes two versions, as in --diff v1.0 v1.1");
    const Value frozen = document_of(site, frozen_version);
    const DocumentComparison comparison{
        .before = *before,
        .after = *after,
        .breaking = app::openapi::breaking_changes(document_of(site, *before), document_of(site, *after)),
        .drift = app::openapi::differences(snapshot(invocation), frozen)};
    invocation.print(invocation.has("--json") ? as_json(comparison) : as_text(comparison));
    return comparison.drift.empty() ? 0 : 1;
}

int run_openapi(Invocation& invocation) {
    const auto site = app::make_site(invocation.config());
    if (invocation.has("--diff")) return diff(invocation, *site);
    if (invocation.find("BEFORE")) throw UsageError("openapi: a version is named by --version, or two of them by --diff");
    const std::string newest = version_of(*app::openapi::find_apis(*site).back());
    invocation.print_or_save(
        app::web::to_json(document_of(*site, invocation.find("--version").value_or(newest)), document_indent) + "\n");
    return 0;
}

}  // namespace

Command openapi() {
    using enum Option::Kind;
    return {
        .name = "openapi",
        .help = "Print the OpenAPI document of the REST API, or what changed between two versions",
        .example = "  manage openapi --version v1.0 --output openapi.json\n"
                   "  manage openapi --diff v1.0 v1.1   # what would break a client; exit 1 if v1.0, which is frozen, changed",
        .options = {{.name = "--version", .value_name = "VERSION", .help = "of the API: v1.0, v1.1; the newest by default"},
                    {.name = "--output", .value_name = "FILE", .help = "write the document there"},
                    {.name = "--diff", .kind = flag, .help = "list the changes from BEFORE to AFTER that would break a client"},
                    {.name = "--json", .kind = flag, .help = "the list as JSON"},
                    {.name = "--snapshot",
                     .value_name = "FILE",
                     .help = "what v1.0 must be like; by default the document in this binary"},
                    {.name = "BEFORE", .kind = positional, .help = "a version, with --diff"},
                    {.name = "AFTER", .kind = positional, .help = "a version, with --diff"}},
        .run = run_openapi};
}

}  // namespace manage
