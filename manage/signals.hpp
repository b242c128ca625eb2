// Signals that end a program, held back for a while.
#pragma once

#include <csignal>
#include <initializer_list>

namespace manage {

// Those by which a person or the system ends a program.
inline constexpr std::initializer_list<int> ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// Holds the signals back from this thread, and from those that it starts meanwhile, for good. One that came does its work when the
// object goes. A signal goes to any thread that does not hold it: all others must hold it too.
class HeldSignals {
   public:
    explicit HeldSignals(std::initializer_list<int> signals) {
        sigemptyset(&signals_);
        for (const int signal : signals) sigaddset(&signals_, signal);
        pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    }
    ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    const sigset_t& signals() const noexcept { return signals_; }

   private:
    sigset_t signals_;
    sigset_t before_;
};

}  // namespace manage
