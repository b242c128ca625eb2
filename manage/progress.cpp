#include "manage/progress.hpp"

#include <unistd.h>

#include "manage/terminal.hpp"

namespace manage {

void Progress::done(const std::string& what) { tell(coloured(STDOUT_FILENO, "ok  ", Colour::green), what); }

void Progress::left_out(const std::string& what) { tell(coloured(STDOUT_FILENO, "skip", Colour::yellow), what); }

void Progress::waiting(const std::string& what) { tell(coloured(STDOUT_FILENO, "wait", Colour::yellow), what); }

void Progress::warn(const std::string& what) { tell(coloured(STDOUT_FILENO, "warn", Colour::red), what); }

void Progress::tell(const std::string& verdict, const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_);
    since_ = now;
    std::string time = std::to_string(duration.count());
    time.insert(0, time.size() < 6 ? 6 - time.size() : 0, ' ');
    invocation_.print("  " + verdict + time + " ms  " + what + "\n");
}

}  // namespace manage
