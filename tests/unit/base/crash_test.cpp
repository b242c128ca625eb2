#include "app/base/crash.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "app/base/crash_report.hpp"
#include "app/base/thread.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using namespace app::base;
using tests::contains;

namespace {

// A process that dies of `crash`, and what it left.
struct Victim {
    tests::TemporaryFolder folder;
    pid_t pid = -1;
    int signal = 0;
    std::string report, line;

    explicit Victim(const std::function<void()>& crash) {
        const std::string error_path = folder / "err";
        std::fflush(nullptr);
        pid = fork();
        if (pid == 0) {
            const rlimit no_core{0, 0};
            setrlimit(RLIMIT_CORE, &no_core);
            if (std::freopen(error_path.c_str(), "w", stderr) == nullptr) _exit(1);
            // doctest has handlers of its own, and is not to see how this process ends.
            report_crashes("a victim, version 1");
            place_crash_reports(folder / "reports");
            crash();
            _exit(0);
        }
        int status = 0;
        REQUIRE(waitpid(pid, &status, 0) == pid);
        signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        line = tests::read_text(error_path);
        if (const auto found = find_crash_report(folder / "reports", pid)) report = tests::read_text(*found);
    }
};

[[gnu::noinline]] int write_nowhere(volatile int* place) {
    *place = 1;
    return *place;
}

// Sanitizers report crashes themselves, and end the process in their own way.
auto where_reported() { return doctest::skip(!can_report_crashes()); }

// As deep as the stack goes.
[[gnu::noinline]] int dig(int depth) {  // NOLINT(misc-no-recursion)
    volatile char room[512];
    room[0] = static_cast<char>(depth);
    return depth == 0 ? 0 : dig(depth + 1) + room[0];
}

}  // namespace

TEST_CASE("a crash leaves a report of what, when and where, and ends by its signal" * where_reported()) {
    const Victim victim([] {
        const UnderWay outer("GET", "/outside", "req-0");
        {
            const UnderWay inner("GET", "/before", "req-1");
        }
        const UnderWay request("POST", "/api/v1.1/posts/\x1b", "req-2");
        write_nowhere(nullptr);
    });
    CHECK(victim.signal == SIGSEGV);
    INFO(victim.report);
    CHECK(victim.report.starts_with("a victim, version 1\n\nsignal     SIGSEGV (Segmentation fault), address 0x0\n"));
    CHECK(contains(victim.report,
                   "\nprocess    " + std::to_string(victim.pid) + "\nthread     " + std::to_string(victim.pid) + "\n"));
    CHECK(contains(victim.report, "\nrequest    POST /api/v1.1/posts/? request_id=req-2\n"));
    CHECK(contains(victim.report, "\naddresses, the innermost first\n"));
    CHECK(contains(victim.report, "\nfunctions, the innermost first\n#0  "));
    CHECK(contains(victim.report, "write_nowhere(int volatile*)"));
    CHECK(victim.report.find("write_nowhere") < victim.report.find("Victim"));
    CHECK(victim.line == "manage: SIGSEGV ends process " + std::to_string(victim.pid) + "; the report is " +
                             find_crash_report(victim.folder / "reports", victim.pid).value() + "\n");
}

TEST_CASE("every signal of a crash is reported, and is the one that ends the process" * where_reported()) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
        CAPTURE(signal);
        const Victim victim([signal] { raise(signal); });
        CHECK(victim.signal == signal);
        CHECK(contains(victim.report, "signal     SIG" + std::string(sigabbrev_np(signal))));
        CHECK(contains(victim.report, "request    none on this thread\n"));
    }
}

TEST_CASE("an exception that nobody caught is told with its type and text, on whatever thread" * where_reported()) {
    const Victim victim([] { start_thread([] { throw std::runtime_error("out of\ncheese"); }).join(); });
    CHECK(victim.signal == SIGABRT);
    CHECK(contains(victim.report, "\nexception  std::runtime_error: out of?cheese\n"));
    CHECK(contains(victim.line, ", an exception that nobody caught: std::runtime_error: out of?cheese; the report is "));
}

TEST_CASE("a stack that overflows is reported as such, on the first thread as on others" * where_reported()) {
    for (const bool on_a_thread : {false, true}) {
        CAPTURE(on_a_thread);
        const Victim victim([on_a_thread] {
            const auto overflow = [] { static_cast<void>(dig(1)); };
            on_a_thread ? start_thread(overflow).join() : overflow();
        });
        CHECK(victim.signal == SIGSEGV);
        INFO(victim.report);
        CHECK(contains(victim.report, ": the stack overflowed, it seems\n"));
        CHECK(contains(victim.report, "dig(int)"));
    }
}

TEST_CASE("a thread that crashes while all its signals are held back is reported too" * where_reported()) {
    const Victim victim([] { start_thread([] { write_nowhere(nullptr); }).join(); });
    CHECK(victim.signal == SIGSEGV);
    CHECK(contains(victim.report, "write_nowhere"));
}

TEST_CASE("where no file can be made the report is on standard error" * where_reported()) {
    const Victim victim([] {
        place_crash_reports("/dev/null/reports");
        raise(SIGFPE);
    });
    CHECK(victim.signal == SIGFPE);
    CHECK(contains(victim.line, "; what is known follows\na victim, version 1\n"));
    CHECK(contains(victim.line, "\nfunctions, the innermost first\n"));
}

TEST_CASE("in a build with a sanitizer no handler is put in its place" * doctest::skip(can_report_crashes())) {
    const auto handler_of = [](int signal) {
        struct sigaction action{};
        sigaction(signal, nullptr, &action);
        return action.sa_sigaction;
    };
    const auto before = handler_of(SIGSEGV);
    report_crashes("a test");
    CHECK((handler_of(SIGSEGV) == before));
}

TEST_CASE("the report of a process is found among others, the newest") {
    const tests::TemporaryFolder folder;
    for (const char* name :
         {"crash-20261123T010203Z-47.txt", "crash-20261123T010204Z-47.txt", "crash-20261123T010205Z-147.txt", "notes-47.txt"})
        tests::write_text(folder / name, "");
    CHECK(find_crash_report(folder.path(), 47) == folder / "crash-20261123T010204Z-47.txt");
    CHECK_FALSE(find_crash_report(folder.path(), 4));
    CHECK_FALSE(find_crash_report(folder / "nowhere", 47));
}

TEST_CASE("text in a fixed place is cut where it ends") {
    CrashText<8> text;
    CHECK(text.append("abcdef").append("ghi").view() == "abcdefg");
    CHECK(text.assign("").append_number(0).append_number(7, 10, 2).append_number(255, 16).view() == "007ff");
}
