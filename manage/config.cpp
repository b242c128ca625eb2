// `manage config`: every setting as it takes effect, and who set it, or what differs in another config. Needs neither database nor
// secret, and shows no secret.
#include "config/config.hpp"

#include <unistd.h>

#include <utility>

#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "config/settings.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

std::string as_json(const config::Loaded& loaded) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object().field("name", loaded.config.name).field("origin", loaded.name_origin).key("settings").begin_array();
    for (const config::Effective& setting : loaded.settings) {
        json.begin_object()
            .field("help", setting.help)
            .field("key", setting.key)
            .field("origin", setting.origin)
            .field("value", setting.value)
            .field("variable", setting.variable)
            .end_object();
    }
    json.end_array().end_object();
    return text + "\n";
}

std::string as_table(const config::Loaded& loaded) {
    std::vector<std::vector<std::string>> rows{{"SETTING", "VALUE", "SET BY"}};
    rows.push_back({"config", loaded.config.name, loaded.name_origin});
    for (const config::Effective& setting : loaded.settings) rows.push_back({setting.key, setting.value, setting.origin});
    return aligned(rows);
}

// A setting that is not the same in two configs; `there` says so of a secret that is another one.
struct DifferentSetting {
    config::Effective here;
    config::Effective there;
};

struct SettingComparison {
    const config::Loaded& here;
    config::Loaded there;
    std::vector<DifferentSetting> differences = {};
    std::vector<std::string> problems = {};  // why one of the two would not start
};

// With the environment and .env of the one at hand. Throws UsageError where there is no such config, invalid where it does not
// validate.
config::Loaded load_other(const std::string& name) {
    try {
        return config::load(name, config::Environment::of_process());
    } catch (const app::base::Error& error) {
        constexpr std::string_view by_name = "command line --config: ";
        if (error.message().starts_with(by_name)) throw UsageError("config: --diff: " + error.message().substr(by_name.size()));
        throw app::base::Error(error.code(), "the config " + name + " does not validate: " + error.message());
    }
}

SettingComparison compare(const config::Loaded& here, const std::string& name) {
    SettingComparison comparison{.here = here, .there = load_other(name)};
    const auto settings = config::settings();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        if (config::is_equal(settings[i], here.config, comparison.there.config)) continue;
        DifferentSetting difference{here.settings[i], comparison.there.settings[i]};
        if (difference.here.value == difference.there.value) difference.there.value += " (another one)";
        comparison.differences.push_back(std::move(difference));
    }
    for (const config::Config* config : {&here.config, &std::as_const(comparison.there.config)}) {
        try {
            config::require_secret(*config);
        } catch (const app::base::Error& error) {
            comparison.problems.push_back("the config " + config->name + " would not start: " + error.message());
        }
    }
    return comparison;
}

std::string as_json(const SettingComparison& comparison) {
    using app::web::Value;
    const auto side = [](const config::Effective& setting) {
        return Value::Object{{"origin", setting.origin}, {"value", setting.value}};
    };
    Value::List differences;
    for (const DifferentSetting& one : comparison.differences) {
        differences.emplace_back(Value::Object{{"here", side(one.here)}, {"key", one.here.key}, {"there", side(one.there)}});
    }
    return app::web::to_json(Value::Object{{"differences", std::move(differences)},
                                           {"here", comparison.here.config.name},
                                           {"problems", Value::List(comparison.problems.begin(), comparison.problems.end())},
                                           {"there", comparison.there.config.name}}) +
           "\n";
}

std::string as_table(const SettingComparison& comparison) {
    const std::string &here = comparison.here.config.name, &there = comparison.there.config.name;
    if (comparison.differences.empty()) return "The settings of " + here + " and " + there + " are the same.\n";
    std::vector<std::vector<std::string>> rows{{"SETTING", here, "SET BY", there, "SET BY"}};
    const auto value = [](const config::Effective& setting) { return setting.value.empty() ? "(empty)" : setting.value; };
    for (const auto& [mine, other] : comparison.differences) {
        rows.push_back({mine.key, value(mine), mine.origin, value(other), other.origin});
    }
    return aligned(rows);
}

int diff(Invocation& invocation, const std::string& name) {
    const SettingComparison comparison = compare(invocation.loaded(), name);
    invocation.print(invocation.has("--json") ? as_json(comparison) : as_table(comparison));
    for (const std::string& problem : comparison.problems) {
        write_all(STDERR_FILENO, coloured(STDERR_FILENO, "warning:", Colour::yellow) + " " + problem + "\n");
    }
    return 0;
}

int run_config(Invocation& invocation) {
    const config::Loaded& loaded = invocation.loaded();
    if (const auto name = invocation.find("--diff")) return diff(invocation, *name);
    invocation.print(invocation.has("--json") ? as_json(loaded) : as_table(loaded));
    return 0;
}

}  // namespace

Command show_config() {
    using enum Option::Kind;
    return {.name = "config",
            .help = "Show every setting, its value and where it comes from, or what differs in another config",
            .example = "  manage config --config production\n"
                       "  manage config --diff production",
            .options = {{.name = "--diff", .value_name = "NAME", .help = "only what is otherwise in the config of that name"},
                        {.name = "--json", .kind = flag, .help = "as JSON; without --diff with help and variables"}},
            .run = run_config};
}

}  // namespace manage
