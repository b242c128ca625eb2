#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/new_file.hpp"
#include "app/db/backup.hpp"
#include "app/db/schema.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/sqlite_file.hpp"

namespace app::db {
namespace {

using base::Code;
using base::Error;

constexpr int pages_at_once = 1000;

// What SQLite said of the file that people know as `name`.
[[noreturn]] void refuse(const std::string& name, const SQLite::Exception& error) {
    const std::string detail = "SQLite " + std::to_string(error.getExtendedErrorCode()) + " (" + error.what() + ")";
    switch (error.getErrorCode()) {
        case SQLITE_NOTADB: throw Error(Code::unavailable, name + " is no SQLite database", detail);
        case SQLITE_CORRUPT: throw Error(Code::unavailable, name + " is damaged", detail);
        case SQLITE_FULL: throw Error(Code::unavailable, "there is no room for a copy of " + name + ": free some space", detail);
        default: throw Error(Code::unavailable, name + " cannot be copied: " + error.what(), detail);
    }
}

// What SQLite makes beside a file goes with this object.
class SideFiles {
   public:
    explicit SideFiles(std::string path) : path_(std::move(path)) {}
    ~SideFiles() {
        for (const char* suffix : {"-wal", "-shm", "-journal"}) ::unlink((path_ + suffix).c_str());
    }
    SideFiles(const SideFiles&) = delete;
    SideFiles& operator=(const SideFiles&) = delete;

   private:
    std::string path_;
};

// The transaction keeps the copy from beginning anew at each write of somebody else.
void copy_pages(const std::string& from, int flags, const std::string& to, const Options& options, const OnPages& on_pages) {
    SQLite::Database source(from, flags, options.busy_timeout_ms);
    source.exec("BEGIN");
    source.execAndGet("SELECT count(*) FROM sqlite_master");
    SQLite::Database copy(to, SQLite::OPEN_READWRITE);
    copy.exec("PRAGMA synchronous = OFF");  // NewFile sees to that
    SQLite::Backup backup(copy, source);
    for (;;) {
        const int result = backup.executeStep(pages_at_once);
        if (on_pages) {
            const int total = backup.getTotalPageCount();
            on_pages(total - backup.getRemainingPageCount(), total);
        }
        if (result == SQLITE_DONE) return;
        if (result != SQLITE_OK) throw SQLite::Exception(sqlite3_errstr(result), result);
    }
}

void check_structure(const std::string& copy, const std::string& name) {
    SQLite::Database database(copy, SQLite::OPEN_READWRITE);
    const std::string verdict = database.execAndGet("PRAGMA integrity_check(1)").getString();
    if (verdict != "ok") throw Error(Code::unavailable, name + " is damaged: " + verdict.substr(0, verdict.find('\n')));
    SQLite::Statement orphans(database, "PRAGMA foreign_key_check");
    if (orphans.executeStep()) {
        throw Error(Code::unavailable, name + " is damaged: a row of its table " + orphans.getColumn(0).getString() +
                                           " refers to one of " + orphans.getColumn(2).getString() + " that is not there");
    }
}

Schema check_schema(const std::string& copy, const std::string& name, Options options) {
    options.create = false;
    const auto database = open_sqlite({.backend = Backend::sqlite, .path = copy}, options);
    Schema schema = inspect(*database, migrations(sqlite_dialect));
    if (schema.version == 0) throw Error(Code::unavailable, name + " has no tables of Dewar");
    if (schema.state > Schema::State::outdated) throw Error(Code::unavailable, name + ": " + schema.problem);
    return schema;
}

// Copies into the new file, and lets the copy count: it is whole, and one file without others beside it.
Backup copy_and_check(const std::string& name, int flags, const base::NewFile& target, const Options& options,
                      const OnPages& on_pages) try {
    const std::string& copy = target.temporary_path();
    const SideFiles side_files(copy);
    copy_pages(name, flags, copy, options, on_pages);
    check_structure(copy, name);
    const Schema schema = check_schema(copy, name, options);
    SQLite::Database(copy, SQLite::OPEN_READWRITE).execAndGet("PRAGMA journal_mode = DELETE");
    return {.bytes = static_cast<std::int64_t>(std::filesystem::file_size(copy)),
            .schema_version = schema.version,
            .outdated = schema.state == Schema::State::outdated};
} catch (const SQLite::Exception& error) {
    refuse(name, error);
}

// Every connection to a file in WAL mode keeps a shared lock on it (sqlite.org/lockingv3.html gives the bytes): who would be
// in the way of an exclusive one. To be called while this process has no connection to it: closing the file drops its locks.
void require_unused(const std::string& path) {
    constexpr off_t lock_bytes_start = 0x40000000, lock_bytes = 512;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) throw Error(Code::unavailable, path + " cannot be opened: " + base::system_message(errno));
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = lock_bytes_start;
    lock.l_len = lock_bytes;
    const int result = ::fcntl(file, F_GETLK, &lock);
    ::close(file);
    if (result != 0 || lock.l_type == F_UNLCK) return;
    throw Error(Code::unavailable,
                "process " + std::to_string(lock.l_pid) + " has the database " + path + " open, a server perhaps: stop it first");
}

// The database with nobody else in it, as long as the object lives: its write-ahead log is in the file, and who opens it now waits.
class Alone {
   public:
    // Throws unavailable if somebody has it open. One that is too damaged for that is only taken out of use.
    explicit Alone(const std::string& path) try : database_(path, SQLite::OPEN_READWRITE) {
        try {
            database_.execAndGet("PRAGMA journal_mode = DELETE");
            database_.exec("BEGIN EXCLUSIVE");
        } catch (const SQLite::Exception& error) {
            const int code = error.getErrorCode();
            if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
                throw Error(Code::unavailable, "another program has the database " + path + " open: stop it first", error.what());
            }
            if (code != SQLITE_NOTADB && code != SQLITE_CORRUPT) throw;
        }
    } catch (const SQLite::Exception& error) {
        refuse(path, error);
    }

