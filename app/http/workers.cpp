#include "app/http/workers.hpp"

#include "app/base/thread.hpp"

namespace app::http {

Workers::Workers(std::size_t thread_count, std::size_t queue_max) : queue_max_(queue_max) {
    threads_.reserve(thread_count);
    for (std::size_t i = 0; i < thread_count; ++i) threads_.push_back(base::start_thread([this] { work(); }));
}

Workers::~Workers() { stop(); }

void Workers::stop() {
    std::deque<Job> dropped;  // whoever waits for these answers is gone; destroyed without the lock
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(queue_);
    }
    queued_.notify_all();
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

bool Workers::try_run(Job& job) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(job));
    }
    queued_.notify_one();
    return true;
}

void Workers::work() {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job();
    }
}

}  // namespace app::http
