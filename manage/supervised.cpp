#include "manage/supervised.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "manage/run_files.hpp"

namespace manage {

namespace {

constexpr std::chrono::seconds retry_after{10};

}  // namespace

std::optional<Supervised> Supervised::of_environment() {
    const char* value = std::getenv(supervisor_variable);
    const auto pid = app::base::parse_integer(value == nullptr ? "" : value);
    ::unsetenv(supervisor_variable);
    if (!pid) return std::nullopt;
    ::prctl(PR_SET_PDEATHSIG, gone);
    const auto supervisor = static_cast<pid_t>(*pid);
    Launch successor{.arguments = command_line_of(supervisor), .group = Launch::Group::same};
    if (successor.arguments.empty()) return std::nullopt;  // it is gone, and nobody can say how it was started
    successor.arguments.front() = program_path();
    return Supervised(supervisor, std::move(successor));
}

void Supervised::set_port(int port, std::string pid_file) {
    launch_.port = port;
    pid_file_ = std::move(pid_file);
}

bool Supervised::is_orphan() const { return ::getppid() != supervisor_; }

bool Supervised::is_replaced() {
    if (successor_ == 0) {
        if (Clock::now() >= again_at_) start_successor();
        return false;
    }
    while (const auto message = socket_->receive()) {
        if (message->sender == successor_ && message->has("READY=1")) return true;
    }
    int status = 0;
    if (::waitpid(successor_, &status, WNOHANG) != successor_) return false;
    successor_ = 0;
    if (find_supervisor(pid_file_)) return true;
    app::base::log_error("no supervisor: the new one " + text_of_end(status) + "; this worker goes on, and tries again in 10 s");
    again_at_ = Clock::now() + retry_after;
    return false;
}

void Supervised::start_successor() {
    app::base::log_error("supervisor " + std::to_string(supervisor_) + " is gone: worker " + std::to_string(::getpid()) +
                         " starts a new one");
    again_at_ = Clock::now() + retry_after;
    try {
        if (!socket_) socket_.emplace();
        launch_.environment["NOTIFY_SOCKET"] = socket_->address();
        successor_ = spawn(launch_);
    } catch (const app::base::Error& error) {
        app::base::log_error(error.message());
    }
}

}  // namespace manage
