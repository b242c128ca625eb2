// What is so with MySQL only: no transaction holds a step together, so the journal must; and the lease, for there is no file to lock.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/unit/db/migrations.hpp"

using app::base::Code;
using app::base::EmbeddedFile;
using app::db::Connection;
using app::db::Database;
using app::db::Lease;
using app::db::Migration;
using tests::bring_up;
using tests::execute;
using tests::from;
using tests::gate;

namespace {

// One of each kind of statement that the journal must get across an interruption.
const EmbeddedFile every_kind{"0001_all.sql", R"(
    CREATE TABLE a (id @id@, name @text(9)@ NOT NULL, other BIGINT) @engine@;
    INSERT INTO a (name) VALUES ('one'), ('two');
    CREATE TABLE b (id @id@, a_id BIGINT NOT NULL) @engine@;
    CREATE INDEX a_name ON a (name);
    ALTER TABLE a ADD COLUMN extra @text(5)@;
    ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id);
    UPDATE a SET other = id * 10, name = name || '!';
    ALTER TABLE a DROP COLUMN other;
    ALTER TABLE a MODIFY COLUMN extra @text(6)@;
    CREATE TABLE c (id @id@) @engine@;
    DROP TABLE c;
    DROP INDEX a_name ON a;
    -- down
    ALTER TABLE b DROP FOREIGN KEY b_a;
    DROP TABLE b;
    UPDATE a SET name = 'back';
    DROP TABLE a;
)"};

const EmbeddedFile second{"0002_second.sql", "CREATE TABLE d (id @id@); INSERT INTO d (id) VALUES (5);"};

// Everything that the server knows about the tables and what is in them, but for times.
std::string describe(Database& database) {
    std::string text;
    database.read([&](Connection& connection) {
        const auto add = [&](const app::db::Row& row) {
            for (int i = 0; i < row.columns(); ++i) text.append(row.text(i)).append(i + 1 < row.columns() ? " " : "\n");
        };
        connection.each(
            "SELECT table_name, column_name, column_type, is_nullable, collation_name FROM information_schema.columns "
            "WHERE table_schema = DATABASE() AND table_name <> 'schema_lease' ORDER BY table_name, ordinal_position",
            add);
        connection.each(
            "SELECT table_name, index_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE() "
            "AND table_name <> 'schema_lease' ORDER BY table_name, index_name, seq_in_index",
            add);
        if (connection.integer(connection.dialect().count_tables, "a") > 0)
            connection.each("SELECT name, extra FROM a ORDER BY id", add);  // ids have gaps
        connection.each("SELECT version, checksum, statements_begun, statements_done, undoing FROM schema_migrations", add);
    });
    return text;
}

// Runs `work` in a process of its own, which the listener that it is given ends behind statement number `last`, as kill -9 would.
// False when it came to its end.
bool is_killed_behind(std::size_t last, const std::string& url,
                      const std::function<void(Database&, const app::db::Listener&)>& work) {
    const pid_t process = tests::fork_process();
    REQUIRE(process >= 0);
    if (process == 0) {
        std::size_t count = 0;
        const auto error = tests::error_of([&] {
            const auto database = app::db::open({.url = url});
            work(*database, {.on_statement = [&](const Migration&, std::size_t) {
                if (++count == last) ::kill(::getpid(), SIGKILL);
            }});
        });
        ::_exit(error ? 1 : 0);
    }
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    if (WIFSIGNALED(status)) return true;
    CHECK(status == 0);
    return false;
}

// As 15 s do.
void let_lease_expire(Database& database) { execute(database, "UPDATE schema_lease SET expires_at = UTC_TIMESTAMP(6)"); }

std::string migrated_without_interruption(const std::vector<Migration>& migrations) {
    const auto database = tests::new_database();
    bring_up(*database, migrations);
    return describe(*database);
}

}  // namespace

TEST_CASE("Killed behind any statement and run again, migrating comes to the same schema and the same rows") {
    const auto migrations = from({every_kind});
    const std::string expected = migrated_without_interruption(migrations);
    std::size_t last = 1;
    for (bool killed = true; killed; ++last) {
        CAPTURE(last);
        const std::string url = tests::new_database_url();
        killed = is_killed_behind(last, url,
                                  [&](Database& database, const auto& listener) { bring_up(database, migrations, listener); });
        const auto database = app::db::open({.url = url});
        if (killed) {
            CHECK_FALSE(gate(*database, migrations).empty());
            let_lease_expire(*database);
            bring_up(*database, migrations);
        }
        CHECK(describe(*database) == expected);
        CHECK(gate(*database, migrations).empty());
    }
    CHECK(last == migrations[0].statements.size() + 2);
}

TEST_CASE("Killed before a statement that is journalled as begun and run again, migrating comes to the same") {
    const auto migrations = from({every_kind});
    const std::string expected = migrated_without_interruption(migrations);
    for (std::size_t done = 0; done < migrations[0].statements.size(); ++done) {
        CAPTURE(done);
        const auto database = tests::new_database();
        auto beginning = migrations;
        beginning[0].statements.resize(done);
        bring_up(*database, beginning);
        execute(*database, "UPDATE schema_migrations SET finished_at = NULL, statements_begun = statements_done + 1");
        bring_up(*database, migrations);
        CHECK(describe(*database) == expected);
    }
}

