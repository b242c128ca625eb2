#include "app/base/log_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/thread.hpp"

namespace app::base {
namespace {

constexpr auto write_delay = std::chrono::milliseconds(100);
constexpr auto look_interval = std::chrono::seconds(1);
constexpr std::size_t batch_bytes = 64 * 1024;
constexpr std::size_t waiting_bytes_max = 16 * 1024 * 1024;

int open_log(const std::string& path) {
    if (path.empty()) return STDERR_FILENO;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        throw Error(Code::unavailable, "cannot open the log file " + path + ": " + std::strerror(errno));
    }
    return descriptor;
}

}  // namespace

LogWriter::LogWriter(std::string path, std::function<void(const std::string&)> tell)
    : path_(std::move(path)), tell_(std::move(tell)), descriptor_(open_log(path_)) {
    thread_ = start_thread([this] { run(); });
}

LogWriter::~LogWriter() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    filled_.notify_one();
    thread_.join();
    write_pending();
    if (!path_.empty()) ::close(descriptor_);
}

void LogWriter::append(std::string_view lines) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        const std::size_t before = lines_.size();
        if (before + lines.size() > waiting_bytes_max) {
            ++lost_;
            return;
        }
        lines_ += lines;
        wake = before == 0 || (before < batch_bytes && lines_.size() >= batch_bytes);
    }
    if (wake) filled_.notify_one();
}

void LogWriter::flush() {
    const std::unique_lock lock(writing_mutex_, std::try_to_lock);
    if (lock) write_pending();
}

void LogWriter::reopen() {
    if (path_.empty()) return;
    const int opened = open_log(path_);
    const std::lock_guard lock(writing_mutex_);
    write_pending();
    use(opened);
}

void LogWriter::use(int opened) {
    if (written_ > 0) written_ = writing_.rfind('\n', written_ - 1) + 1;  // npos + 1 is the first line's begin
    ::close(descriptor_);
    descriptor_ = opened;
    is_away_ = false;
    complained_.clear();
}

// Who rotates moves the file, perhaps makes a new one, and tells us: that takes less time than lies between two looks.
void LogWriter::look_after_file() {
    const auto now = std::chrono::steady_clock::now();
    if (path_.empty() || now < next_look_) return;
    next_look_ = now + look_interval;
    struct stat ours{}, there{};
    if (::fstat(descriptor_, &ours) != 0) return;
    const bool is_there = ::stat(path_.c_str(), &there) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
    const bool was_away = std::exchange(is_away_, !is_there);
    if (is_there || !was_away) return;
    try {
        use(open_log(path_));
        tell_("the log file " + path_ + " was moved or deleted without SIGUSR1: it is made anew");
    } catch (const Error& error) {
        complain(error.message() + "; it was moved or deleted, lines go to the old one");
    }
}

void LogWriter::complain(const std::string& what) {
    if (path_.empty() || complained_ == what) return;
    complained_ = what;
    const std::string line = what + "\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());  // nobody else is left to tell
}

void LogWriter::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            filled_.wait(lock, [this] { return ending_ || failing_ || !lines_.empty(); });
            filled_.wait_for(lock, write_delay, [this] { return ending_ || (!failing_ && lines_.size() >= batch_bytes); });
            if (ending_) return;
        }
        const std::lock_guard lock(writing_mutex_);
        write_pending();
        look_after_file();
    }
}

// One batch, after what an earlier one left. The two buffers change places, so that neither is ever allocated again.
void LogWriter::write_pending() {
    if (!write_rest()) return;
    {
        const std::lock_guard lock(mutex_);
        writing_.swap(lines_);
    }
    if (write_rest()) tell_if_mended();
}

bool LogWriter::write_rest() {
    while (written_ < writing_.size()) {
        const auto taken = ::write(descriptor_, writing_.data() + written_, writing_.size() - written_);
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0) {
            failure_ = std::strerror(errno);
            complain("the log file " + path_ + " cannot be written: " + failure_ + "; its lines wait in memory");
            {
                const std::lock_guard lock(mutex_);  // else the thread may fall asleep between its look and this
                failing_ = true;
            }
            filled_.notify_one();
            return false;
        }
        written_ += static_cast<std::size_t>(taken);
    }
    writing_.clear();
    written_ = 0;
    return true;
}

void LogWriter::tell_if_mended() {
    std::uint64_t lost = 0;
    {
        const std::lock_guard lock(mutex_);
        lost = std::exchange(lost_, 0);
    }
    if (!failing_ && lost == 0) return;
    failing_ = false;
    complained_.clear();
    const std::string why = failure_.empty() ? "it was not taken fast enough" : std::exchange(failure_, {});
    tell_("the log is written again, after: " + why + "; lines lost: " + std::to_string(lost));
}

}  // namespace app::base
