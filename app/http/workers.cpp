#include "app/http/workers.hpp"

#include <system_error>

#include "app/base/thread.hpp"

namespace app::http {

Workers::Workers(std::size_t thread_count, std::size_t queue_max, Counts& counts)
    : thread_count_(thread_count), queue_max_(queue_max), counts_(counts) {
    const std::lock_guard lock(mutex_);
    start({});
}

Workers::~Workers() { stop(); }

void Workers::stop() {
    std::deque<Job> dropped;  // whoever waits for these answers is gone
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(queue_);
        for (Worker* worker : idle_) worker->given.post();
        idle_.clear();
    }
    dropped.clear();  // without the lock, which a job's end may want
    for (Worker& worker : workers_) {
        if (worker.thread.joinable()) worker.thread.join();
    }
    counts_.workers_busy = 0;
    counts_.workers_queued = 0;
}

bool Workers::try_run(Job& job) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    if (!idle_.empty()) {
        idle_.back()->job = std::move(job);
        idle_.back()->given.post();
        idle_.pop_back();
        tell();
        return true;
    }
    if (workers_.size() < thread_count_) {
        try {
            start(job);
            tell();
            return true;
        } catch (const std::system_error&) {
            // The system has no thread to give: those that there are do the work.
        }
    }
    if (queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
    tell();
    return true;
}

// A new thread, with its first job.
void Workers::start(Job job) {
    Worker& worker = workers_.emplace_back();
    worker.job = std::move(job);
    try {
        worker.thread = base::start_thread([this, &worker] { work(worker); });
    } catch (...) {
        workers_.pop_back();
        throw;
    }
}

void Workers::work(Worker& self) {
    do {
        if (self.job) self.job();
        self.job = nullptr;
    } while (next(self));
}

// With the lock.
void Workers::tell() noexcept {
    counts_.workers_busy.store(static_cast<std::int64_t>(workers_.size() - idle_.size()), std::memory_order_relaxed);
    counts_.workers_queued.store(static_cast<std::int64_t>(queue_.size()), std::memory_order_relaxed);
}

// Waits for a job; false: there will be none.
bool Workers::next(Worker& self) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        if (!queue_.empty()) {
            self.job = std::move(queue_.front());
            queue_.pop_front();
            tell();
            return true;
        }
        idle_.push_back(&self);
        tell();
    }
    self.given.wait();
    return self.job != nullptr;
}

}  // namespace app::http
