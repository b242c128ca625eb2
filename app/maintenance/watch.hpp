// Whether this server is under maintenance: requests ask the Switch, a Watch turns it.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/maintenance/notice.hpp"

namespace app::maintenance {

// Any thread.
class Switch {
   public:
    // The notice that holds now, null when there is none. Costs one relaxed load in the ordinary case.
    std::shared_ptr<const Notice> current() const {
        if (!is_on_.load(std::memory_order_relaxed)) return nullptr;
        const std::lock_guard lock(mutex_);
        return notice_;
    }

    void turn_on(Notice notice) {
        auto made = std::make_shared<const Notice>(std::move(notice));
        const std::lock_guard lock(mutex_);
        notice_ = std::move(made);
        is_on_.store(true, std::memory_order_relaxed);
    }

    void turn_off() {
        const std::lock_guard lock(mutex_);
        notice_.reset();
        is_on_.store(false, std::memory_order_relaxed);
    }

   private:
    std::atomic<bool> is_on_{false};
    mutable std::mutex mutex_;
    std::shared_ptr<const Notice> notice_;
};

// Looks at the file of `notice.hpp` once a second, by one stat, on a thread of its own: a shared folder may hang. Tells the log of every
// change. A file that is there but cannot be understood leaves maintenance as it was, and on if it was off; a file that cannot be looked
// at leaves all as it was. The log is told once.
class Watch {
   public:
    // Has looked once when it returns. `turned` outlives the watch.
    Watch(Switch& turned, std::string path);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    void run();
    void look();
    void read();
    void complain(const std::string& trouble);

    Switch& switch_;
    const std::string path_;
    std::optional<struct stat> seen_;
    std::string trouble_;  // what the log was told last

    std::mutex mutex_;
    std::condition_variable ended_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace app::maintenance
