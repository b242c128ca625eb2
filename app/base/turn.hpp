// Whether this thread is an event loop's, and how long the request that it serves may keep the other connections waiting. The
// loop opens a Turn around each handler; whoever might wait asks it: a write refuses to run, a long read gives up, and the loop
// then serves the same request again on a worker.
#pragma once

#include <chrono>

namespace app::base {

class Turn {
   public:
    using Clock = std::chrono::steady_clock;

    // The turn that this thread is in, or null on any other thread than a loop's.
    static Turn* current() noexcept { return current_; }

    explicit Turn(Clock::time_point deadline) noexcept : deadline_(deadline), outer_(current_) { current_ = this; }
    ~Turn() { current_ = outer_; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    // Whether the deadline has passed; remembers that it did.
    bool overrun() noexcept {
        overran_ = overran_ || Clock::now() >= deadline_;
        return overran_;
    }
    // Whether somebody gave up because of it: what the handler returned is of no use.
    bool overran() const noexcept { return overran_; }

   private:
    inline static thread_local Turn* current_ = nullptr;
    Clock::time_point deadline_;
    Turn* outer_;
    bool overran_ = false;
};

}  // namespace app::base
