// `manage stop`: ends a supervised server and waits until all of it is over.
#include <csignal>

#include "app/base/error.hpp"
#include "manage/commands.hpp"
#include "manage/running_server.hpp"

namespace manage {

namespace {

constexpr std::chrono::seconds stop_spare{15};  // beyond what requests under way may take

int run_stop(Invocation& invocation) {
    const config::Server& config = invocation.config().server;
    const std::chrono::milliseconds needed{config.drain_delay_ms + config.grace_ms};
    const std::chrono::milliseconds timeout = timeout_of(invocation, needed + stop_spare);
    const RunningServer server(invocation.config());
    server.send(SIGTERM);
    if (!server.wait_for_end(timeout)) {
        throw app::base::Error(app::base::Code::unavailable,
                               "process " + std::to_string(server.supervisor()) + " still answers requests after " +
                                   std::to_string(timeout.count() / 1000) + " s; a second `manage stop` ends it at once");
    }
    invocation.print("stopped: process " + std::to_string(server.supervisor()) + "\n");
    return 0;
}

}  // namespace

Command stop() {
    return {.name = "stop",
            .help = "End a server that was started with --daemon or --supervise, when its requests are answered",
            .example = "  manage stop --timeout 60",
            .options = {pid_file_option(),
                        {.name = "--timeout",
                         .value_name = "SECONDS",
                         .help = "how long to wait; without it as long as the config lets requests take"}},
            .run = run_stop};
}

}  // namespace manage