TEST_CASE("Killed behind any statement and run again, taking back comes to its end") {
    const auto migrations = from({every_kind});
    std::size_t last = 1;
    for (bool killed = true; killed; ++last) {
        CAPTURE(last);
        const std::string url = tests::new_database_url();
        const auto database = app::db::open({.url = url});
        bring_up(*database, migrations);
        killed = is_killed_behind(
            last, url, [&](Database& other, const auto& listener) { tests::take_back(other, migrations, 0, listener); });
        if (killed) {
            CHECK(tests::contains(gate(*database, migrations), "is half taken back"));
            let_lease_expire(*database);
            tests::take_back(*database, migrations, 0);
        }
        CHECK(tests::count_tables(*database, "a") == 0);
        CHECK(tests::count_tables(*database, "b") == 0);
        CHECK(tests::integer(*database, "SELECT count(*) FROM schema_migrations") == 0);
    }
    CHECK(last == migrations[0].down.size() + 2);
}

TEST_CASE("A table that was there before is not taken for the migration's own, however often it is tried") {
    const auto database = tests::new_database();
    execute(*database, "CREATE TABLE d (mine BIGINT)");
    for (int i = 0; i < 3; ++i) {
        const auto error = tests::error_of([&] { bring_up(*database, from({every_kind, second})); });
        REQUIRE(error);
        CHECK(tests::contains(error->message(), "migration 2 (second): "));
        CHECK(tests::contains(error->detail(), "1050"));
    }
    CHECK(tests::integer(*database, "SELECT statements_begun FROM schema_migrations WHERE version = 2") == 0);
    execute(*database, "DROP TABLE d");
    CHECK(bring_up(*database, from({every_kind, second})).size() == 1);
}

TEST_CASE("A statement that fails leaves those before it, and the mended rest goes on behind them") {
    const auto database = tests::new_database();
    const auto error = tests::error_of(
        [&] { bring_up(*database, from({{"0001_x.sql", "CREATE TABLE a (id @id@); INSERT INTO z VALUES (1)"}})); });
    REQUIRE(error);
    CHECK(tests::contains(error->message(), "migration 1 (x): "));
    CHECK(tests::count_tables(*database, "a") == 1);
    execute(*database, "CREATE TABLE z (id BIGINT)");
    CHECK(bring_up(*database, from({{"0001_x.sql", "CREATE TABLE a (id @id@); INSERT INTO z VALUES (1)"}})).size() == 1);
}

TEST_CASE("Who waits for the lease is told who holds it, and gets it when it is given back") {
    const std::string url = tests::new_database_url();
    const auto database = app::db::open({.url = url}), other = app::db::open({.url = url});
    auto held = std::make_unique<Lease>(*database);
    std::vector<std::string> told;
    std::atomic<bool> waits = false, has_it = false;
    std::thread waiter([&] {
        const Lease lease(*other, [&](const std::string& holder) {
            told.push_back(holder);
            waits = true;
        });
        has_it = true;
    });
    while (!waits) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK_FALSE(has_it);
    held.reset();
    waiter.join();
    CHECK(has_it);
    REQUIRE(told.size() == 1);
    CHECK(told[0].starts_with("process " + std::to_string(::getpid()) + " on "));
}

TEST_CASE("A lease is renewed while it is held, and one that expired is another's to take") {
    const std::string url = tests::new_database_url();
    const auto database = app::db::open({.url = url}), other = app::db::open({.url = url});
    const Lease lease(*database);
    const auto left_ms = [&] {
        return tests::integer(*other,
                              "SELECT timestampdiff(MICROSECOND, UTC_TIMESTAMP(6), expires_at) DIV 1000 FROM schema_lease");
    };
    CHECK(left_ms() > 0);
    CHECK(left_ms() <= Lease::expiry_ms);
    execute(*other, "UPDATE schema_lease SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 8 SECOND");
    for (int i = 0; i < 600 && left_ms() <= 8000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(left_ms() > 8000);  // the thread has renewed it

    let_lease_expire(*other);
    const Lease next(*other);
    const auto error = tests::error_of([&] { database->write([&](Connection& connection) { lease.renew(connection); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(tests::contains(error->message(), "the lease of the schema was lost"));
}

TEST_CASE("A lease that is lost stops the migration before its next statement, and its winner goes on") {
    const std::string url = tests::new_database_url();
    const auto migrations = from({every_kind});
    const auto database = app::db::open({.url = url}), other = app::db::open({.url = url});
    std::size_t ran = 0;
    const auto error = tests::error_of([&] {
        bring_up(*database, migrations, {.on_statement = [&](const Migration&, std::size_t count) {
            ran = count;
            if (count == 3) execute(*other, "UPDATE schema_lease SET owner = 'another', expires_at = UTC_TIMESTAMP(6)");
        }});
    });
    REQUIRE(error);
    CHECK(tests::contains(error->message(), "the lease of the schema was lost"));
    CHECK(ran == 3);
    CHECK(bring_up(*other, migrations).size() == 1);
    CHECK(describe(*other) == migrated_without_interruption(migrations));
}
