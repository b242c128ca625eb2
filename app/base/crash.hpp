// What a crash leaves behind: a report in a file, and one line on standard error that names it. Then the signal does what it would have
// done without all this (core dump, exit by signal), so that who started the process sees what happened.
//
// A crash is SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT, and with it an exception that nobody caught and a stack that overflowed. The report
// says the signal, version, time, thread, the request under way on that thread, and where it was: raw addresses, written without any
// memory or lock, and then their functions and lines, found by a forked child, so that a broken heap costs no more than the names.
// Nothing in here waits for long: an alarm ends it all by the first signal. Sanitizers report crashes themselves: in their builds
// nothing is installed.
//
// A signal handler is given no object: like the log, this is one per process.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <string_view>

namespace app::base {

inline constexpr int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// Whether this build reports crashes: not with AddressSanitizer or ThreadSanitizer.
bool can_report_crashes() noexcept;

// From now on crashes of this process are reported so, on standard error. `program` is a line about it: name, version, build. To be
// called once, before other threads are started.
void report_crashes(std::string_view program);

// Reports go to files of that folder, made if need be; `in_log`: the line that names them goes to the log as well, which is not standard
// error. Not while another thread may crash.
void place_crash_reports(const std::string& folder, bool in_log = false);

// The newest report of the process `pid` in that folder, as "folder/crash-20261123T010203Z-4711.txt"; nothing when there is none.
std::optional<std::string> find_crash_report(const std::string& folder, pid_t pid);

// Room for a signal handler on a thread whose own stack has overflowed. On each thread, as long as it lives; start_thread does so.
class CrashStack {
   public:
    CrashStack() noexcept;
    ~CrashStack();
    CrashStack(const CrashStack&) = delete;
    CrashStack& operator=(const CrashStack&) = delete;

   private:
    void* memory_ = nullptr;
};

// What this thread is busy with, for the report. The views outlive the object, which belongs to one thread; they hold no secret.
class UnderWay {
   public:
    UnderWay(std::string_view method, std::string_view path, std::string_view request_id) noexcept
        : method(method), path(path), request_id(request_id), outer_(current_) {
        current_ = this;
    }
    ~UnderWay() { current_ = outer_; }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

    static const UnderWay* current() noexcept { return current_; }

    const std::string_view method, path, request_id;

   private:
    inline static thread_local const UnderWay* current_ = nullptr;
    const UnderWay* outer_;
};

}  // namespace app::base
