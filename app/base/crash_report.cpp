#include "app/base/crash_report.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace app::base {
namespace {

// "2026-11-23T01:02:03Z", or without the marks between, for a file's name.
template <std::size_t capacity>
void append_time(CrashText<capacity>& text, std::time_t time, std::string_view between_days, std::string_view between_hours) {
    const std::chrono::sys_seconds seconds{std::chrono::seconds(time)};
    const auto midnight = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss clock{seconds - midnight};
    text.append_number(static_cast<std::uint64_t>(int(date.year())), 10, 4).append(between_days);
    text.append_number(unsigned(date.month()), 10, 2).append(between_days).append_number(unsigned(date.day()), 10, 2).append("T");
    text.append_number(static_cast<std::uint64_t>(clock.hours().count()), 10, 2).append(between_hours);
    text.append_number(static_cast<std::uint64_t>(clock.minutes().count()), 10, 2).append(between_hours);
    text.append_number(static_cast<std::uint64_t>(clock.seconds().count()), 10, 2).append("Z");
}

template <std::size_t capacity>
void append_signal(CrashText<capacity>& text, int signal) {
    const char* const name = ::sigabbrev_np(signal);
    text.append("SIG").append(name != nullptr ? name : "?");
}

bool is_fault(int signal) { return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL; }

bool is_sent(const siginfo_t& info) { return info.si_code <= 0; }

// What lies so near to the top of the stack, and cannot be touched, is the page behind its end.
bool is_overflow(std::uintptr_t address, std::uintptr_t stack) {
    constexpr std::uintptr_t near = 64 * 1024;
    return address < stack + near && stack < address + near;
}

}  // namespace

CrashFile::CrashFile(std::string_view folder, const CrashFacts& facts) noexcept : descriptor_(STDERR_FILENO) {
    if (folder.empty()) return;
    path_.assign(folder);
    ::mkdir(path_.c_str(), 0750);  // it is there as a rule
    path_.append("/crash-");
    append_time(path_, facts.time, "", "");
    path_.append("-").append_number(static_cast<std::uint64_t>(::getpid())).append(".txt");
    const int opened = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (opened < 0) {
        path_.assign("");
    } else {
        descriptor_ = opened;
    }
}

CrashFile::~CrashFile() {
    if (descriptor_ != STDERR_FILENO) ::close(descriptor_);
}

void write_crash_text(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // nobody is left to tell
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

CrashText<2048> crash_line(const CrashFacts& facts, std::string_view path) noexcept {
    CrashText<2048> line;
    append_signal(line, facts.signal);
    line.append(" ends process ").append_number(static_cast<std::uint64_t>(::getpid()));
    if (!facts.exception.empty()) line.append(", an exception that nobody caught: ").append_harmless(facts.exception);
    return path.empty() ? line.append("; what is known follows") : line.append("; the report is ").append(path);
}

void write_crash_line(const CrashFacts& facts, std::string_view path) noexcept {
    CrashText<2100> line;
    write_crash_text(STDERR_FILENO, line.append("manage: ").append(crash_line(facts, path).view()).append("\n").view());
}

void write_crash_facts(int descriptor, const CrashFacts& facts) noexcept {
    CrashText<8192> text;
    text.append(facts.program).append("\n\nsignal     ");
    append_signal(text, facts.signal);
    const char* const meaning = ::sigdescr_np(facts.signal);
    if (meaning != nullptr) text.append(" (").append(meaning).append(")");
    if (is_sent(*facts.info)) {
        text.append(", sent by process ").append_number(static_cast<std::uint64_t>(facts.info->si_pid));
    } else if (is_fault(facts.signal)) {
        const auto address = reinterpret_cast<std::uintptr_t>(facts.info->si_addr);
        text.append(", address 0x").append_number(address, 16);
        if (facts.signal == SIGSEGV && is_overflow(address, facts.stack)) text.append(": the stack overflowed, it seems");
    }
    if (!facts.exception.empty()) text.append("\nexception  ").append_harmless(facts.exception);
    text.append("\ntime       ");
    append_time(text, facts.time, "-", ":");
    text.append("\nprocess    ").append_number(static_cast<std::uint64_t>(::getpid()));
    text.append("\nthread     ").append_number(static_cast<std::uint64_t>(::gettid()));
    text.append("\nrequest    ");
    if (facts.under_way != nullptr) {
        text.append_harmless(facts.under_way->method).append(" ").append_harmless(facts.under_way->path);
        text.append(" request_id=").append_harmless(facts.under_way->request_id);
    } else {
        text.append("none on this thread");
    }
    write_crash_text(descriptor, text.append("\n").view());
}

}  // namespace app::base
