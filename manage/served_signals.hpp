// What signals ask of a server that runs: to stop, to make room for its successor, to open its log anew.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <thread>

#include "app/mailing.hpp"
#include "app/serve.hpp"
#include "manage/service_manager.hpp"
#include "manage/signals.hpp"
#include "manage/supervised.hpp"

namespace manage {

inline constexpr std::initializer_list<int> served_signals{SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD};

// While it lives, SIGHUP and SIGUSR1 reopen the log, and SIGHUP has the certificates read again as well. The first SIGTERM or SIGINT
// stops the server: /readyz says 503 for drain_delay_ms, then the port is closed. SIGQUIT stops it as well, but as one whose port is
// served by another already: /readyz stays as it is, and nobody waits. A second signal of these ends the program as it would without
// all this. SIGUSR2, which is for supervisors, is told in the log. A worker whose supervisor is gone sees to it that there is a new one,
// and then ends as at SIGQUIT.
class ServedSignals {
   public:
    // `held` holds served_signals, in every thread; `sender` may be null. All outlive the object.
    ServedSignals(const HeldSignals& held, app::App& app, app::http::Server& server, app::outbox::Sender* sender,
                  const Notifier& notifier, std::optional<Supervised> supervised = {});
    ~ServedSignals();
    ServedSignals(const ServedSignals&) = delete;
    ServedSignals& operator=(const ServedSignals&) = delete;

   private:
    using Clock = std::chrono::steady_clock;

    void serve(const std::stop_token& over);
    int wait_while_serving();
    std::optional<int> wait_for_stop(std::optional<Clock::time_point> end = {}) const;
    int wait_until(Clock::time_point end) const;
    bool terminal_is_gone() const;
    void end_by(int signal) const;

    const HeldSignals& held_;
    app::App& app_;
    app::http::Server& server_;
    app::outbox::Sender* const sender_;
    const Notifier& notifier_;
    std::optional<Supervised> supervised_;
    const bool had_terminal_;
    bool is_stopping_ = false;  // for the thread alone
    std::jthread thread_;
};

}  // namespace manage
