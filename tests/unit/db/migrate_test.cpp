#include "app/db/migrate.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Applied;
using app::db::Connection;
using app::db::Database;
using app::db::Migration;
using app::db::Schema;

namespace {

// The migrations of `files` in the dialect of a new database.
std::vector<Migration> from(const std::vector<EmbeddedFile>& files) {
    return app::db::migrations(test::temporary_database()->dialect(), files);
}

std::vector<Applied> bring_up(Database& database, const std::vector<Migration>& migrations) {
    app::db::Lease lease(database);
    return app::db::migrate(lease, migrations);
}

// What require_current says; empty if it says nothing.
std::string gate(Database& database, const std::vector<Migration>& migrations) {
    const auto error = test::error_of([&] { app::db::require_current(database, migrations); });
    if (!error) return {};
    CHECK(error->code() == Code::unavailable);
    return error->message();
}

const EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id @id@);"};
const EmbeddedFile second{"0002_second.sql", "CREATE TABLE b (id @id@); INSERT INTO b (id) VALUES (5);"};

const EmbeddedFile undoable{"0002_second.sql", "CREATE TABLE b (id @id@);\n-- down\nDELETE FROM b;\nDROP TABLE b;\n"};

std::int64_t count_tables(Database& database, std::string_view name) {
    return database.read([&](Connection& connection) { return connection.integer(connection.dialect().count_tables, name); });
}

}  // namespace

TEST_CASE("The embedded migrations make a schema that is current, with the tables of the blog") {
    const auto database = test::temporary_database();
    const auto migrations = app::db::migrations(database->dialect());
    CHECK_FALSE(bring_up(*database, migrations).empty());
    CHECK(gate(*database, migrations).empty());
    database->read([](Connection& connection) {
        for (const char* table : {"roles", "users", "posts", "comments", "follows"}) {
            CHECK(connection.integer(connection.dialect().count_tables, table) == 1);
        }
    });
}

TEST_CASE("Migrating applies what is missing, in order, once") {
    const auto database = test::temporary_database();
    CHECK(app::db::inspect(*database, from({first, second})).pending.size() == 2);
    CHECK(bring_up(*database, from({first})).size() == 1);

    std::vector<std::string> told;
    app::db::Lease lease(*database);
    const auto applied =
        app::db::migrate(lease, from({first, second}), {.on_step = [&](const Applied& step) { told.push_back(step.name); }});
    CHECK(told == std::vector<std::string>{"second"});
    REQUIRE(applied.size() == 1);
    CHECK(applied[0].version == 2);
    CHECK(bring_up(*database, from({first, second})).empty());

    const Schema schema = app::db::inspect(*database, from({first, second}));
    CHECK(schema.state == Schema::State::current);
    CHECK(schema.version == 2);
    CHECK(schema.latest == 2);
    CHECK(schema.pending.empty());
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT id FROM b"); }) == 5);
    CHECK(database->read([](Connection& connection) {
        return connection.integer(
            "SELECT statements_done FROM schema_migrations WHERE version = 2 AND finished_at >= started_at");
    }) == 2);
}

TEST_CASE("A step that fails leaves nothing of itself, keeps those before it, and is named") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, {"0002_bad.sql", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"}});
    const auto error = test::error_of([&] { bring_up(*database, migrations); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    CHECK(test::contains(error->message(), "migration 2 (bad): "));
    CHECK(test::contains(error->detail(), "nowhere"));
    const Schema schema = app::db::inspect(*database, migrations);
    CHECK(schema.version == 1);
    CHECK(schema.pending.size() == 1);
    CHECK(bring_up(*database, from({first, second})).size() == 1);  // `b` is not in the way
}

TEST_CASE("A migration that was interrupted is refused by the gate and finished by migrate after its last statement") {
    const auto database = test::temporary_database();
    bring_up(*database, from({first, second}));
    database->write([](Connection& connection) {
        connection.execute("UPDATE schema_migrations SET finished_at = NULL, statements_done = 1 WHERE version = 2");
        connection.execute("DELETE FROM b");
    });
    CHECK(gate(*database, from({first, second})) ==
          "migration 2 (second) was begun and is not finished: wait for the deploy that is at it, or run `manage deploy`");
    CHECK(bring_up(*database, from({first, second})).size() == 1);
    CHECK(gate(*database, from({first, second})).empty());
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM b"); }) == 1);
}

TEST_CASE("Migrating stops at the version that it is given") {
    const auto database = test::temporary_database();
    app::db::Lease lease(*database);
    CHECK(app::db::migrate(lease, from({first, second}), {}, 1).size() == 1);
    CHECK(app::db::inspect(*database, from({first, second})).version == 1);
}

TEST_CASE("A listener is told of each statement before it is journalled") {
    const auto database = test::temporary_database();
    app::db::Lease lease(*database);
    std::vector<std::string> told;
    app::db::migrate(lease, from({first, second}), {.on_statement = [&](const Migration& migration, std::size_t count) {
                         told.push_back(migration.name + " " + std::to_string(count));
                     }});
    CHECK(told == std::vector<std::string>{"first 1", "second 1", "second 2"});
}

TEST_CASE("Undoing takes steps back from the highest down to the version that it is given") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, undoable, {"0003_third.sql", "CREATE TABLE c (id @id@);\n-- down\nDROP TABLE c;\n"}});
    bring_up(*database, migrations);
    app::db::Lease lease(*database);
    std::vector<std::int64_t> undone;
    app::db::undo(lease, migrations, 1, {.on_step = [&](const Applied& step) { undone.push_back(step.version); }});
    CHECK(undone == std::vector<std::int64_t>{3, 2});
    CHECK(app::db::inspect(*database, migrations).version == 1);
    CHECK(count_tables(*database, "a") == 1);
    CHECK(count_tables(*database, "b") == 0);
    CHECK(count_tables(*database, "c") == 0);
    CHECK(bring_up(*database, migrations).size() == 2);
}

