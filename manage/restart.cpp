// `manage restart`: swaps a supervised server for one of the binary and the config as they are now, without losing a request.
#include <algorithm>
#include <csignal>

#include "app/base/error.hpp"
#include "manage/commands.hpp"
#include "manage/running_server.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;

constexpr std::chrono::milliseconds poll_interval{50};
constexpr std::chrono::seconds swap_spare{10};

int run_restart(Invocation& invocation) {
    const std::chrono::milliseconds needed{invocation.config().server.ready_timeout_ms};
    const std::chrono::milliseconds timeout = timeout_of(invocation, 2 * needed + swap_spare);  // one swap may be under way
    const RunningServer server(invocation.config());
    const std::string name = "process " + std::to_string(server.supervisor());
    const std::int64_t old_worker = server.number("worker");
    // One that is under way may have begun before the binary was replaced: the one after it counts.
    const std::int64_t wanted = server.number("swaps") + (server.text("state") == "swapping" ? 2 : 1);
    server.send(SIGUSR2);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (server.number("swaps") < wanted) {
        if (server.wait_for_end(poll_interval)) throw Error(Code::unavailable, "the server, " + name + ", has ended meanwhile");
        if (std::chrono::steady_clock::now() > deadline) {
            throw Error(Code::unavailable, "the new worker is not ready yet; the server goes on trying, see `manage status`");
        }
    }
    if (const std::string error = server.text("swap_error"); !error.empty()) {
        throw Error(Code::unavailable, "the server goes on as it was: " + error);
    }
    invocation.print("restarted: worker " + std::to_string(server.number("worker")) + " serves in place of " +
                     std::to_string(old_worker) + "\n");
    return 0;
}

}  // namespace

Command restart() {
    return {.name = "restart",
            .help = "Swap a server that was started with --daemon or --supervise for the binary as it is now, losing no request",
            .example = "  manage restart",
            .options = {pid_file_option(),
                        {.name = "--timeout", .value_name = "SECONDS", .help = "how long to wait for the new one to be ready"}},
            .run = run_restart};
}

}  // namespace manage
