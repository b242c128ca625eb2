// Programs on a real (pseudo) terminal, as a person has them in front of him.
#pragma once

#include <doctest/doctest.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>

#include "tests/integration/manage.hpp"

namespace tests {

// `manage` with a terminal of its own.
class Terminal {
   public:
    Terminal(const Installation& here, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), MANAGE_BINARY);
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        pid_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            if (chdir(here.path().c_str()) != 0) _exit(126);
            for (const auto& [name, value] : here.environment) setenv(name.c_str(), value.c_str(), 1);
            unsetenv("APP_CONFIG");
            execv(argv.front(), argv.data());
            _exit(127);
        }
    }
    ~Terminal() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        if (terminal_ >= 0) close(terminal_);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void wait_for(std::string_view text) {
        while (shown_.find(text, seen_) == std::string::npos) REQUIRE_MESSAGE(read_more(), shown_);
        seen_ = shown_.find(text, seen_) + text.size();
    }
    void type(std::string_view text) { REQUIRE(write(terminal_, text.data(), text.size()) == static_cast<ssize_t>(text.size())); }
    bool echoes() const {
        termios state{};
        REQUIRE(tcgetattr(terminal_, &state) == 0);
        return (state.c_lflag & ECHO) != 0;
    }
    // As when somebody closes the window.
    void hang_up() { close(std::exchange(terminal_, -1)); }
    // The exit code, as the shell has it. The terminal stays open.
    int wait() {
        while (terminal_ >= 0 && read_more()) {
        }
        int status = 0;
        REQUIRE(waitpid(pid_, &status, 0) == pid_);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    const std::string& shown() const { return shown_; }
    pid_t pid() const noexcept { return pid_; }

   private:
    bool read_more() {
        pollfd source{terminal_, POLLIN, 0};
        if (poll(&source, 1, 60000) <= 0) return false;
        char buffer[1024];
        const ssize_t size = read(terminal_, buffer, sizeof buffer);
        if (size <= 0) return false;  // EIO: the program ended
        shown_.append(buffer, static_cast<std::size_t>(size));
        return true;
    }

    int terminal_ = -1;
    pid_t pid_ = -1;
    std::string shown_;
    std::size_t seen_ = 0;
};

}  // namespace tests
