// What is so with SQLite only: a step is one transaction, under the file's own lock.
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/db/migrations.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Connection;
using app::db::Schema;
using tests::bring_up;
using tests::from;
using tests::gate;

namespace {

const EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id @id@);"};
const EmbeddedFile second{"0002_second.sql", "CREATE TABLE b (id @id@); INSERT INTO b (id) VALUES (5);"};

}  // namespace

TEST_CASE("A step that fails leaves nothing of itself, keeps those before it, and is named") {
    const auto database = tests::temporary_database();
    const auto migrations = from({first, {"0002_bad.sql", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"}});
    const auto error = tests::error_of([&] { bring_up(*database, migrations); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    CHECK(tests::contains(error->message(), "migration 2 (bad): "));
    CHECK(tests::contains(error->detail(), "nowhere"));
    const Schema schema = app::db::inspect(*database, migrations);
    CHECK(schema.version == 1);
    CHECK(schema.pending.size() == 1);
    CHECK(bring_up(*database, from({first, second})).size() == 1);  // `b` is not in the way
}

TEST_CASE("The script of what would run makes the same tables and the same journal") {
    const auto database = tests::temporary_database();
    const auto migrations = from({first, second});
    const std::string script = app::db::to_script(database->dialect(), migrations, true);
    CHECK(tests::contains(script, "\nBEGIN IMMEDIATE;\nCREATE TABLE b "));
    database->write([&](Connection& connection) {
        for (const std::string& statement : app::db::split_statements(script)) {
            if (statement != "BEGIN IMMEDIATE" && statement != "COMMIT") connection.execute(statement);
        }
    });
    CHECK(gate(*database, migrations).empty());
    CHECK(tests::count_tables(*database, "b") == 1);
    CHECK(app::db::to_script(database->dialect(), {}, true).empty());
}

TEST_CASE("Processes that migrate at the same time apply each step once, and all succeed") {
    tests::TemporaryFolder folder;
    const auto options = tests::options_for(folder / "dewar.sqlite");
    std::vector<pid_t> processes;
    for (int p = 0; p < 5; ++p) {
        const pid_t process = tests::fork_process();
        REQUIRE(process >= 0);
        if (process == 0) {
            const auto error = tests::error_of([&] {
                const auto database = app::db::open(options);
                bring_up(*database, app::db::migrations(database->dialect()));
            });
            ::_exit(error ? 1 : 0);
        }
        processes.push_back(process);
    }
    for (const pid_t process : processes) {
        int status = -1;
        ::waitpid(process, &status, 0);
        CHECK(status == 0);
    }
    const auto database = app::db::open(options);
    CHECK(gate(*database, app::db::migrations(database->dialect())).empty());
}
