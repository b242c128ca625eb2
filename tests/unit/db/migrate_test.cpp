#include "app/db/migrate.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Applied;
using app::db::Connection;
using app::db::Database;
using app::db::Dialect;
using app::db::Migration;
using app::db::Schema;
using app::db::split_statements;

namespace {

// The migrations of `files` in the dialect of a new database.
std::vector<Migration> from(const std::vector<EmbeddedFile>& files) {
    return app::db::migrations(test::temporary_database()->dialect(), files);
}

std::string refusal_of(const std::vector<EmbeddedFile>& files) {
    const auto error = test::error_of([&] { from(files); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    return error->message();
}

std::vector<Applied> bring_up(Database& database, const std::vector<Migration>& migrations) {
    return app::db::migrate(database, migrations, [](const Applied&) {});
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

}  // namespace

TEST_CASE("Semicolons separate statements, but not in quotes and comments, which are left out") {
    CHECK(split_statements("SELECT 1; SELECT 2 ;\n\n") == std::vector<std::string>{"SELECT 1", "SELECT 2"});
    CHECK(split_statements("SELECT ';'';', \"a;b\", `c;d`;SELECT 2") ==
          std::vector<std::string>{"SELECT ';'';', \"a;b\", `c;d`", "SELECT 2"});
    CHECK(split_statements("-- one; two\nSELECT /* ; ' */ 1; -- end") == std::vector<std::string>{"SELECT   1"});
    CHECK(split_statements(" ;; -- nothing\n/* */;").empty());
    CHECK(split_statements("SELECT '-- no comment', '/*';") == std::vector<std::string>{"SELECT '-- no comment', '/*'"});
}

TEST_CASE("The body of a trigger belongs to its statement") {
    const std::string trigger =
        "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; DELETE FROM c; END";
    CHECK(split_statements(trigger + "; SELECT 1;") == std::vector<std::string>{trigger, "SELECT 1"});
    CHECK(split_statements("CREATE TABLE t (begin_at INT); SELECT 1").size() == 2);
}

TEST_CASE("A quote or a comment without end is refused") {
    for (const char* script : {"SELECT 'a", "SELECT 1 /* x", "SELECT \"a"}) {
        CAPTURE(script);
        CHECK(test::error_of([&] { split_statements(script); }).has_value());
    }
}

TEST_CASE("Placeholders are filled by the dialect, lengths included") {
    const Dialect dialect{"mysql",    "BIGINT AUTO_INCREMENT",          "DATETIME(6)",   "VARCHAR(#)",
                          "LONGTEXT", "VARCHAR(#) COLLATE utf8mb4_bin", "ENGINE=InnoDB", "",
                          false};
    const std::vector<EmbeddedFile> files{
        {"0001_x.sql", "CREATE TABLE t (a @id@, b @time@, c @text(9)@, d @text@, e @exact(64)@) @engine@;"}};
    CHECK(app::db::migrations(dialect, files)[0].statements[0] ==
          "CREATE TABLE t (a BIGINT AUTO_INCREMENT, b DATETIME(6), c VARCHAR(9), d LONGTEXT, "
          "e VARCHAR(64) COLLATE utf8mb4_bin) ENGINE=InnoDB");
    CHECK(from(files)[0].statements[0] ==
          "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b INTEGER, c TEXT, d TEXT, e TEXT)");
}

TEST_CASE("An @ that is no placeholder stays, and an unknown placeholder is refused with the file's name") {
    CHECK(from({{"0001_x.sql", "SELECT 'a@b.c'"}})[0].statements[0] == "SELECT 'a@b.c'");
    CHECK(test::contains(refusal_of({{"0001_x.sql", "SELECT @idd@"}}), "0001_x.sql has the unknown placeholder @idd@"));
    CHECK(test::contains(refusal_of({{"0001_x.sql", "SELECT @text(x)@"}}), "@text(x)@"));
}

TEST_CASE("Files are ordered by number, and another backend's are left out") {
    const auto found =
        from({{"0010_ten.sql", "SELECT 10"}, {"0002_two.mysql.sql", "SELECT 'my'"}, {"0002_two.sqlite.sql", "SELECT 'lite'"}});
    REQUIRE(found.size() == 2);
    CHECK(found[0].version == 2);
    CHECK(found[0].name == "two");
    CHECK(found[0].statements[0] == "SELECT 'lite'");
    CHECK(found[1].version == 10);
}

TEST_CASE("A file without a number, twice the same number, and a file without statements are refused") {
    CHECK(test::contains(refusal_of({{"initial.sql", "SELECT 1"}}), "initial.sql has no name like"));
    CHECK(test::contains(refusal_of({{"0001.sql", "SELECT 1"}}), "has no name like"));
    CHECK(test::contains(refusal_of({{"0001_a.txt", "SELECT 1"}}), "has no name like"));
    CHECK(test::contains(refusal_of({first, {"0001_other.sql", "SELECT 1"}}), "same number"));
    CHECK(test::contains(refusal_of({{"0001_a.sql", "-- nothing"}}), "has no statement"));
    CHECK(test::contains(refusal_of({{"0001_a.sql", "-- compatible: 2\nSELECT 1"}}), "compatible"));
}

TEST_CASE("The checksum is the SHA-256 of the file as it is") {
    CHECK(from({{"0001_a.sql", "SELECT 1;\n"}})[0].checksum ==
          "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
}

TEST_CASE("A migration is compatible with itself only, unless its first comment says otherwise") {
    CHECK(from({{"0003_a.sql", "SELECT 1"}})[0].compatible == 3);
    CHECK(from({{"0003_a.sql", "-- About something.\n-- compatible: 1\nSELECT 1"}})[0].compatible == 1);
    CHECK(from({{"0003_a.sql", "SELECT 1;\n-- compatible: 1\n"}})[0].compatible == 3);
}

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
    const auto applied =
        app::db::migrate(*database, from({first, second}), [&](const Applied& step) { told.push_back(step.name); });
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

TEST_CASE("The gate refuses a database without a schema and one that is older, and names the command") {
    const auto database = test::temporary_database();
    CHECK(gate(*database, from({first})) == "the database has no schema yet: run `manage deploy`");
    bring_up(*database, from({first}));
    CHECK(gate(*database, from({first})).empty());
    CHECK(gate(*database, from({first, second})) ==
          "the database has schema version 1, which is older than this binary's, 2: run `manage deploy`");
}

TEST_CASE("The gate refuses a newer database unless its migrations are declared compatible with this binary") {
    const auto database = test::temporary_database();
    bring_up(*database, from({first, second}));
    CHECK(test::contains(gate(*database, from({first})), "schema version 2, which is newer than this binary (it knows 1)"));
    CHECK(test::error_of([&] { bring_up(*database, from({first})); }).has_value());

    const auto other = test::temporary_database();
    bring_up(*other, from({first, {"0002_second.sql", "-- compatible: 1\nCREATE TABLE b (x INTEGER)"}}));
    CHECK(gate(*other, from({first})).empty());
    CHECK(bring_up(*other, from({first})).empty());
}

TEST_CASE("An applied migration whose file changed, or that is unknown here, is refused by the gate and by migrate") {
    const auto database = test::temporary_database();
    bring_up(*database, from({first, second}));
    const auto changed = from({first, {"0002_second.sql", "CREATE TABLE b (id INTEGER)"}});
    CHECK(test::contains(gate(*database, changed), "migration 2 (second) was changed after it was applied"));
    CHECK(test::error_of([&] { bring_up(*database, changed); }).has_value());

    const auto unknown = from({first, {"0003_third.sql", "CREATE TABLE c (id INTEGER)"}});
    CHECK(test::contains(gate(*database, unknown), "migration 2 (second) was applied but is not known to this binary"));
}

TEST_CASE("A migration that was interrupted is refused by the gate and finished by migrate after its last statement") {
    const auto database = test::temporary_database();
    bring_up(*database, from({first, second}));
    database->write([](Connection& connection) {
        connection.execute("UPDATE schema_migrations SET finished_at = NULL, statements_done = 1 WHERE version = 2");
        connection.execute("DELETE FROM b");
    });
    CHECK(gate(*database, from({first, second})) == "migration 2 (second) was interrupted: run `manage deploy`");
    CHECK(bring_up(*database, from({first, second})).size() == 1);
    CHECK(gate(*database, from({first, second})).empty());
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM b"); }) == 1);
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
