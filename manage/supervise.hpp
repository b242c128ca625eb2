// `manage runserver` as it becomes a supervisor, or starts one in the background.
#pragma once

#include <string>

#include "manage/command.hpp"
#include "manage/service_manager.hpp"
#include "manage/signals.hpp"

namespace manage {

// The URL at which people on this machine reach a server.
std::string url_of(const config::Server& server, int port);

// The same for a banner: of a server on all addresses with a word about that.
std::string place_of(const config::Server& server, int port);

// Serves under a supervisor until SIGTERM or SIGINT; returns the exit code. Throws what run_supervisor, PidFile and open_port throw.
int supervise(Invocation& invocation, const HeldSignals& held, const Notifier& notifier);

// Starts a supervisor in a session of its own, and returns 0 with a banner once it is ready. Throws unavailable with the reason if it
// ends before. What it says goes to log.file, or to runserver.log beside the pid file.
int start_daemon(Invocation& invocation, const HeldSignals& held);

}  // namespace manage
