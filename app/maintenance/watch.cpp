#include "app/maintenance/watch.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/thread.hpp"

namespace app::maintenance {
namespace {

constexpr std::chrono::seconds interval{1};

bool is_same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

// Each writing makes a new file (base::NewFile); an editor may change the one that is there.
bool is_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size && is_same(a.st_mtim, b.st_mtim) &&
           is_same(a.st_ctim, b.st_ctim);
}

}  // namespace

Watch::Watch(Switch& turned, std::string path) : switch_(turned), path_(std::move(path)) {
    look();
    thread_ = base::start_thread([this] { run(); });
}

Watch::~Watch() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ended_.notify_one();
    thread_.join();
}

void Watch::run() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, interval, [this] { return ending_; })) {
        lock.unlock();
        look();
        lock.lock();
    }
}

void Watch::look() {
    struct stat found{};
    if (::stat(path_.c_str(), &found) == 0) {
        if (seen_ && is_same(*seen_, found)) return;
        seen_ = found;
        read();
    } else if (errno == ENOENT) {
        seen_.reset();
        trouble_.clear();
        if (!switch_.current()) return;
        switch_.turn_off();
        base::log_info("maintenance is over");
    } else {
        complain("cannot look at " + path_ + ": " + std::strerror(errno) + "; maintenance stays as it was");
    }
}

void Watch::read() {
    try {
        auto notice = find_notice(path_);
        if (!notice) return seen_.reset();  // gone since: the next look tells
        base::log_info("maintenance: requests are answered with 503: " + notice->message);
        switch_.turn_on(std::move(*notice));
        trouble_.clear();
    } catch (const base::Error& error) {
        if (!switch_.current()) switch_.turn_on({});
        complain(error.message() + "; maintenance is on as long as that file is there");
    }
}

void Watch::complain(const std::string& trouble) {
    if (trouble_ != trouble) base::log_warning(trouble);
    trouble_ = trouble;
}

}  // namespace app::maintenance
