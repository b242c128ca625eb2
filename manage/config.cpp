// `manage config`: every setting as it takes effect, and who set it. Needs neither database nor secret, and shows no secret.
#include "config/config.hpp"

#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"

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

int run(Invocation& invocation) {
    const config::Loaded& loaded = invocation.loaded();
    invocation.print(invocation.has("--json") ? as_json(loaded) : as_table(loaded));
    return 0;
}

}  // namespace

Command show_config() {
    return {.name = "config",
            .help = "Show every setting, its value and where it comes from",
            .example = "  manage config --config production",
            .options = {{.name = "--json", .kind = Option::Kind::flag, .help = "as JSON, with help and variables"}},
            .run = run};
}

}  // namespace manage