TEST_CASE("A step without a down part is not taken back, nor are those above it") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, undoable});
    bring_up(*database, migrations);
    app::db::Lease lease(*database);
    const auto error = test::error_of([&] { app::db::undo(lease, migrations, 0); });
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
    CHECK(error->message() == "migration 1 (first) has no down part, so it cannot be taken back: nothing was changed");
    CHECK(count_tables(*database, "b") == 1);
}

TEST_CASE("What only another binary knows is not taken back") {
    const auto database = test::temporary_database();
    bring_up(*database,
             from({first, {"0002_second.sql", "-- compatible: 1\nCREATE TABLE b (x INTEGER);\n-- down\nDROP TABLE b"}}));
    app::db::Lease lease(*database);
    const auto error = test::error_of([&] { app::db::undo(lease, from({first}), 0); });
    REQUIRE(error);
    CHECK(test::contains(error->message(), "migration 2 (second) is not known to this binary"));
}

TEST_CASE("A step that is half taken back is refused by the gate and by migrate, and finished by undo") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, undoable});
    bring_up(*database, migrations);
    database->write([](Connection& connection) {
        connection.execute("UPDATE schema_migrations SET finished_at = NULL, undoing = 1, statements_done = 1 WHERE version = 2");
        connection.execute("DELETE FROM b");
    });
    const std::string problem = "migration 2 (second) is half taken back: run `manage migrate down --to 1` again";
    CHECK(gate(*database, migrations) == problem);
    const auto error = test::error_of([&] { bring_up(*database, migrations); });
    REQUIRE(error);
    CHECK(error->message() == problem);
    app::db::Lease lease(*database);
    CHECK(app::db::undo(lease, migrations, 1).size() == 1);
    CHECK(count_tables(*database, "b") == 0);
}

TEST_CASE("A stamp makes the journal say what is applied, and runs nothing") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, second});
    app::db::Lease lease(*database);
    app::db::stamp(lease, migrations, 2);
    CHECK(gate(*database, migrations).empty());
    CHECK(count_tables(*database, "a") == 0);
    app::db::stamp(lease, migrations, 1);
    CHECK(app::db::inspect(*database, migrations).version == 1);
    app::db::stamp(lease, migrations, 0);
    CHECK(app::db::inspect(*database, migrations).pending.size() == 2);
    CHECK(test::error_of([&] { app::db::stamp(lease, migrations, 3); }).value().message() ==
          "there is no migration 3; `manage migrate status` shows those there are");
}

TEST_CASE("A stamp takes an edited file for what was applied") {
    const auto database = test::temporary_database();
    bring_up(*database, from({first, second}));
    const auto edited = from({first, {"0002_second.sql", "CREATE TABLE b (id INTEGER)"}});
    CHECK_FALSE(gate(*database, edited).empty());
    app::db::Lease lease(*database);
    app::db::stamp(lease, edited, 2);
    CHECK(gate(*database, edited).empty());
}

TEST_CASE("The script of what would run makes the same tables and the same journal") {
    const auto database = test::temporary_database();
    const auto migrations = from({first, second});
    const std::string script = app::db::to_script(database->dialect(), migrations, true);
    CHECK(test::contains(script, "\nBEGIN IMMEDIATE;\nCREATE TABLE b "));
    database->write([&](Connection& connection) {
        for (const std::string& statement : app::db::split_statements(script)) {
            if (statement != "BEGIN IMMEDIATE" && statement != "COMMIT") connection.execute(statement);
        }
    });
    CHECK(gate(*database, migrations).empty());
    CHECK(count_tables(*database, "b") == 1);
    CHECK(app::db::to_script(database->dialect(), {}, true).empty());
}

TEST_CASE("Processes that migrate at the same time apply each step once, and all succeed") {
    test::Folder folder;
    const auto options = test::options_for(folder / "dewar.sqlite");
    std::vector<pid_t> processes;
    for (int p = 0; p < 5; ++p) {
        const pid_t process = test::fork_process();
        REQUIRE(process >= 0);
        if (process == 0) {
            const auto error = test::error_of([&] {
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
