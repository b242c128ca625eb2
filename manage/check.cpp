// `manage check`: looks over a config and the machine under it before somebody else does, and says what to type.
#include <algorithm>
#include <array>

#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/findings.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

constexpr std::array<std::string_view, 4> production_configs{"production", "standalone", "docker", "unix"};

std::string_view name_of(Level level) {
    switch (level) {
        case Level::info: return "info";
        case Level::warning: return "warning";
        case Level::error: return "error";
    }
    return {};
}

Level fail_level(const Invocation& invocation) {
    const bool deploys = invocation.has("--deploy");
    const std::string name = invocation.find("--fail-level").value_or(deploys ? "warning" : "error");
    return name == "warning" ? Level::warning : Level::error;
}

Findings find_all(const config::Config& config, bool deploys) {
    const bool exposed =
        deploys || is_public(config.server) || std::ranges::find(production_configs, config.name) != production_configs.end();
    Findings all;
    for (const Findings& some : {check_settings(config, exposed), check_tls(config.server), check_mail(config, exposed),
                                 check_database(config), check_files(config), check_system(config)}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    std::ranges::stable_sort(all, std::ranges::greater{}, &Finding::level);
    return all;
}

std::string as_json(const config::Config& config, const Findings& findings, bool failed) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object().field("config", config.name).field("failed", failed).key("findings").begin_array();
    for (const Finding& finding : findings) {
        json.begin_object()
            .field("level", name_of(finding.level))
            .field("reason", finding.reason)
            .field("remedy", finding.remedy)
            .field("subject", finding.subject)
            .end_object();
    }
    json.end_array().end_object();
    return text + "\n";
}

std::string as_table(const config::Config& config, const Findings& findings) {
    if (findings.empty()) return "The config " + config.name + ": nothing to mend.\n";
    std::vector<std::vector<std::string>> rows{{"LEVEL", "WHAT", "WHY", "TO MEND IT"}};
    for (const Finding& finding : findings) {
        rows.push_back({std::string(name_of(finding.level)), finding.subject, finding.reason, finding.remedy});
    }
    return aligned(rows);
}

int run_check(Invocation& invocation) {
    const Level fails_from = fail_level(invocation);
    const config::Config& config = invocation.config();
    const Findings findings = find_all(config, invocation.has("--deploy"));
    const bool failed = !findings.empty() && findings.front().level >= fails_from;
    invocation.print(invocation.has("--json") ? as_json(config, findings, failed) : as_table(config, findings));
    return failed ? 1 : 0;
}

}  // namespace

Command check() {
    return {.name = "check",
            .help = "Look for what is wrong with a config and this machine",
            .example = "  manage check --deploy --config standalone",
            .options = {{.name = "--deploy",
                         .kind = Option::Kind::flag,
                         .help = "as for a server that strangers reach; warnings fail too"},
                        {.name = "--json", .kind = Option::Kind::flag, .help = "as JSON"},
                        {.name = "--fail-level",
                         .value_name = "LEVEL",
                         .help = "exit with 1 from this level on: warning or error",
                         .choices = {"warning", "error"}}},
            .run = run_check};
}

}  // namespace manage
