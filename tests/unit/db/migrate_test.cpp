#include "app/db/migrate.hpp"

#include "tests/unit/db/migrations.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Applied;
using app::db::Connection;
using app::db::Migration;
using app::db::Schema;
using tests::bring_up;
using tests::count_tables;
using tests::from;
using tests::gate;
using tests::take_back;

namespace {

const EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id @id@);"};
const EmbeddedFile second{"0002_second.sql", "CREATE TABLE b (id @id@); INSERT INTO b (id) VALUES (5);"};

const EmbeddedFile undoable{"0002_second.sql", "CREATE TABLE b (id @id@);\n-- down\nDELETE FROM b;\nDROP TABLE b;\n"};

}  // namespace

TEST_CASE("The embedded migrations make a schema that is current, with the tables of the blog") {
    const auto database = tests::new_database();
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
    const auto database = tests::new_database();
    CHECK(app::db::inspect(*database, from({first, second})).pending.size() == 2);
    CHECK(bring_up(*database, from({first})).size() == 1);

    std::vector<std::string> told;
    const auto applied =
        bring_up(*database, from({first, second}), {.on_step = [&](const Applied& step) { told.push_back(step.name); }});
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

TEST_CASE("A migration that was interrupted is refused by the gate and finished by migrate after its last statement") {
    const auto database = tests::new_database();
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
    const auto database = tests::new_database();
    CHECK([&] {
        app::db::Lease lease(*database);
        return app::db::migrate(lease, from({first, second}), {}, 1).size();
    }() == 1);
    CHECK(app::db::inspect(*database, from({first, second})).version == 1);
}

TEST_CASE("A listener is told of each statement before it is journalled") {
    const auto database = tests::new_database();
    std::vector<std::string> told;
    bring_up(*database, from({first, second}), {.on_statement = [&](const Migration& migration, std::size_t count) {
        told.push_back(migration.name + " " + std::to_string(count));
    }});
    CHECK(told == std::vector<std::string>{"first 1", "second 1", "second 2"});
}

TEST_CASE("Undoing takes steps back from the highest down to the version that it is given") {
    const auto database = tests::new_database();
    const auto migrations = from({first, undoable, {"0003_third.sql", "CREATE TABLE c (id @id@);\n-- down\nDROP TABLE c;\n"}});
    bring_up(*database, migrations);
    std::vector<std::int64_t> undone;
    take_back(*database, migrations, 1, {.on_step = [&](const Applied& step) { undone.push_back(step.version); }});
    CHECK(undone == std::vector<std::int64_t>{3, 2});
    CHECK(app::db::inspect(*database, migrations).version == 1);
    CHECK(count_tables(*database, "a") == 1);
    CHECK(count_tables(*database, "b") == 0);
    CHECK(count_tables(*database, "c") == 0);
    CHECK(bring_up(*database, migrations).size() == 2);
}

TEST_CASE("A step without a down part is not taken back, nor are those above it") {
    const auto database = tests::new_database();
    const auto migrations = from({first, undoable});
    bring_up(*database, migrations);
    const auto error = tests::error_of([&] { take_back(*database, migrations, 0); });
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
    CHECK(error->message() == "migration 1 (first) has no down part, so it cannot be taken back: nothing was changed");
    CHECK(count_tables(*database, "b") == 1);
}

TEST_CASE("What only another binary knows is not taken back") {
    const auto database = tests::new_database();
    bring_up(*database,
             from({first, {"0002_second.sql", "-- compatible: 1\nCREATE TABLE b (x INTEGER);\n-- down\nDROP TABLE b"}}));
    const auto error = tests::error_of([&] { take_back(*database, from({first}), 0); });
    REQUIRE(error);
    CHECK(tests::contains(error->message(), "migration 2 (second) is not known to this binary"));
}

TEST_CASE("A step that is half taken back is refused by the gate and by migrate, and finished by undo") {
    const auto database = tests::new_database();
    const auto migrations = from({first, undoable});
    bring_up(*database, migrations);
    database->write([](Connection& connection) {
        connection.execute("UPDATE schema_migrations SET finished_at = NULL, undoing = 1, statements_done = 1 WHERE version = 2");
        connection.execute("DELETE FROM b");
    });
    const std::string problem = "migration 2 (second) is half taken back: run `manage migrate down --to 1` again";
    CHECK(gate(*database, migrations) == problem);
    const auto error = tests::error_of([&] { bring_up(*database, migrations); });
    REQUIRE(error);
    CHECK(error->message() == problem);
    CHECK(take_back(*database, migrations, 1).size() == 1);
    CHECK(count_tables(*database, "b") == 0);
}

TEST_CASE("A stamp makes the journal say what is applied, and runs nothing") {
    const auto database = tests::new_database();
    const auto migrations = from({first, second});
    tests::stamp(*database, migrations, 2);
    CHECK(gate(*database, migrations).empty());
    CHECK(count_tables(*database, "a") == 0);
    tests::stamp(*database, migrations, 1);
    CHECK(app::db::inspect(*database, migrations).version == 1);
    tests::stamp(*database, migrations, 0);
    CHECK(app::db::inspect(*database, migrations).pending.size() == 2);
    CHECK(tests::error_of([&] { tests::stamp(*database, migrations, 3); }).value().message() ==
          "there is no migration 3; `manage migrate status` shows those there are");
}

TEST_CASE("A stamp takes an edited file for what was applied") {
    const auto database = tests::new_database();
    bring_up(*database, from({first, second}));
    const auto edited = from({first, {"0002_second.sql", "CREATE TABLE b (id INTEGER)"}});
    CHECK_FALSE(gate(*database, edited).empty());
    tests::stamp(*database, edited, 2);
    CHECK(gate(*database, edited).empty());
}
