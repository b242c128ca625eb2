// The threads for what may wait: writes, password hashes, slow reads. A bounded queue in front of them: a full one is the
// caller's to answer, so that overload is told at once instead of being queued.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "app/base/semaphore.hpp"
#include "app/http/counts.hpp"

namespace app::http {

class Workers {
   public:
    using Job = std::function<void()>;  // must not throw

    // Up to `thread_count` threads (at least 1), of which one is started here and each other one when it is first needed; at most
    // `queue_max` jobs wait for one. How many are busy and waiting is told to `counts`, which outlives them. Throws std::system_error
    // when not even the first thread can be started.
    Workers(std::size_t thread_count, std::size_t queue_max, Counts& counts);

    // As stop.
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Drops what is queued, waits for what is running and ends the threads; what comes later is refused.
    void stop();

    // False, with the job untouched, when the queue is full. The thread that was busy last gets the job, since its stack and its
    // memory are still in the processor's cache. Any thread.
    bool try_run(Job& job);

   private:
    struct Worker {
        std::thread thread;
        base::Semaphore given;  // a job, or the end
        Job job;
    };

    void start(Job job);
    void work(Worker& self);
    bool next(Worker& self);
    void tell() noexcept;

    const std::size_t thread_count_, queue_max_;
    Counts& counts_;
    std::mutex mutex_;            // guards what follows
    std::deque<Worker> workers_;  // a deque: addresses stay
    std::vector<Worker*> idle_;   // who became idle last is last
    std::deque<Job> queue_;
    bool stopping_ = false;
};

}  // namespace app::http
