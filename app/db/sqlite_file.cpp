#include "app/db/sqlite_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "app/base/error.hpp"

namespace app::db {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw base::Error(base::Code::unavailable, "database " + path + " " + reason);
}

bool may_use(const std::string& path, int mode) { return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0; }

void create_folders(const std::string& path, const std::filesystem::path& folder) {
    if (folder.empty() || std::filesystem::exists(folder)) return;
    create_folders(path, folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        refuse(path, "cannot be made: its folder " + folder.string() + " cannot (" + base::system_message(errno) + ")");
    }
}

// O_EXCL: closing a file that SQLite has open elsewhere in this process would drop its locks (fcntl(2)).
void create_file(const std::string& path, const std::string& folder) {
    create_folders(path, folder);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    } else if (errno == EACCES || errno == EROFS || errno == EPERM) {
        refuse(path, "cannot be made: the folder " + folder + " is read-only for this account; make it writable");
    } else if (errno == ENOSPC || errno == EDQUOT) {
        refuse(path, "cannot be made: its disk is full; free some space");
    } else if (errno != EEXIST) {
        refuse(path, "cannot be made: " + base::system_message(errno));
    }
}

}  // namespace

void prepare_sqlite_file(const std::string& path, bool create) try {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOTDIR) refuse(path, "cannot exist: one of its folders is a file");
        if (errno != ENOENT) refuse(path, "cannot be reached: " + base::system_message(errno));
        if (!create) refuse(path, "does not exist; run `manage deploy`");
        create_file(path, folder);
        if (::stat(path.c_str(), &status) != 0) refuse(path, "cannot be reached: " + base::system_message(errno));
    }
    if (S_ISDIR(status.st_mode)) refuse(path, "is a folder: name a file in it");
    if (!S_ISREG(status.st_mode)) refuse(path, "is not a regular file: name another");
    if (!may_use(path, R_OK)) refuse(path, "may not be read by this account: change its owner or its mode");
    if (!may_use(path, W_OK)) refuse(path, "is read-only for this account: make it writable");
    if (!may_use(folder, W_OK | X_OK)) refuse(path, "lies in a read-only folder: make " + folder + " writable for this account");
} catch (const std::filesystem::filesystem_error& error) {
    refuse(path, "cannot be reached: " + error.code().message());
}

TemporarySqliteFile::TemporarySqliteFile() {
    const char* configured = std::getenv("TMPDIR");
    const std::string folder = configured && *configured ? configured : "/tmp";
    path_ = std::filesystem::absolute(folder).lexically_normal() / "dewar-XXXXXX.sqlite";
    const int file = ::mkostemps(path_.data(), 7, O_CLOEXEC);  // 7: ".sqlite"; makes the file with mode 0600
    if (file < 0) {
        throw base::Error(base::Code::unavailable, "no temporary database can be made in " + folder + " (" +
                                                       base::system_message(errno) +
                                                       "): set TMPDIR to a folder that is writable");
    }
    ::close(file);
}

TemporarySqliteFile::~TemporarySqliteFile() {
    for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
}

}  // namespace app::db
