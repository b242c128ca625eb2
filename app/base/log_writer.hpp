// Writes the log's lines to a file or to standard error without anybody waiting for it: lines are gathered in memory, and a
// thread of its own writes what has gathered after 100 ms, or when it is 64 KiB. A request therefore neither pays for a system
// call nor waits for a slow disk. Lines are written whole and in the order in which they came.
//
// What cannot be written, on a full disk for instance, is kept and tried again ten times a second, and standard error is told why, in one
// line. When 16 MiB are waiting, further lines are counted and dropped; once writing works again, `tell` is given one line about it.
//
// A file that is no longer at its path, moved or deleted without a call of reopen, is opened anew after about a second, and `tell` says so;
// who rotates it and calls reopen is faster. While that fails the old one stays in use, and standard error is told why.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace app::base {

class LogWriter {
   public:
    // Appends to the file at `path`, made with mode 0640 if need be; "": standard error. `tell` is called on any thread that
    // writes, and may append. Throws unavailable, naming the file and the system's reason, if it cannot be opened.
    LogWriter(std::string path, std::function<void(const std::string& what)> tell);

    // Writes what is left, if it can be written.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    // Adds whole lines, each with its end. Any thread; does not write.
    void append(std::string_view lines);

    // Writes what was appended, unless another thread is writing just now, which may be stuck. Any thread.
    void flush();

    // Opens the file anew, which may have been moved: what was appended before goes to the old one, a line that it holds half
    // comes whole in the new one. Throws as the constructor does; the old file then stays in use. Does nothing for standard error.
    void reopen();

   private:
    void run();
    void write_pending();
    bool write_rest();
    void tell_if_mended();
    void look_after_file();
    void use(int opened);
    void complain(const std::string& what);

    const std::string path_;
    const std::function<void(const std::string&)> tell_;

    std::mutex mutex_;  // guards what is appended; never held while writing
    std::condition_variable filled_;
    std::string lines_;
    std::uint64_t lost_ = 0;
    bool ending_ = false;

    std::mutex writing_mutex_;  // guards the file and what is on its way there
    int descriptor_;
    std::string writing_;
    std::size_t written_ = 0;  // of writing_
    std::string failure_;
    std::atomic<bool> failing_{false};
    std::chrono::steady_clock::time_point next_look_{};
    bool is_away_ = false;    // the file was not at its path at the last look
    std::string complained_;  // of what standard error was told last

    std::thread thread_;
};

}  // namespace app::base
