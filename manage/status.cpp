// `manage status`: whether a supervised server runs, and how it has fared.
#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/run_files.hpp"
#include "manage/running_server.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

using app::web::Value;

std::string text_of(const RunningServer& server) {
    const std::string failure = server.text("failure"), swap_error = server.text("swap_error");
    std::vector<std::vector<std::string>> rows{{"state", server.text("state") + ", since " + server.text("since")},
                                               {"url", server.text("url")},
                                               {"config", server.text("config")},
                                               {"version", server.text("version")},
                                               {"supervisor", std::to_string(server.supervisor())},
                                               {"worker", std::to_string(server.number("worker"))},
                                               {"restarts", std::to_string(server.number("restarts")) + " after failures, " +
                                                                std::to_string(server.number("swaps")) + " swaps"}};
    if (!failure.empty()) rows.push_back({"failure", failure + " (" + server.text("failed_at") + ")"});
    if (!swap_error.empty()) rows.push_back({"swap", "the last one failed: " + swap_error});
    return aligned(rows);
}

int run_status(Invocation& invocation) try {
    const RunningServer server(invocation.config());
    if (!invocation.has("--json")) {
        invocation.print(text_of(server));
        return 0;
    }
    Value state = server.state();
    (*state.object())["running"] = true;
    (*state.object())["supervisor"] = static_cast<int>(server.supervisor());
    invocation.print(app::web::to_json(state, 2) + "\n");
    return 0;
} catch (const app::base::Error& error) {
    if (error.code() != app::base::Code::unavailable || !invocation.has("--json")) throw;
    Value state = find_state(state_file_of(invocation.config().server.pid_file)).value_or(Value(Value::Object{}));
    (*state.object())["running"] = false;
    (*state.object())["reason"] = error.message();
    invocation.print(app::web::to_json(state, 2) + "\n");
    return 1;
}

}  // namespace

Command status() {
    return {.name = "status",
            .help = "Show how a server fares that was started with --daemon or --supervise; exit code 1 if none runs",
            .example = "  manage status --json",
            .options = {pid_file_option(), {.name = "--json", .kind = Option::Kind::flag, .help = "as JSON"}},
            .run = run_status};
}

}  // namespace manage
