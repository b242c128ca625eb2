#include "manage/running_server.hpp"

#include <poll.h>

extern "C" {  // glibc 2.36 forgets to say so
#include <sys/pidfd.h>
}

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/run_files.hpp"

namespace manage {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;
using app::web::Value;

RunningServer::RunningServer(const config::Config& config)
    : state_file_(state_file_of(config.server.pid_file)), supervisor_(get_supervisor(config.server.pid_file)) {
    process_ = Descriptor(::pidfd_open(supervisor_, 0));
    // Asked again: between the two looks the number may have become another's.
    if (process_.get() < 0 || get_supervisor(config.server.pid_file) != supervisor_) {
        throw Error(Code::unavailable, "no server runs: process " + std::to_string(supervisor_) + " has just ended");
    }
}

Value RunningServer::state() const { return find_state(state_file_).value_or(Value(Value::Object{})); }

std::string RunningServer::text(std::string_view name) const {
    const Value all = state();
    const std::string* value = all.find_string(name);
    return value ? *value : "";
}

std::int64_t RunningServer::number(std::string_view name) const {
    const Value all = state();
    const std::int64_t* value = all.find_integer(name);
    return value ? *value : 0;
}

void RunningServer::send(int signal) const {
    if (::pidfd_send_signal(process_.get(), signal, nullptr, 0) == 0) return;
    const std::string server = "the server, process " + std::to_string(supervisor_) + ",";
    if (errno == EPERM) throw Error(Code::forbidden, server + " is another user's: use sudo, or that user's account");
    throw Error(Code::unavailable, server + " has just ended");
}

bool RunningServer::wait_for_end(std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        pollfd source{process_.get(), POLLIN, 0};
        const int ready = ::poll(&source, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
        if (ready > 0 || left <= 0) return ready > 0;
    }
}

std::chrono::milliseconds timeout_of(const Invocation& invocation, std::chrono::milliseconds otherwise) {
    const auto text = invocation.find("--timeout");
    if (!text) return otherwise;
    const auto seconds = app::base::parse_integer(*text);
    if (!seconds || *seconds < 1 || *seconds > 86400) throw UsageError("--timeout must be a number of seconds from 1 to 86400");
    return std::chrono::seconds(*seconds);
}

Option pid_file_option() {
    return {.name = "--pid-file",
            .value_name = "FILE",
            .help = "of the server that is meant, as it was given to runserver",
            .setting = "server.pid_file"};
}

}  // namespace manage
