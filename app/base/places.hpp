// So many at a time, in the order in which they came: a semaphore whose queue is bounded in length and in time, so that a crowd is
// told to come back instead of being kept.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace app::base {

// Any thread.
class Places {
   public:
    // At least one place. At most `waiting_max` wait for one, each for `wait_max` at most.
    Places(std::size_t places, std::size_t waiting_max, std::chrono::milliseconds wait_max)
        : waiting_max_(waiting_max), wait_max_(wait_max), free_(places) {}
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;

    // Takes a place, waiting for it if need be; false when too many wait already, or nobody left in time. Who got true leaves.
    bool try_enter() {
        std::unique_lock lock(mutex_);
        if (free_ > 0) {
            --free_;
            return true;
        }
        if (waiting_ >= waiting_max_) return false;
        ++waiting_;
        const bool given = left_.wait_for(lock, wait_max_, [this] { return given_ > 0; });
        --waiting_;
        if (given) --given_;
        return given;
    }

    // Gives the place to one who waits: whoever comes just now does not get it before him.
    void leave() {
        const std::lock_guard lock(mutex_);
        if (waiting_ > given_) {
            ++given_;
            left_.notify_one();
        } else {
            ++free_;
        }
    }

   private:
    const std::size_t waiting_max_;
    const std::chrono::milliseconds wait_max_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable left_;
    std::size_t free_;
    std::size_t waiting_ = 0;
    std::size_t given_ = 0;  // places of those who wait, and have not woken yet
};

}  // namespace app::base
