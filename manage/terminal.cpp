#include "manage/terminal.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "app/base/descriptor.hpp"
#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"
#include "manage/signals.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;

// What somebody types, or the signal that came instead: waited for together.
class Input {
   public:
    explicit Input(const HeldSignals& signals) : signals_(signalfd(-1, &signals.signals(), SFD_CLOEXEC)) {}

    // A line; false: a signal came.
    bool read_line(std::string& line) const {
        while (wait()) {
            char buffer[4096];
            const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) throw Error(Code::unavailable, "cannot read from the terminal: " + app::base::system_message(errno));
            line.append(buffer, static_cast<std::size_t>(size));
            if (line.ends_with('\n')) {
                line.pop_back();
                return true;
            }
            if (size == 0) throw Error(Code::invalid, "the input ended before there was a password");
        }
        return false;
    }

   private:
    bool wait() const {
        pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
        while (poll(sources, 2, -1) < 0) {
            if (errno != EINTR)
                throw Error(Code::unavailable, "cannot read from the terminal: " + app::base::system_message(errno));
        }
        return sources[1].revents == 0;
    }

    app::base::Descriptor signals_;
};

// The terminal on standard input without echo, as long as the object lives.
class SilentTerminal {
   public:
    SilentTerminal() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0)
            throw Error(Code::unavailable, "cannot silence the terminal: " + app::base::system_message(errno));
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

   private:
    termios before_;
};

}  // namespace

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t size = ::write(descriptor, text.data(), text.size());
        if (size >= 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno != EINTR) {
            throw Error(Code::unavailable, "cannot write to standard output: " + app::base::system_message(errno));
        }
    }
}

std::string harmless(std::string_view text) {
    std::string safe(text);
    for (std::size_t i = 0; i < safe.size(); ++i) {
        const auto byte = static_cast<unsigned char>(safe[i]);
        const bool is_c1 = byte == 0xC2 && i + 1 < safe.size() && static_cast<unsigned char>(safe[i + 1]) < 0xA0;
        if (is_c1) safe.replace(i, 2, "?");
        if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F) safe[i] = '?';
    }
    return safe;
}

std::string coloured(int descriptor, std::string_view text, Colour colour) {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool wanted = no_colour == nullptr || *no_colour == '\0';
    const bool able = isatty(descriptor) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
    if (!wanted || !able) return std::string(text);
    return "\x1b[" + std::to_string(static_cast<int>(colour)) + "m" + std::string(text) + "\x1b[0m";
}

void warn(const std::string& text) {
    write_all(STDERR_FILENO, coloured(STDERR_FILENO, "warning:", Colour::yellow) + " " + text + "\n");
}

bool can_ask() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

std::string ask_password(std::string_view prompt) {
    std::string password;
    std::string again;
    bool complete = false;
    {
        const HeldSignals signals(ending_signals);  // goes last: a signal that came ends the program there
        const Input input(signals);
        const SilentTerminal terminal;
        write_all(STDERR_FILENO, std::string(prompt) + ": ");
        complete = input.read_line(password);
        if (complete) {
            write_all(STDERR_FILENO, std::string(prompt) + ", again: ");
            complete = input.read_line(again);
        }
        if (!complete) write_all(STDERR_FILENO, "\n");
    }
    if (!complete) throw Error(Code::invalid, "the question was interrupted");  // by a signal that the program ignores
    if (password != again) throw Error(Code::invalid, "the two passwords differ: nothing was changed");
    return password;
}

bool ask_yes(std::string_view question) {
    std::string answer;
    write_all(STDERR_FILENO, std::string(question) + " [y/N] ");
    {
        const HeldSignals signals(ending_signals);
        if (!Input(signals).read_line(answer)) answer.clear();
    }
    answer = app::base::to_lower_ascii(app::base::trim(answer));
    return answer == "y" || answer == "yes";
}

std::string read_password() {
    std::string password;
    char buffer[4096];
    while (password.size() <= app::base::Passwords::bytes_max + 1) {
        const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
        if (size == 0) break;
        if (size > 0)
            password.append(buffer, static_cast<std::size_t>(size));
        else if (errno != EINTR)
            throw Error(Code::unavailable, "cannot read the password from standard input: " + app::base::system_message(errno));
    }
    if (password.ends_with('\n')) password.pop_back();
    if (password.ends_with('\r')) password.pop_back();
    if (password.find('\n') != std::string::npos) throw Error(Code::invalid, "the password on standard input must be one line");
    return password;
}

}  // namespace manage
