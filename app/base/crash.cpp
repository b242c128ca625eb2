#include "app/base/crash.hpp"

#include <cxxabi.h>
#include <execinfo.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>

#include "app/base/crash_report.hpp"
#include "app/base/log.hpp"
#include "app/base/stack_trace.hpp"

namespace app::base {
namespace {

constexpr unsigned patience_s = 10;              // for all of it
constexpr unsigned names_patience_s = 5;         // for the child that finds names
constexpr unsigned flush_patience_s = 2;         // for the log
constexpr std::size_t stack_bytes = 256 * 1024;  // what is not used costs no memory

// What the handler reads: written before it is installed, or by the thread that crashes.
struct State {
    CrashText<512> program;
    CrashText<1024> folder;
    CrashText<512> exception;
    bool in_log = false;
    std::atomic<int> signal{0};  // the first one
    std::atomic<pid_t> thread{0};
};
constinit State state;

// Ends the process by the first signal, as if it had not been caught.
[[noreturn]] void end_by_first_signal() {
    const int signal = state.signal;
    ::signal(signal, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
}

// From now on this thread is interrupted, and the process ended, when it takes longer.
void give_it(unsigned seconds) {
    struct sigaction action{};
    action.sa_handler = [](int) { end_by_first_signal(); };
    action.sa_flags = SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGALRM, &action, nullptr);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    ::alarm(seconds);
}

void write_addresses(int descriptor, std::span<void* const> addresses) {
    write_crash_text(descriptor, "\naddresses, the innermost first\n");
    ::backtrace_symbols_fd(addresses.data(), static_cast<int>(addresses.size()), descriptor);
}

// In a child, which has this thread's stack and nobody else's locks to set free: what it cannot do ends with it.
void write_names(int descriptor, std::span<void* const> addresses) {
    const pid_t child = ::_Fork();
    if (child == 0) {
        for (const int signal : crash_signals) ::signal(signal, SIG_DFL);
        ::signal(SIGALRM, SIG_DFL);
        ::alarm(names_patience_s);
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        write_functions(descriptor, addresses);
        ::_exit(0);
    }
    int status = 0;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (child < 0 || status != 0) write_crash_text(descriptor, "(no more names could be found)\n");
}

// Where the thread was when the signal came; zeros where nobody has taught this machine's registers.
struct Interrupted {
    std::uintptr_t instruction = 0, stack = 0;

    explicit Interrupted(const void* context) {
        const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
        instruction = static_cast<std::uintptr_t>(machine.gregs[REG_RIP]);
        stack = static_cast<std::uintptr_t>(machine.gregs[REG_RSP]);
#elif defined(__aarch64__)
        instruction = machine.pc;
        stack = machine.sp;
#else
        static_cast<void>(machine);
#endif
    }
};

// Those from the instruction on: what lies before is the handler.
std::span<void* const> from(std::uintptr_t instruction, std::span<void* const> addresses) {
    const auto found =
        std::ranges::find_if(addresses, [&](void* address) { return reinterpret_cast<std::uintptr_t>(address) == instruction; });
    return found == addresses.end() ? addresses : std::span<void* const>(found, addresses.end());
}

void report(const CrashFacts& facts, std::uintptr_t instruction) {
    const CrashFile file(state.folder.view(), facts);
    write_crash_line(facts, file.path());
    write_crash_facts(file.descriptor(), facts);
    std::array<void*, 128> frames;
    const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    const auto addresses = from(instruction, {frames.data(), static_cast<std::size_t>(std::max(count, 0))});
    write_addresses(file.descriptor(), addresses);
    write_names(file.descriptor(), addresses);
    give_it(flush_patience_s);
    if (state.in_log) log_error(crash_line(facts, file.path()).view());
    flush_log();
}

void on_crash(int signal, siginfo_t* info, void* context) {
    int none = 0;
    if (!state.signal.compare_exchange_strong(none, signal)) {
        if (state.thread == ::gettid()) end_by_first_signal();  // the report itself crashed
        for (;;) ::pause();                                     // the first one ends us all
    }
    state.thread = ::gettid();
    give_it(patience_s);
    const Interrupted interrupted(context);
    const CrashFacts facts{.program = state.program.view(),
                           .exception = state.exception.view(),
                           .signal = signal,
                           .info = info,
                           .stack = interrupted.stack,
                           .under_way = UnderWay::current()};
    report(facts, interrupted.instruction);
    end_by_first_signal();
}

// Not a signal's handler yet: memory may be asked for.
[[noreturn]] void on_terminate() {
    if (const std::type_info* type = abi::__cxa_current_exception_type()) {
        int status = 0;
        const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                          std::free);
        state.exception.assign(status == 0 ? name.get() : type->name());
        try {
            throw;
        } catch (const std::exception& exception) {
            state.exception.append(": ").append(exception.what());
        } catch (...) {  // it has no more to say than its type
            state.exception.append(" (no std::exception)");
        }
    }
    std::abort();
}

}  // namespace

bool can_report_crashes() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#elif defined(__has_feature)
    return !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer));
#else
    return true;
#endif
}

void report_crashes(std::string_view program) {
    if (!can_report_crashes()) return;
    state.program.assign(program);
    static const CrashStack stack;
    void* warm_up[1];
    ::backtrace(warm_up, 1);  // the first call loads a library
    std::set_terminate(on_terminate);
    for (const int signal : crash_signals) {
        struct sigaction action{};
        action.sa_sigaction = on_crash;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        ::sigaction(signal, &action, nullptr);
    }
}

void place_crash_reports(const std::string& folder, bool in_log) {
    std::error_code failure;  // a folder that nobody can find is one that cannot be written to
    state.folder.assign(std::filesystem::absolute(folder, failure).string());
    state.in_log = in_log;
}

std::optional<std::string> find_crash_report(const std::string& folder, pid_t pid) {
    const std::string end = "-" + std::to_string(pid) + ".txt";
    std::string newest;
    std::error_code failure;
    for (std::filesystem::directory_iterator entry(folder, failure), over; !failure && entry != over; entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("crash-") && name.ends_with(end)) newest = std::max(newest, name);
    }
    if (newest.empty()) return std::nullopt;
    return (std::filesystem::path(folder) / newest).string();
}

CrashStack::CrashStack() noexcept {
    if (!can_report_crashes()) return;
    void* const memory = ::mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;  // then an overflow alone goes without a report
    memory_ = memory;
    const stack_t stack{.ss_sp = memory_, .ss_flags = 0, .ss_size = stack_bytes};
    ::sigaltstack(&stack, nullptr);
}

CrashStack::~CrashStack() {
    if (memory_ == nullptr) return;
    const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    ::sigaltstack(&none, nullptr);
    ::munmap(memory_, stack_bytes);
}

}  // namespace app::base
