#include <atomic>
#include <functional>
#include <latch>
#include <thread>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::Error;
using app::db::Connection;
using app::db::Database;

namespace {

using Write = std::function<void(Connection&)>;

// A database in a folder, and a second one on the same file, which sees only what is committed.
struct Fixture {
    tests::TemporaryFolder folder;
    std::unique_ptr<Database> database = app::db::open(tests::options_for(folder / "dewar.sqlite"));
    std::unique_ptr<Database> onlooker = app::db::open(tests::options_for(folder / "dewar.sqlite"));

    Fixture() {
        database->write([](Connection& connection) {
            connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)");
            connection.execute("CREATE TABLE pets (owner_id BIGINT REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED)");
        });
    }

    std::int64_t count(Database& from) {
        return from.read([](Connection& connection) { return connection.integer("SELECT count(*) FROM people"); });
    }

    std::string names() {
        return *database->read([](Connection& connection) {
            return connection.find("SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT name FROM people ORDER BY name)",
                                   [](const auto& row) { return std::string(row.text(0)); });
        });
    }

    // Keeps the writer busy until all `writes` wait behind it in this order, so that they make one group; returns what
    // each threw.
    std::vector<std::optional<Error>> as_group(const std::vector<Write>& writes) {
        std::latch writer_is_busy(1);
        std::latch group_is_queued(1);
        std::thread first([&] {
            database->write([&](Connection&) {
                writer_is_busy.count_down();
                group_is_queued.wait();
            });
        });
        writer_is_busy.wait();
        std::vector<std::optional<Error>> errors(writes.size());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < writes.size(); ++i) {
            threads.emplace_back([&, i] { errors[i] = tests::error_of([&] { database->write(writes[i]); }); });
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        group_is_queued.count_down();
        first.join();
        for (std::thread& thread : threads) thread.join();
        return errors;
    }
};

Write add(const std::string& name) {
    return [name](Connection& connection) { connection.execute("INSERT INTO people (name) VALUES (?)", name); };
}

}  // namespace

TEST_CASE("Writes that wait together are committed together") {
    Fixture f;
    std::atomic<std::int64_t> seen_outside = -1;
    const auto errors = f.as_group({add("a"), add("b"), [&](Connection& connection) {
                                        CHECK(connection.integer("SELECT count(*) FROM people") == 2);
                                        seen_outside = f.count(*f.onlooker);
                                    }});
    CHECK(seen_outside == 0);
    CHECK(f.count(*f.onlooker) == 2);
    for (const auto& error : errors) CHECK_FALSE(error);
}

TEST_CASE("A write that throws takes only itself back, not those of its group") {
    Fixture f;
    const auto errors = f.as_group({add("a"),
                                    [](Connection& connection) {
                                        add("b")(connection);
                                        throw Error(Code::not_found, "no such thing");
                                    },
                                    add("c"), add("a"), add("d")});
    CHECK_FALSE(errors[0]);
    REQUIRE(errors[1]);
    CHECK(errors[1]->code() == Code::not_found);
    CHECK_FALSE(errors[2]);
    REQUIRE(errors[3]);
    CHECK(errors[3]->code() == Code::conflict);
    CHECK_FALSE(errors[4]);
    CHECK(f.names() == "a c d");
}

TEST_CASE("A write whose statement ends the group's transaction fails alone, the others run again and once count") {
    Fixture f;
    std::atomic<int> runs_of_first = 0;
    const auto errors = f.as_group(
        {[&](Connection& connection) {
             ++runs_of_first;
             add("a")(connection);
         },
         [](Connection& connection) { connection.execute("INSERT OR ROLLBACK INTO people (name) VALUES ('a')"); }, add("c")});
    CHECK(runs_of_first == 2);
    CHECK_FALSE(errors[0]);
    REQUIRE(errors[1]);
    CHECK_FALSE(errors[2]);
    CHECK(f.names() == "a c");
}

TEST_CASE("A write that ends the transaction on purpose, or goes on after it ended, keeps nothing and harms nobody") {
    for (const char* end : {"COMMIT", "ROLLBACK"}) {
        CAPTURE(end);
        Fixture f;
        const Write ender = [&](Connection& connection) {
            add("b")(connection);
            const auto error = tests::error_of([&] { connection.execute(end); });
            const auto afterwards = tests::error_of([&] { add("x")(connection); });
        };
        const auto errors = f.as_group({add("a"), ender, add("c")});
        CHECK_FALSE(errors[0]);
        REQUIRE(errors[1]);
        CHECK(errors[1]->code() == Code::internal);
        CHECK_FALSE(errors[2]);
        CHECK(f.names() == "a c");

        const auto alone = tests::error_of([&] { f.database->write(ender); });
        REQUIRE(alone);
        CHECK(alone->code() == Code::internal);
        CHECK(f.names() == "a c");
    }
}

TEST_CASE("A disk that is full in the middle of a group fails the write that filled it and commits the others") {
    Fixture f;
    f.database->write([](Connection& connection) {
        connection.execute("PRAGMA max_page_count = " + std::to_string(connection.integer("PRAGMA page_count") + 5));
    });
    std::atomic<int> runs_of_first = 0;
    const auto errors = f.as_group({[&](Connection& connection) {
                                        ++runs_of_first;
                                        add("a")(connection);
                                    },
                                    add(std::string(100'000, 'b')), add("c")});
    CHECK(runs_of_first == 2);  // SQLite ended the transaction, it did not only refuse the row
    CHECK_FALSE(errors[0]);
    REQUIRE(errors[1]);
    CHECK(errors[1]->code() == Code::unavailable);
    CHECK(tests::contains(errors[1]->message(), "disk is full"));
    CHECK_FALSE(errors[2]);
    CHECK(f.names() == "a c");
    CHECK(f.count(*f.onlooker) == 2);
}

TEST_CASE("A full disk on a write of its own is unavailable, and smaller ones still work") {
    Fixture f;
    f.database->write([](Connection& connection) {
        connection.execute("PRAGMA max_page_count = " + std::to_string(connection.integer("PRAGMA page_count") + 5));
    });
    const auto error = tests::error_of([&] { f.database->write(add(std::string(100'000, 'b'))); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    f.database->write(add("a"));
    CHECK(f.names() == "a");
}

TEST_CASE("A commit that fails is laid at the door of the write that caused it") {
    Fixture f;
    const Write orphan = [](Connection& connection) { connection.execute("INSERT INTO pets (owner_id) VALUES (99)"); };
    const auto errors = f.as_group({add("a"), orphan, add("c")});
    CHECK_FALSE(errors[0]);
    REQUIRE(errors[1]);
    CHECK(errors[1]->code() == Code::conflict);
    CHECK_FALSE(errors[2]);
    CHECK(f.names() == "a c");
}

TEST_CASE("No write is refused because of another one that was never committed") {
    Fixture f;
    const auto errors = f.as_group({[](Connection& connection) {
                                        add("a")(connection);
                                        connection.execute("INSERT INTO pets (owner_id) VALUES (99)");  // fails the commit
                                    },
                                    add("a")});
    CHECK(errors[0]);
    CHECK_FALSE(errors[1]);
    CHECK(f.names() == "a");
}

TEST_CASE("A write to another database inside a write is nobody's nesting") {
    Fixture f;
    const auto other = tests::temporary_database();
    f.database->write(
        [&](Connection&) { other->write([](Connection& connection) { connection.execute("CREATE TABLE t (x INTEGER)"); }); });
    CHECK(other->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM t"); }) == 0);
}
