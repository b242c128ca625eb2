#include "manage/rebuild.hpp"

#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

#include "app/base/error.hpp"
#include "manage/checkout.hpp"
#include "manage/spawn.hpp"
#include "manage/terminal.hpp"
#include "manage/test_tree.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;

constexpr std::chrono::milliseconds quiet{150};  // after the last change
constexpr std::uint32_t watched = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR;

// What editors write beside the file that is edited.
bool is_of_editor(std::string_view name) {
    return name.starts_with('.') || name.starts_with('#') || name.ends_with('~') || name.ends_with(".swp") || name == "4913";
}

}  // namespace

Rebuild::Rebuild(fs::path program)
    : program_(std::move(program)), build_folder_(program_folder()), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    const auto checkout = find_checkout(build_folder_);
    std::error_code error;
    if (!checkout || !fs::exists(build_folder_ / "CMakeCache.txt", error)) {
        throw Error(Code::invalid, "--reload needs the checkout that this binary was built in, but " + build_folder_.string() +
                                       " is none of its build folders");
    }
    for (const char* folder : {"app", "config"}) watch(*checkout / folder);
}

void Rebuild::watch(const fs::path& folder) {
    const int number = ::inotify_add_watch(inotify_.get(), folder.c_str(), watched);
    if (number < 0 && errno == ENOENT) return;  // it was there for a moment
    if (number < 0) {
        throw Error(Code::unavailable, "cannot watch " + folder.string() + ": " + app::base::system_message(errno));
    }
    folders_[number] = folder;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (entry.is_directory(error) && !entry.is_symlink(error)) watch(entry.path());
    }
}

void Rebuild::read_changes(Clock::time_point now) {
    alignas(inotify_event) std::array<char, 65536> buffer;
    for (ssize_t size = 0; (size = ::read(inotify_.get(), buffer.data(), buffer.size())) > 0;) {
        for (const char* place = buffer.data(); place < buffer.data() + size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(place);
            place += sizeof(inotify_event) + event->len;
            if ((event->mask & IN_IGNORED) != 0) {
                folders_.erase(event->wd);
                continue;
            }
            const std::string_view name = event->len == 0 ? "" : event->name;
            const bool is_folder = (event->mask & IN_ISDIR) != 0;
            if (is_of_editor(name) || ((event->mask & IN_CREATE) != 0 && !is_folder)) continue;  // a new file is written yet
            if (is_folder && (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0 && folders_.contains(event->wd)) {
                watch(folders_.at(event->wd) / name);
            }
            changed_at_ = now;
        }
    }
}

std::optional<Rebuild::Clock::time_point> Rebuild::deadline() const {
    if (!changed_at_ || build_ != 0) return std::nullopt;
    return *changed_at_ + quiet;
}

void Rebuild::tick(Clock::time_point now) {
    const auto due = deadline();
    if (!due || now < *due) return;
    changed_at_.reset();
    before_ = identity();
    output_ = Descriptor(::memfd_create("build", MFD_CLOEXEC));
    build_ = spawn({.arguments = {"/usr/bin/env", "cmake", "--build", build_folder_.string(), "--target", "manage_command"},
                    .output = output_.get()});
    write_all(STDERR_FILENO, "building " + build_folder_.string() + "\n");
}

void Rebuild::stop() {
    if (build_ == 0) return;
    ::kill(-build_, SIGKILL);
    ::waitpid(std::exchange(build_, 0), nullptr, 0);
}

Rebuild::Outcome Rebuild::ended(pid_t pid, int status) {
    if (pid != build_ || pid == 0) return Outcome::other;
    build_ = 0;
    const bool succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (succeeded) return identity() == before_ ? Outcome::unchanged : Outcome::built;
    std::string said;
    std::array<char, 65536> buffer;
    ::lseek(output_.get(), 0, SEEK_SET);
    for (ssize_t size = 0; (size = ::read(output_.get(), buffer.data(), buffer.size())) > 0;) {
        said.append(buffer.data(), static_cast<std::size_t>(size));
    }
    write_all(STDERR_FILENO, excerpt(said));
    return Outcome::failed;
}

// Which file lies at the program's path: a build makes another one there.
std::string Rebuild::identity() const {
    struct stat file{};
    if (::stat(program_.c_str(), &file) != 0) return "";
    return std::to_string(file.st_ino) + " " + std::to_string(file.st_mtim.tv_sec) + " " + std::to_string(file.st_mtim.tv_nsec);
}

}  // namespace manage
