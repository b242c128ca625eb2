// `manage runserver --supervise`: keeps the port, and a worker that serves it: another `manage runserver`, which gets the port handed
// over and says when it is ready, as from systemd. Restarts one that fails, swaps it for one of a new binary without losing a request,
// and then becomes the new binary itself. Makes no application. What it decides is in supervision.hpp.
#pragma once

#include <string>
#include <vector>

#include "manage/estate.hpp"
#include "manage/service_manager.hpp"
#include "manage/signals.hpp"
#include "manage/supervision.hpp"

namespace manage {

struct SupervisorOptions {
    std::string program;                        // the path of `manage`: what lies there when a worker is started is started
    std::vector<std::string> arguments;         // of this process, without the program
    std::vector<std::string> worker_arguments;  // of its workers
    Supervision::Policy policy;
    app::web::Value::Object about;  // what the state file says besides: "url", "config", "version"
    std::string crash_folder;       // where a worker that crashes leaves its report
    bool reload = false;            // swap when the checkout was changed and built, see rebuild.hpp
    std::string banner;             // to be shown once, when it is ready; empty: it goes to the log
};

// Until SIGTERM or SIGINT; returns the exit code of the program. Throws unavailable when it gives up, with the reason. `held` holds
// served_signals. For the main thread.
int run_supervisor(SupervisorOptions options, Estate estate, const HeldSignals& held, const Notifier& notifier);

}  // namespace manage