   private:
    SQLite::Database database_;
};

// Gives it a second name; a damaged one takes its log along, which nobody could put into it.
void keep_aside(const std::string& path, const std::string& kept) {
    if (::link(path.c_str(), kept.c_str()) != 0) {
        throw Error(Code::unavailable, "the database cannot be kept as " + kept + ": " + base::system_message(errno));
    }
    for (const char* suffix : {"-wal", "-shm"}) {
        if (::rename((path + suffix).c_str(), (kept + suffix).c_str()) != 0 && errno != ENOENT) {
            throw Error(Code::unavailable, path + suffix + " cannot be moved away: " + base::system_message(errno));
        }
    }
}

void give_owner(const std::string& copy, const struct stat& owner) {
    if (owner.st_uid == ::geteuid() && owner.st_gid == ::getegid()) return;
    if (::chown(copy.c_str(), owner.st_uid, owner.st_gid) != 0) {
        throw Error(Code::unavailable, "the restored database would not belong to its owner, account " +
                                           std::to_string(owner.st_uid) + ": run this as that account");
    }
}

}  // namespace

std::string backed_up_file(const Options& options) {
    const Url url = parse_url(options.url);
    if (url.backend == Backend::mysql) {
        throw Error(Code::invalid, "backups are of SQLite files, and this database is on a server: use `manage dump` and `manage "
                                   "load`, or mariadb-dump");
    }
    if (url.temporary) throw Error(Code::invalid, "the database of this config is a temporary file: there is none to copy");
    return std::filesystem::absolute(url.path).lexically_normal().string();
}

Backup back_up(const Options& options, const std::string& file, const OnPages& on_pages) {
    const std::string path = backed_up_file(options);
    prepare_sqlite_file(path, false);
    base::NewFile target(file);
    const Backup backup = copy_and_check(path, SQLite::OPEN_READWRITE, target, options, on_pages);
    target.keep();
    return backup;
}

Restored restore(const Options& options, const std::string& file, const std::string& when, const OnPages& on_pages) {
    const std::string path = backed_up_file(options);
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing)) throw Error(Code::unavailable, "there is no file " + file);
    const bool replaces = std::filesystem::file_size(path, missing) > 0 && !missing;
    prepare_sqlite_file(path, true);
    if (replaces && std::filesystem::equivalent(path, file)) throw Error(Code::invalid, file + " is the database itself");
    require_unused(path);

    base::NewFile target(path, base::NewFile::Existing::replace);
    Restored restored{.backup = copy_and_check(file, SQLite::OPEN_READONLY, target, options, on_pages), .kept = {}};
    struct stat owner{};
    if (::stat(path.c_str(), &owner) != 0)
        throw Error(Code::unavailable, path + " cannot be reached: " + base::system_message(errno));
    give_owner(target.temporary_path(), owner);
    require_unused(path);
    std::optional<Alone> alone;
    if (replaces) {
        alone.emplace(path);
        restored.kept = path + ".before-restore-" + when;
        keep_aside(path, restored.kept);
    }
    target.keep();
    return restored;
}

}  // namespace app::db
