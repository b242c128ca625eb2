#include "manage/served_signals.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <stop_token>

#include "app/base/log.hpp"

namespace manage {

namespace {

constexpr std::chrono::milliseconds orphan_interval{50};

}  // namespace

ServedSignals::ServedSignals(const HeldSignals& held, app::App& app, app::http::Server& server, app::outbox::Sender* sender,
                             const Notifier& notifier, std::optional<Supervised> supervised)
    : held_(held),
      app_(app),
      server_(server),
      sender_(sender),
      notifier_(notifier),
      supervised_(std::move(supervised)),
      had_terminal_(::isatty(STDIN_FILENO) == 1),
      thread_([this](const std::stop_token& over) { serve(over); }) {}

ServedSignals::~ServedSignals() {
    thread_.request_stop();
    // It waits for this one, which is held.  NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
    ::pthread_kill(thread_.native_handle(), SIGTERM);
}

void ServedSignals::serve(const std::stop_token& over) {
    const int first = wait_while_serving();
    if (over.stop_requested()) return;
    is_stopping_ = true;
    if (!supervised_ || !supervised_->is_orphan()) notifier_.tell("STOPPING=1\nSTATUS=answering the requests under way");
    app::base::log_info("stopping when the requests under way are answered; a second signal stops at once");
    if (first != SIGQUIT) {
        app_.services().draining = true;
        const std::chrono::milliseconds drain_delay(app_.services().config.server.drain_delay_ms);
        if (const auto signal = wait_for_stop(Clock::now() + drain_delay)) end_by(*signal);
    }
    if (sender_ != nullptr) sender_->begin_stop();
    server_.stop();
    const auto second = wait_for_stop();
    if (!over.stop_requested()) end_by(*second);
}

// The signal that ends it; SIGQUIT too when an orphan is replaced.
int ServedSignals::wait_while_serving() {
    for (;;) {
        const bool is_orphan = supervised_ && supervised_->is_orphan();
        if (is_orphan && supervised_->is_replaced()) return SIGQUIT;
        const auto signal = is_orphan ? wait_for_stop(Clock::now() + orphan_interval) : wait_for_stop();
        if (signal && *signal != Supervised::gone) return *signal;
    }
}

// The next signal that stops, or Supervised::gone as long as it serves; nothing if none comes until `end`. Does meanwhile what the other
// signals ask for.
std::optional<int> ServedSignals::wait_for_stop(std::optional<Clock::time_point> end) const {
    for (;;) {
        const int signal = end ? wait_until(*end) : ::sigwaitinfo(&held_.signals(), nullptr);
        if (signal == SIGINT || signal == SIGTERM || signal == SIGQUIT) return signal;
        if (signal == SIGHUP && terminal_is_gone()) return signal;
        if (signal == SIGHUP || signal == SIGUSR1) app::base::reopen_log();
        if (signal == SIGHUP) server_.reload_certificates();
        if (signal == SIGUSR2 && !supervised_) {
            app::base::log_warning("SIGUSR2 changes nothing here: it is for a server with --supervise");
        }
        if (signal == Supervised::gone && supervised_ && supervised_->is_orphan() && !is_stopping_) return signal;
        if (signal < 0 && errno == EAGAIN) return std::nullopt;
    }
}

int ServedSignals::wait_until(Clock::time_point end) const {
    const auto left = std::max(end - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec time{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
    return ::sigtimedwait(&held_.signals(), nullptr, &time);
}

// Whoever closes the terminal that he started the server in means it to end.
bool ServedSignals::terminal_is_gone() const { return had_terminal_ && ::isatty(STDIN_FILENO) == 0; }

void ServedSignals::end_by(int signal) const {
    app::base::flush_log();
    std::signal(signal, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &held_.signals(), nullptr);
    ::raise(signal);
}

}  // namespace manage
