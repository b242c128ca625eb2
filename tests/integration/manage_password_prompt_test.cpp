// The password prompt on a real (pseudo) terminal: nothing of the password is shown, and the terminal is left as it was.
#include <doctest/doctest.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>

#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

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
        close(terminal_);
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
    // The exit code, as the shell has it. The terminal stays open.
    int wait() {
        while (read_more()) {
        }
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    const std::string& shown() const { return shown_; }

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

const std::vector<std::string> add_ann{"user", "add", "ann@example.com", "--username", "ann"};

}  // namespace

TEST_CASE("user add asks twice, shows nothing of what is typed, and mends the terminal") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("New password for ann@example.com: ");
    CHECK_FALSE(terminal.echoes());
    terminal.type("correct horse\n");
    terminal.wait_for("New password for ann@example.com, again: ");
    terminal.type("correct horse\n");
    terminal.wait_for("Added ann <ann@example.com>, User.");
    CHECK(terminal.echoes());
    CHECK(terminal.wait() == 0);
    CHECK_FALSE(contains(terminal.shown(), "horse"));
}

TEST_CASE("Two different passwords change nothing") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    terminal.type("correct horse\n");
    terminal.wait_for("again: ");
    terminal.type("correct house\n");
    CHECK(terminal.wait() == 1);
    CHECK(contains(terminal.shown(), "the two passwords differ: nothing was changed"));
    CHECK_FALSE(contains(here.manage({"user", "list"}).out, "ann"));
}

TEST_CASE("Ctrl-C at the prompt ends the program as the signal does, with the echo restored") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    REQUIRE_FALSE(terminal.echoes());
    terminal.type("corr\x03");
    CHECK(terminal.wait() == 128 + SIGINT);
    CHECK(terminal.echoes());
    CHECK_FALSE(contains(terminal.shown(), "corr"));
}

TEST_CASE("The end of input at the prompt is an error of one line") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    terminal.type("\x04");
    CHECK(terminal.wait() == 1);
    CHECK(contains(terminal.shown(), "the input ended before there was a password"));
}

TEST_CASE("deploy on a terminal asks for the first administrator's password") {
    Installation here;
    here.environment["APP_ADMIN"] = "ann@example.com";
    Terminal terminal(here, {"deploy"});
    terminal.wait_for("Password for the administrator ann@example.com: ");
    terminal.type("correct horse\n");
    terminal.wait_for("again: ");
    terminal.type("correct horse\n");
    terminal.wait_for("administrator: added ann <ann@example.com>");
    CHECK(terminal.wait() == 0);
}
