#include "manage/supervisor.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <utility>

#include "app/base/crash.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "manage/rebuild.hpp"
#include "manage/spawn.hpp"
#include "manage/supervised.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;
using app::web::Value;
using Act = Supervision::Act;

std::string title_of(pid_t worker) { return "worker " + std::to_string(worker); }

class Supervisor {
   public:
    Supervisor(SupervisorOptions options, Estate estate, const HeldSignals& held, const Notifier& notifier)
        : options_(std::move(options)),
          estate_(std::move(estate)),
          notifier_(notifier),
          supervision_(estate_.supervision.is_null() ? Supervision(options_.policy)
                                                     : Supervision(options_.policy, estate_.supervision)),
          signals_(::signalfd(-1, &held.signals(), SFD_CLOEXEC | SFD_NONBLOCK)) {
        if (options_.reload) rebuild_.emplace(options_.program);
    }

    int run();

   private:
    void wait() const;
    void read_messages();
    void read_signals();
    void react_to(int signal);
    void reap();
    void carry_out(const Supervision::Orders& orders);
    void start_worker();
    void build_if_changed();
    void swap_if_built(Rebuild::Outcome outcome);
    void tell_ready(pid_t worker);
    void pass_on(int signal) const;
    void renew();
    void keep_state(std::string_view state);
    int end();

    static Supervision::Time now() { return Supervision::Clock::now(); }

    const SupervisorOptions options_;
    Estate estate_;
    const Notifier& notifier_;
    Supervision supervision_;
    Descriptor signals_;
    std::map<pid_t, std::string> last_words_;  // of workers that are not ready
    std::optional<Rebuild> rebuild_;
    const bool had_terminal_ = ::isatty(STDIN_FILENO) == 1;
    bool told_ready_ = false, renewing_ = false, over_ = false;
    bool has_spoken_ = false;  // the last worker that ended, about why
    int ending_signal_ = 0;    // the second one
    Value written_;            // to the state file
};

int Supervisor::run() {
    ::signal(SIGCHLD, SIG_DFL);  // ignored, the system would bury the children unseen
    told_ready_ = supervision_.is_ready();
    if (told_ready_) {
        app::base::log_info("the supervisor is new as well, process " + std::to_string(::getpid()));
        read_signals();
        reap();
    } else {
        carry_out(supervision_.begin());
    }
    while (!over_) {
        keep_state(supervision_.state());
        wait();
        read_messages();
        read_signals();
        carry_out(supervision_.tick(now()));
        build_if_changed();
        const bool is_free = supervision_.state() == "running" && !(rebuild_ && rebuild_->is_busy());
        if (renewing_ && !over_ && is_free) renew();
    }
    return end();
}

void Supervisor::wait() const {
    int timeout_ms = -1;
    auto deadline = supervision_.deadline();
    if (const auto build = rebuild_ ? rebuild_->deadline() : std::nullopt; build && (!deadline || *build < *deadline)) {
        deadline = build;
    }
    if (deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now()).count();
        timeout_ms = static_cast<int>(std::max<std::int64_t>(0, left));
    }
    std::array<pollfd, 3> sources{{{signals_.get(), POLLIN, 0},
                                   {estate_.socket.descriptor(), POLLIN, 0},
                                   {rebuild_ ? rebuild_->descriptor() : -1, POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), timeout_ms);
}

void Supervisor::read_messages() {
    while (const auto message = estate_.socket.receive()) {
        if (!supervision_.is_worker(message->sender)) continue;  // a stranger, or one of a worker's children
        if (message->has("READY=1")) {
            last_words_.erase(message->sender);
            const Supervision::Orders orders = supervision_.ready(message->sender, now());
            tell_ready(message->sender);
            carry_out(orders);
        } else if (std::string words = message->value("STATUS"); !words.empty() && !message->has("STOPPING=1")) {
            last_words_[message->sender] = std::move(words);
        }
    }
}

void Supervisor::read_signals() {
    signalfd_siginfo signal;
    while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) react_to(static_cast<int>(signal.ssi_signo));
}

void Supervisor::react_to(int signal) {
    const bool terminal_is_gone = signal == SIGHUP && had_terminal_ && ::isatty(STDIN_FILENO) == 0;
    if (signal == SIGCHLD) {
        reap();
    } else if (signal == SIGUSR2) {
        app::base::log_info("starting a worker of " + options_.program + " to take over");
        carry_out(supervision_.swap(now()));
    } else if (signal == SIGUSR1 || (signal == SIGHUP && !terminal_is_gone)) {
        app::base::reopen_log();
        pass_on(signal);
    } else {
        if (supervision_.state() == "stopping") ending_signal_ = signal;
        notifier_.tell("STOPPING=1\nSTATUS=answering the requests under way");
        carry_out(supervision_.stop(now()));
    }
}

void Supervisor::reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        if (rebuild_) swap_if_built(rebuild_->ended(pid, status));
        read_messages();  // what it said before it ended
        const auto words = last_words_.find(pid);
        const bool is_worker = supervision_.is_worker(pid);
        const bool was_serving = is_worker && pid == supervision_.worker() && supervision_.state() != "stopping";
        std::string reason = title_of(pid) + " " + text_of_end(status);
        has_spoken_ = words != last_words_.end();
        if (has_spoken_) reason += ": " + words->second;
        last_words_.erase(pid);
        if (const auto report = app::base::find_crash_report(options_.crash_folder, pid); report && WIFSIGNALED(status)) {
            reason += "; its report is " + *report;
        }
        const Supervision::Orders orders = supervision_.ended(pid, reason, now());
        if (told_ready_ && (was_serving || (is_worker && supervision_.failure().reason == reason))) app::base::log_error(reason);
        carry_out(orders);
    }
}

