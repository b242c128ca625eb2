// Programs as tests see them: started with arguments, an environment and an input, they leave an exit code and two outputs. A
// program that hangs is killed and fails the test; none outlives it.
//
//     const tests::TemporaryFolder folder;
//     const auto deploy = tests::run({.arguments = {MANAGE_BINARY, "deploy"}, .folder = folder.path()});
//     CHECK(deploy.exit_code == 0);
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/support/folder.hpp"

namespace tests {

inline constexpr int nobody_id = 65534;

struct Start {
    std::vector<std::string> arguments;                   // the program first
    std::map<std::string, std::string> environment = {};  // added to that of the tests, which is without Dewar's settings
    std::string input = {};                               // what the program reads on standard input
    std::filesystem::path folder = {};                    // to run in; empty: that of the tests
    std::optional<int> output = {};                       // a descriptor to be its standard output; else it is collected
    std::optional<int> handed_over = {};                  // a descriptor to be its number 3; else it has no more than the three
    bool as_nobody = false;                               // gives up root's rights; does nothing for who has none
    std::chrono::seconds patience{60};                    // how long it may take
};

struct Finished {
    int exit_code = 0;  // of a program that a signal ended: 128 + its number, as the shell has it
    std::string out;
    std::string err;
};

// A running program. Its outputs go to files, so that neither side ever waits for the other.
class Process {
   public:
    explicit Process(const Start& start) : patience_(start.patience) {
        write_text(files_.path() / "in", start.input);
        const int in = open("in", O_RDONLY);
        const int out = start.output ? dup(*start.output) : open("out", O_WRONLY | O_CREAT);
        const int err = open("err", O_WRONLY | O_CREAT);
        std::vector<std::string> environment = make_environment(start.environment);
        std::vector<std::string> arguments = start.arguments;
        std::vector<char*> argv = pointers(arguments);
        std::vector<char*> envp = pointers(environment);
        pid_ = fork();
        if (pid_ == 0) {  // nothing here but what is safe after the fork of a program with threads
            dup2(in, 0);
            dup2(out, 1);
            dup2(err, 2);
            if (start.handed_over) dup2(*start.handed_over, 3), fcntl(3, F_SETFD, 0);
            for (int descriptor = start.handed_over ? 4 : 3; descriptor < 1024; ++descriptor) close(descriptor);
            if (!start.folder.empty() && chdir(start.folder.c_str()) != 0) _exit(126);
            if (start.as_nobody && getuid() == 0 && (setgid(nobody_id) != 0 || setuid(nobody_id) != 0)) _exit(126);
            execve(argv.front(), argv.data(), envp.data());
            _exit(127);
        }
        for (const int descriptor : {in, out, err}) close(descriptor);
        if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    }
    ~Process() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const noexcept { return pid_; }  // -1 after its end
    std::string out() const { return read_text(files_.path() / "out"); }
    std::string err() const { return read_text(files_.path() / "err"); }
    void send(int signal) const {
        if (pid_ > 0) kill(pid_, signal);  // kill(-1) would reach everybody
    }

    // Returns what the program wrote to standard error once `text` is in it; throws if it ends or takes too long before.
    std::string wait_for(std::string_view text) {
        const auto deadline = std::chrono::steady_clock::now() + patience_;
        for (;;) {
            const bool over = has_ended() || std::chrono::steady_clock::now() > deadline;
            std::string written = err();
            if (written.find(text) != std::string::npos) return written;
            if (over) throw std::runtime_error("waited in vain for \"" + std::string(text) + "\" in: " + written);
            std::this_thread::sleep_for(interval);
        }
    }

    // Waits for its end; throws if that takes too long.
    Finished wait() {
        const auto deadline = std::chrono::steady_clock::now() + patience_;
        while (!has_ended()) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("the program hangs; it wrote: " + out() + err());
            std::this_thread::sleep_for(interval);
        }
        const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
        return {code, out(), err()};
    }

   private:
    static constexpr std::chrono::milliseconds interval{5};

    int open(const char* name, int flags) const {
        const int descriptor = ::open((files_.path() / name).c_str(), flags | O_CLOEXEC, 0600);
        if (descriptor < 0) throw std::system_error(errno, std::generic_category(), name);
        return descriptor;
    }

    static std::vector<std::string> make_environment(const std::map<std::string, std::string>& added) {
        std::map<std::string, std::string> variables;
        for (char** entry = environ; *entry != nullptr; ++entry) {
            const std::string text = *entry;
            const std::string name = text.substr(0, text.find('='));
            const bool is_setting = name.starts_with("APP_") || name.starts_with("SECRET_KEY") || name.starts_with("MAIL_") ||
                                    name.starts_with("DATABASE_URL") || name == "PUBLIC_URL" || name == "NOTIFY_SOCKET";
            if (!is_setting) variables[name] = text.substr(std::min(name.size() + 1, text.size()));
        }
        for (const auto& [name, value] : added) variables[name] = value;
        std::vector<std::string> environment;
        for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
        return environment;
    }

    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> pointers;
        for (std::string& text : texts) pointers.push_back(text.data());
        pointers.push_back(nullptr);
        return pointers;
    }

    bool has_ended() {
        if (!ended_ && waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
        if (ended_) pid_ = -1;
        return ended_;
    }

    TemporaryFolder files_;
    std::chrono::seconds patience_;
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

// Starts a program and waits for its end.
inline Finished run(const Start& start) { return Process(start).wait(); }

}  // namespace tests
