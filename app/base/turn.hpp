// Whether this thread is an event loop's, and how long the request that it serves may keep the other connections waiting. The
// loop opens a Turn around each handler. Who finds that it would have to wait gives the turn up: the loop then throws away what
// the handler returned and has a worker serve the same request, from its beginning.
#pragma once

#include <chrono>

#include "app/base/error.hpp"

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

    // The handler cannot go on here.
    void give_up() noexcept { given_up_ = true; }
    bool given_up() const noexcept { return given_up_; }

    // Gives up if the deadline has passed; returns whether it was given up.
    bool is_over() noexcept {
        given_up_ = given_up_ || Clock::now() >= deadline_;
        return given_up_;
    }

    // For who is about to wait (a password hash, a pause): on a loop's thread gives the turn up and throws unavailable, which no
    // client gets to see; on any other thread does nothing.
    static void leave() {
        if (!current_) return;
        current_->give_up();
        throw Error(Code::unavailable, "this request has to wait, which an event loop must not");
    }

   private:
    inline static thread_local Turn* current_ = nullptr;
    Clock::time_point deadline_;
    Turn* outer_;
    bool given_up_ = false;
};

}  // namespace app::base