void Supervisor::carry_out(const Supervision::Orders& orders) {
    for (const auto& [act, pid] : orders) {
        switch (act) {
            case Act::start: start_worker(); break;
            case Act::hand_over: ::kill(pid, SIGQUIT); break;
            case Act::stop: ::kill(pid, SIGTERM); break;
            case Act::kill:
                app::base::log_error(title_of(pid) + " took too long and is killed");
                ::kill(pid, SIGKILL);
                break;
            case Act::renew: renewing_ = true; break;
            case Act::finish: over_ = true; break;
        }
    }
}

void Supervisor::start_worker() {
    Launch launch{.arguments = {options_.program}, .port = estate_.port.socket()};
    launch.arguments.insert(launch.arguments.end(), options_.worker_arguments.begin(), options_.worker_arguments.end());
    launch.environment = {{"NOTIFY_SOCKET", estate_.socket.address()}, {supervisor_variable, std::to_string(::getpid())}};
    try {
        supervision_.started(spawn(launch), now());
    } catch (const Error& error) {
        app::base::log_error(error.message());
        carry_out(supervision_.not_started(error.message(), now()));
    }
}

void Supervisor::build_if_changed() {
    if (!rebuild_ || over_ || supervision_.state() == "stopping") return;
    try {
        rebuild_->read_changes(now());
        rebuild_->tick(now());
    } catch (const Error& error) {
        app::base::log_error(error.message());
    }
}

void Supervisor::swap_if_built(Rebuild::Outcome outcome) {
    if (outcome == Rebuild::Outcome::failed) app::base::log_error("the build failed: the server goes on as it was");
    if (outcome == Rebuild::Outcome::unchanged) app::base::log_info("the build changed nothing in the server");
    if (outcome != Rebuild::Outcome::built) return;
    app::base::log_info("the server was built anew: swapping it");
    carry_out(supervision_.swap(now()));
}

void Supervisor::tell_ready(pid_t worker) {
    if (worker != supervision_.worker()) return;  // too late
    app::base::log_info(title_of(worker) + " serves");
    if (std::exchange(told_ready_, true)) return;
    if (!options_.banner.empty()) write_all(STDERR_FILENO, options_.banner);
    notifier_.tell("READY=1\nSTATUS=serving " + *options_.about.at("url").string());
}

void Supervisor::pass_on(int signal) const {
    for (const pid_t pid : supervision_.workers()) ::kill(pid, signal);
}

// Executes the program that lies at the path now: the same process, with the same port, lock and workers.
void Supervisor::renew() {
    renewing_ = false;
    estate_.bequeath(supervision_.save());
    if (!notifier_.address().empty()) ::setenv("NOTIFY_SOCKET", notifier_.address().c_str(), 1);
    app::base::flush_log();
    std::vector<std::string> arguments = options_.arguments;
    std::vector<char*> argv{const_cast<char*>(options_.program.c_str())};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv.front(), argv.data());
    const std::string reason = app::base::system_message(errno);
    app::base::log_warning("the supervisor stays as it is: " + options_.program + " cannot be executed: " + reason);
    estate_.take_back();
    ::unsetenv("NOTIFY_SOCKET");
}

// The file is for others: a disk that is full for a moment ends no service.
void Supervisor::keep_state(std::string_view state) {
    Value::Object all = options_.about;
    const Supervision::Failure& failure = supervision_.failure();
    all["state"] = state;
    all["supervisor"] = static_cast<int>(::getpid());
    all["worker"] = static_cast<int>(supervision_.worker());
    all["since"] = app::base::rfc3339(estate_.since);
    all["restarts"] = supervision_.restarts();
    all["swaps"] = supervision_.swaps();
    all["swap_error"] = supervision_.swap_error();
    all["failure"] = failure.reason;
    all["failed_at"] = failure.reason.empty() ? "" : app::base::rfc3339(failure.at);
    if (written_ == Value(all)) return;
    try {
        write_state(state_file_of(estate_.pid_file.path()), all);
        written_ = std::move(all);
    } catch (const Error& error) {
        app::base::log_warning(error.message());
    }
}

int Supervisor::end() {
    if (rebuild_) rebuild_->stop();
    for (const pid_t pid : supervision_.workers()) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    const bool failed = supervision_.exit_code() != 0;
    keep_state(failed ? "failed" : "stopped");
    estate_.pid_file.remove();
    if (ending_signal_ != 0) {
        app::base::flush_log();
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, ending_signal_);
        ::signal(ending_signal_, SIG_DFL);
        ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
        ::raise(ending_signal_);
    }
    if (!failed) {
        app::base::log_info("stopped");
        return 0;
    }
    const std::string& reason = supervision_.failure().reason;
    if (supervision_.gave_up()) {
        throw Error(Code::unavailable, "given up after " + std::to_string(options_.policy.restarts_max + 1) +
                                           " failures in a row; the last one: " + reason);
    }
    if (!has_spoken_) throw Error(Code::unavailable, "the server did not start: " + reason);
    notifier_.tell("STATUS=the server did not start: " + reason);
    return 1;  // the worker has written it to standard error
}

}  // namespace

int run_supervisor(SupervisorOptions options, Estate estate, const HeldSignals& held, const Notifier& notifier) {
    return Supervisor(std::move(options), std::move(estate), held, notifier).run();
}

}  // namespace manage
