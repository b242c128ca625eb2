#include "manage/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/base/error.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l", leave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view home = "\x1b[H", clear_line = "\x1b[K", clear_below = "\x1b[J";

winsize size_of_terminal() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return {24, 80, 0, 0};
    return size;
}

// Whether a signal of the set waits to be seen to.
bool is_pending(std::initializer_list<int> wanted) {
    sigset_t pending;
    sigpending(&pending);
    return std::ranges::any_of(wanted, [&](int signal) { return sigismember(&pending, signal) == 1; });
}

void take_resize() {
    sigset_t resize;
    sigemptyset(&resize);
    sigaddset(&resize, SIGWINCH);
    const timespec at_once{};
    sigtimedwait(&resize, nullptr, &at_once);
}

}  // namespace

Screen::Screen() : signal_descriptor_(signalfd(-1, &signals_.signals(), SFD_CLOEXEC)) {
    if (tcgetattr(STDIN_FILENO, &before_) != 0)
        throw app::base::Error(app::base::Code::unavailable, "standard input is no terminal");
    termios direct = before_;
    direct.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    direct.c_cc[VSUSP] = _POSIX_VDISABLE;  // stopped, it would leave the terminal as it is
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &direct);
    write_all(STDOUT_FILENO, enter);
}

Screen::~Screen() {
    [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, leave.data(), leave.size());
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

void Screen::show(std::string_view text) const {
    const winsize size = size_of_terminal();
    std::string frame(home);
    for (int row = 0; row < size.ws_row && !text.empty(); ++row) {
        const auto end = std::min(text.find('\n'), text.size());
        if (row > 0) frame += "\r\n";
        frame.append(text.substr(0, std::min<std::size_t>(end, size.ws_col))).append(clear_line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    write_all(STDOUT_FILENO, frame.append(clear_below));
}

Screen::Event Screen::wait(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {signal_descriptor_.get(), POLLIN, 0}};
        const int ready = ::poll(sources, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno != EINTR) return Event::quit;
        if (is_pending({SIGINT, SIGTERM, SIGHUP, SIGQUIT})) return Event::quit;
        if (is_pending({SIGWINCH})) {
            take_resize();
            return Event::resized;
        }
        if (ready == 0) return Event::time_is_up;
        if (sources[0].revents == 0) continue;
        char key = 0;
        if (::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') return Event::quit;
    }
}

}  // namespace manage
