// The threads for what may wait: writes, password hashes, slow reads. A bounded queue in front of them: a full one is the
// caller's to answer, so that overload is told at once instead of being queued.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace app::http {

class Workers {
   public:
    using Job = std::function<void()>;  // must not throw

    // Starts `thread_count` threads (at least 1); at most `queue_max` jobs wait for one.
    Workers(std::size_t thread_count, std::size_t queue_max);

    // As stop.
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Drops what is queued, waits for what is running and ends the threads; what comes later is refused.
    void stop();

    // False, with the job untouched, when the queue is full. Any thread.
    bool try_run(Job& job);

   private:
    void work();

    const std::size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable queued_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace app::http
