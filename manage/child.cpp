#include "manage/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "app/base/descriptor.hpp"
#include "app/base/error.hpp"
#include "manage/spawn.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;

constexpr std::chrono::seconds patience{5};
constexpr int interval_ms = 50;  // how often somebody looks whether the child has ended: what it started may keep its output open

[[noreturn]] void fail(const std::string& what, int error) {
    throw Error(Code::unavailable, "cannot " + what + ": " + app::base::system_message(error));
}

// A process group of its own: the terminal's Ctrl-C reaches this program alone, which passes it on.
pid_t start(const Child& child, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addchdir_np(&actions, child.folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    sigset_t none, ordinary;
    sigemptyset(&none);
    sigemptyset(&ordinary);
    sigaddset(&ordinary, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ordinary);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    std::vector<std::string> arguments = child.arguments, environment = child.environment;
    const std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
    pid_t pid = -1;
    const int error =
        ::posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(), child.environment.empty() ? environ : envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    const std::string& program = child.arguments.front();
    if (error == ENOENT) {
        throw Error(Code::unavailable, "the program " + program + " is not installed; type: sudo apt-get install " + program);
    }
    if (error != 0) fail("run " + program, error);
    return pid;
}

// Killed and waited for when it goes, unless it has ended.
class Group {
   public:
    explicit Group(pid_t pid) : pid_(pid) {}
    ~Group() {
        if (ended_) return;
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    bool has_ended() {
        if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
        return ended_;
    }

    // As when somebody presses Ctrl-C in front of it.
    void ask_to_end() {
        ::kill(-pid_, SIGINT);
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!has_ended() && std::chrono::steady_clock::now() < deadline) ::poll(nullptr, 0, interval_ms);
        ::kill(-pid_, SIGKILL);  // what it left behind; harmless when that is nothing
    }

    int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

   private:
    pid_t pid_;
    int status_ = 0;
    bool ended_ = false;
};

// Splits what is read into lines; a line that was begun stays until its end.
class Lines {
   public:
    explicit Lines(app::base::FunctionRef<void(std::string_view)> on_line) : on_line_(on_line) {}

    // False at the end of the output.
    bool read(int descriptor) {
        std::array<char, 65536> buffer;
        const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
        if (size < 0) return errno == EINTR || errno == EAGAIN;
        if (size == 0) return false;
        text_.append(buffer.data(), static_cast<std::size_t>(size));
        std::size_t begin = 0;
        for (std::size_t end; (end = text_.find('\n', begin)) != std::string::npos; begin = end + 1) {
            on_line_(std::string_view(text_).substr(begin, end - begin));
        }
        text_.erase(0, begin);
        return true;
    }

    void end() {
        if (!text_.empty()) on_line_(text_);
    }

   private:
    app::base::FunctionRef<void(std::string_view)> on_line_;
    std::string text_;
};

// Whether one of the held signals came that would end this program; those that it was told to ignore (nohup) are let go.
bool is_to_end(int descriptor) {
    sigset_t pending;
    sigpending(&pending);
    for (const int signal : ending_signals) {
        struct sigaction action{};
        ::sigaction(signal, nullptr, &action);
        if (sigismember(&pending, signal) == 1 && action.sa_handler != SIG_IGN) return true;
    }
    signalfd_siginfo ignored;
    return ::read(descriptor, &ignored, sizeof ignored) < 0 && errno != EAGAIN;
}

}  // namespace

int run_child(const Child& child, const HeldSignals& held, app::base::FunctionRef<void(std::string_view)> on_line) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe", errno);
    const Descriptor output(ends[0]);
    Descriptor input(ends[1]);
    const Descriptor signals(::signalfd(-1, &held.signals(), SFD_CLOEXEC | SFD_NONBLOCK));
    if (signals.get() < 0) fail("wait for signals", errno);
    Group group(start(child, input.get()));
    input = Descriptor();

    Lines lines(on_line);
    bool is_open = true;
    while (is_open || !group.has_ended()) {
        std::array<pollfd, 2> sources{{{signals.get(), POLLIN, 0}, {is_open ? output.get() : -1, POLLIN, 0}}};
        const int ready = ::poll(sources.data(), sources.size(), interval_ms);
        if (ready < 0 && errno != EINTR) fail("wait for " + child.arguments.front(), errno);
        if (ready > 0 && sources[0].revents != 0 && is_to_end(signals.get())) {
            group.ask_to_end();
            throw Interrupted{};
        }
        if (ready > 0 && sources[1].revents != 0) {
            is_open = lines.read(output.get());
        } else if (ready == 0 && group.has_ended()) {
            is_open = false;
        }
    }
    lines.end();
    return group.exit_code();
}

}  // namespace manage
