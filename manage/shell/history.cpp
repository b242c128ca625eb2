#include "manage/shell/history.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "app/base/error.hpp"
#include "manage/terminal.hpp"

namespace manage::shell {

std::string history_file() {
    const char* state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state == '/') return std::string(state) + "/dewar/shell_history";  // relative ones do not count
    const char* home = std::getenv("HOME");
    if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/dewar/shell_history";
    return "";
}

History::History(std::string file) : file_(std::move(file)) {
    std::ifstream in(file_);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line); ++count) lines_.push_back(line);
    if (count <= lines_max) return;
    lines_.erase(lines_.begin(), lines_.end() - static_cast<std::ptrdiff_t>(lines_max));
    if (count < 2 * lines_max) return;  // written anew now and then
    in.close();
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    for (const std::string& line : lines_) append(line);
}

bool History::add(std::string_view line) {
    if (line.empty() || line.front() == ' ' || line.front() == '\t') return false;
    if (!lines_.empty() && lines_.back() == line) return false;
    lines_.emplace_back(line);
    append(line);
    return true;
}

void History::append(std::string_view line) const {
    if (file_.empty()) return;
    const std::filesystem::path folder = std::filesystem::path(file_).parent_path();
    std::error_code ignored;
    std::filesystem::create_directories(folder.parent_path(), ignored);
    mkdir(folder.c_str(), 0700);
    const int descriptor = open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return;
    fchmod(descriptor, 0600);  // of one that was there
    try {
        write_all(descriptor, std::string(line) + "\n");
    } catch (const app::base::Error&) {
        // a full disk: the line is kept for this session
    }
    close(descriptor);
}

}  // namespace manage::shell
