#include "manage/run_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/base/new_file.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;

constexpr mode_t file_mode = 0644;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw Error(Code::unavailable,
                "the pid file " + path + " cannot be written: " + reason + "; choose another one with --pid-file");
}

// Who has the lock; 0: nobody.
pid_t holder_of(int file) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
    return lock.l_pid;
}

bool try_lock(int file) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(file, F_SETLK, &lock) == 0;
}

// False when the name leads to another file by now: who had it before has removed it.
bool is_at(int file, const std::string& path) {
    struct stat open{}, named{};
    return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
           open.st_dev == named.st_dev;
}

Descriptor lock_file(const std::string& path) {
    for (;;) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode));
        if (file.get() < 0) refuse(path, app::base::system_message(errno));
        if (!try_lock(file.get())) {
            const pid_t holder = holder_of(file.get());
            if (holder == 0) continue;  // it has just ended
            throw Error(Code::conflict, "a server runs already: process " + std::to_string(holder) + " has " + path +
                                            "; use `manage restart`, or another --pid-file for a second server");
        }
        if (is_at(file.get(), path)) return file;
    }
}

}  // namespace

PidFile::PidFile(std::string path) : path_(std::move(path)) {
    std::error_code error;
    const fs::path folder = fs::path(path_).parent_path();
    if (!folder.empty()) fs::create_directories(folder, error);
    if (error) refuse(path_, error.message());
    file_ = lock_file(path_);
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file_.get(), 0) != 0 ||
        ::pwrite(file_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        refuse(path_, app::base::system_message(errno));
    }
}

PidFile::PidFile(std::string path, Descriptor locked) : path_(std::move(path)), file_(std::move(locked)) {
    ::fcntl(file_.get(), F_SETFD, FD_CLOEXEC);
}

void PidFile::remove() const { ::unlink(path_.c_str()); }

std::optional<pid_t> find_supervisor(const std::string& pid_file) {
    const Descriptor file(::open(pid_file.c_str(), O_RDONLY | O_CLOEXEC));
    const pid_t holder = file.get() < 0 ? 0 : holder_of(file.get());
    return holder > 0 ? std::optional(holder) : std::nullopt;
}

pid_t get_supervisor(const std::string& pid_file) {
    if (const auto supervisor = find_supervisor(pid_file)) return *supervisor;
    const auto none = [](const std::string& why) -> Error { return Error(Code::unavailable, "no server runs: " + why); };
    errno = 0;
    const bool is_readable = ::access(pid_file.c_str(), R_OK) == 0;
    if (!is_readable && errno != ENOENT) throw none(pid_file + " cannot be read: " + app::base::system_message(errno));
    if (!is_readable) throw none("there is no pid file " + pid_file + " (only one with --supervise or --daemon makes it)");
    const auto text = app::base::find_file(pid_file);
    const auto pid = app::base::parse_integer(app::base::trim(text.value_or("")));
    if (!pid || *pid <= 0) throw none(pid_file + " holds no process number");
    const bool is_alive = ::kill(static_cast<pid_t>(*pid), 0) == 0 || errno == EPERM;
    throw none("process " + std::to_string(*pid) + " of " + pid_file + (is_alive ? " is another program" : " is gone"));
}

std::string state_file_of(const std::string& pid_file) { return fs::path(pid_file).replace_extension(".json").string(); }

void write_state(const std::string& state_file, const app::web::Value& state) {
    app::base::NewFile file(state_file, app::base::NewFile::Existing::replace);
    file.write(app::web::to_json(state, 2) + "\n");
    file.keep();
}

std::optional<app::web::Value> find_state(const std::string& state_file) {
    const auto text = app::base::find_file(state_file);
    if (!text) return std::nullopt;
    try {
        app::web::Value state = app::web::parse_json(*text);
        if (state.object() != nullptr) return state;
    } catch (const Error&) {
        // Of another program's making, like what is no object.
    }
    return std::nullopt;
}

}  // namespace manage
