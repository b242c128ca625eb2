#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::db::Connection;
using app::db::Options;

namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::string refusal(const Options& options) {
    const auto error = tests::error_of([&] { app::db::open(options); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK_FALSE(tests::contains(error->message(), "\n"));
    return error->message();
}

// What opening says to an account that modes apply to: they do not apply to root.
std::string refusal_as_nobody(const Options& options) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = tests::fork_process();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
        const auto error = tests::error_of([&] { app::db::open(options); });
        const std::string message = error ? error->message() : "no error";
        const bool written = ::write(ends[1], message.data(), message.size()) == static_cast<ssize_t>(message.size());
        ::_exit(written ? 0 : 1);
    }
    ::close(ends[1]);
    std::string message;
    char buffer[512];
    for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) message.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    return message;
}

}  // namespace

TEST_CASE("A new database's file has mode 0600, its -wal and -shm too, and its new folder 0700, whatever the umask") {
    tests::TemporaryFolder folder;
    const mode_t before = ::umask(0);
    const auto database = app::db::open(tests::options_for(folder / "data/deep/dewar.sqlite"));
    ::umask(before);
    database->write([](Connection& connection) { connection.execute("CREATE TABLE t (x INTEGER)"); });
    CHECK(mode_of(folder / "data/deep") == 0700);
    CHECK(mode_of(folder / "data") == 0700);
    CHECK(mode_of(folder / "data/deep/dewar.sqlite") == 0600);
    CHECK(mode_of(folder / "data/deep/dewar.sqlite-wal") == 0600);
    CHECK(mode_of(folder / "data/deep/dewar.sqlite-shm") == 0600);
}

TEST_CASE("A connection uses write-ahead logging, checks foreign keys, syncs every commit and takes its cache from the options") {
    tests::TemporaryFolder folder;
    Options options = tests::options_for(folder / "dewar.sqlite");
    options.cache_kib = 1234;
    options.mmap_bytes = 65536;
    options.busy_timeout_ms = 777;
    const auto database = app::db::open(options);
    const auto check = [](Connection& connection) {
        CHECK(connection.find("PRAGMA journal_mode", [](const auto& row) { return std::string(row.text(0)); }) == "wal");
        CHECK(connection.integer("PRAGMA foreign_keys") == 1);
        CHECK(connection.integer("PRAGMA synchronous") == 2);
        CHECK(connection.integer("PRAGMA cache_size") == -1234);
        CHECK(connection.integer("PRAGMA mmap_size") == 65536);
        CHECK(connection.integer("PRAGMA busy_timeout") == 777);
    };
    database->read(check);
    database->write(check);
}

TEST_CASE("The location is the file's absolute path") {
    tests::TemporaryFolder folder;
    const auto database = app::db::open(tests::options_for(folder / "x/../dewar.sqlite"));
    CHECK(database->location() == (folder / "dewar.sqlite"));
    CHECK(database->dialect().name == "sqlite");
}

TEST_CASE("A temporary database is a file of its own in TMPDIR and is gone when it is closed") {
    tests::TemporaryFolder folder;
    const char* set = std::getenv("TMPDIR");
    const std::string before = set ? set : "";
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    auto first = tests::temporary_database();
    const auto second = tests::temporary_database();
    set ? ::setenv("TMPDIR", before.c_str(), 1) : ::unsetenv("TMPDIR");
    CHECK(fs::path(first->location()).parent_path() == folder.path());
    CHECK(first->location() != second->location());
    CHECK(mode_of(first->location()) == 0600);
    first->write([](Connection& connection) { connection.execute("CREATE TABLE t (x INTEGER)"); });
    const std::string path = first->location();
    CHECK(fs::exists(path + "-wal"));
    first.reset();
    CHECK_FALSE(fs::exists(path));
    CHECK_FALSE(fs::exists(path + "-wal"));
    CHECK_FALSE(fs::exists(path + "-shm"));
    CHECK(fs::exists(second->location()));
}

TEST_CASE("A missing file is not made unless asked, and the error says what makes it") {
    tests::TemporaryFolder folder;
    Options options = tests::options_for(folder / "dewar.sqlite");
    options.create = false;
    CHECK(refusal(options) == "database " + (folder / "dewar.sqlite") + " does not exist; run `manage deploy`");
    CHECK_FALSE(fs::exists(folder / "dewar.sqlite"));
}

TEST_CASE("What is there survives closing, and opening with create leaves it alone") {
    tests::TemporaryFolder folder;
    const Options options = tests::options_for(folder / "dewar.sqlite");
    app::db::open(options)->write([](Connection& connection) {
        connection.execute("CREATE TABLE t (x INTEGER)");
        connection.execute("INSERT INTO t (x) VALUES (?)", 7);
    });
    CHECK(app::db::open(options)->read([](Connection& connection) { return connection.integer("SELECT x FROM t"); }) == 7);
}

TEST_CASE("A folder as the file, a file as the folder, and a file that is no database are named") {
    tests::TemporaryFolder folder;
    CHECK(tests::contains(refusal(tests::options_for(folder.path())), "is a folder"));
    CHECK(tests::contains(refusal(tests::options_for("/dev/null")), "is not a regular file"));

    std::ofstream(folder / "text") << "This is a letter and no database. " << std::string(5000, 'x');
    CHECK(tests::contains(refusal(tests::options_for(folder / "text")), "is no SQLite database"));
    CHECK(tests::contains(refusal(tests::options_for(folder / "text/dewar.sqlite")), "one of its folders is a file"));
}

TEST_CASE("A read-only folder is named, for a new file and for one that is there") {
    tests::TemporaryFolder folder;
    fs::create_directory(folder / "data");
    std::ofstream(folder / "data/old.sqlite").close();
    fs::permissions(folder / "data/old.sqlite", fs::perms(0666));
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder / "data", fs::perms(0555));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "data/new.sqlite")), "is read-only for this account"));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "data/old.sqlite")), "lies in a read-only folder"));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "data/deeper/new.sqlite")), "its folder"));
    fs::permissions(folder / "data", fs::perms(0755));
}

TEST_CASE("A file or a folder without permission is named") {
    tests::TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0777));
    std::ofstream(folder / "secret.sqlite").close();
    fs::permissions(folder / "secret.sqlite", fs::perms(0));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "secret.sqlite")), "may not be read by this account"));
    fs::permissions(folder / "secret.sqlite", fs::perms(0444));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "secret.sqlite")), "is read-only for this account"));
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms(0));
    CHECK(tests::contains(refusal_as_nobody(tests::options_for(folder / "closed/dewar.sqlite")),
                          "cannot be reached: Permission denied"));
    fs::permissions(folder / "closed", fs::perms(0755));
}
