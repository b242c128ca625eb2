#include <limits>
#include <sstream>

#include "app/base/log.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::Timestamp;
using app::db::Connection;
using app::db::Outcome;
using app::db::Row;

namespace {

// A database with what these tests write to.
std::unique_ptr<app::db::Database> with_tables(int slow_query_ms = 0) {
    app::db::Options options;
    options.url = "sqlite:temporary";
    options.slow_query_ms = slow_query_ms;
    auto database = app::db::open(options);
    database->write([](Connection& connection) {
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, age INTEGER)");
        connection.execute("CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id BIGINT NOT NULL REFERENCES people (id))");
        connection.execute("CREATE TABLE kept (value)");
    });
    return database;
}

// What comes back for a value that was stored, taken from its row by `take`.
template <class Stored, class Take>
auto round_trip(const Stored& value, Take take) {
    const auto database = with_tables();
    database->write([&](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (?)", value); });
    return *database->read([&](Connection& connection) { return connection.find("SELECT value FROM kept", take); });
}

}  // namespace

TEST_CASE("Text keeps its NUL bytes, emoji and every other byte") {
    const auto take = [](const Row& row) { return std::string(row.text(0)); };
    for (const std::string& text : {std::string("a\0b\0", 4), std::string("\0", 1), std::string("🍵 café \u202E"), std::string(),
                                    std::string("' \" ; -- ? %"), std::string(1 << 24, 'x')}) {
        CHECK(round_trip(text, take) == text);
    }
}

TEST_CASE("Empty text is not NULL, and NULL reads as nothing") {
    const auto is_null = [](const Row& row) { return row.is_null(0); };
    CHECK_FALSE(round_trip(std::string(), is_null));
    CHECK(round_trip(nullptr, is_null));
    CHECK(round_trip(std::optional<std::string>(), is_null));
    CHECK_FALSE(round_trip(std::optional<std::string>("x"), is_null));
    CHECK(round_trip(nullptr,
                     [](const Row& row) { return row.integer(0) == 0 && row.text(0).empty() && row.time(0) == Timestamp{}; }));
}

TEST_CASE("Integers have 64 bits") {
    const auto take = [](const Row& row) { return row.integer(0); };
    for (std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, (std::int64_t{1} << 53) + 1,
                               std::numeric_limits<std::int64_t>::max()}) {
        CHECK(round_trip(value, take) == value);
    }
    CHECK(round_trip(true, [](const Row& row) { return row.boolean(0); }));
    CHECK(round_trip(0.1, [](const Row& row) { return row.real(0); }) == 0.1);
}

TEST_CASE("Times keep their microseconds, before the epoch too, and are integers in the file") {
    for (std::int64_t microseconds : {std::int64_t{1795335546123456}, std::int64_t{-1}, std::int64_t{0}}) {
        const Timestamp time = app::base::from_microseconds(microseconds);
        CHECK(round_trip(time, [](const Row& row) { return row.time(0); }) == time);
        CHECK(round_trip(time, [](const Row& row) { return row.integer(0); }) == microseconds);
    }
}

TEST_CASE("The outcome tells the changed rows and the new id, and zero where there is none") {
    const auto database = with_tables();
    const auto run = [&](auto&&... arguments) {
        return database->write([&](Connection& connection) { return connection.execute(arguments...); });
    };
    CHECK(run("INSERT INTO people (email, age) VALUES (?, ?)", "a", 1).last_insert_id == 1);
    CHECK(run("INSERT INTO people (email, age) VALUES (?, ?)", "b", 1).rows_changed == 1);
    const Outcome update = run("UPDATE people SET age = age + 1");
    CHECK(update.rows_changed == 2);
    CHECK(update.last_insert_id == 0);
    CHECK(run("UPDATE people SET age = 0 WHERE email = ?", "nobody").rows_changed == 0);
    const Outcome ignored = run("INSERT OR IGNORE INTO people (email) VALUES (?)", "a");
    CHECK(ignored.rows_changed == 0);
    CHECK(ignored.last_insert_id == 0);
    CHECK(run("SELECT email FROM people").rows_changed == 0);
}

TEST_CASE("The id of a removed row is not handed out again") {
    const auto database = with_tables();
    database->write([](Connection& connection) {
        connection.execute("INSERT INTO people (email) VALUES (?)", "a");
        connection.execute("DELETE FROM people");
        CHECK(connection.execute("INSERT INTO people (email) VALUES (?)", "b").last_insert_id == 2);
    });
}

TEST_CASE("A row knows its columns' names and their number") {
    test::temporary_database()->read([](Connection& connection) {
        connection.each("SELECT 1 AS one, 'x' AS two", [](const Row& row) {
            CHECK(row.columns() == 2);
            CHECK(row.name(1) == "two");
            CHECK(row.text(0) == "1");
        });
    });
}

TEST_CASE("The same statement may run inside its own row") {
    const auto database = test::temporary_database();
    constexpr std::string_view sql = "SELECT 1 UNION ALL SELECT 2";
    int pairs = 0;
    database->read([&](Connection& connection) {
        connection.each(sql, [&](const Row& outer) {
            connection.each(sql, [&](const Row& inner) { pairs += static_cast<int>(outer.integer(0) * 10 + inner.integer(0)); });
        });
    });
    CHECK(pairs == 11 + 12 + 21 + 22);
}

TEST_CASE("A statement is prepared once per connection, also after an error or an early end") {
    const auto database = with_tables();
    database->write([](Connection& connection) {
        for (int i = 0; i < 3; ++i) connection.execute("INSERT INTO people (email) VALUES (?)", std::to_string(i));
        CHECK(test::error_of([&] { connection.execute("INSERT INTO people (email) VALUES (?)", "1"); }).has_value());
        CHECK_THROWS_AS(connection.each("SELECT id FROM people", [](const Row&) { throw std::runtime_error("enough"); }),
                        std::runtime_error);
        CHECK(connection.list("SELECT id FROM people", [](const Row& row) { return row.integer(0); }).size() == 3);
        const auto times_run = [&](std::string_view sql) {
            return connection.integer("SELECT run FROM sqlite_stmt WHERE sql = ?", sql);
        };
        CHECK(times_run("INSERT INTO people (email) VALUES (?)") == 4);
        CHECK(times_run("SELECT id FROM people") == 2);
    });
}

TEST_CASE("A thousand different statements do not pile up in the cache") {
    test::temporary_database()->read([](Connection& connection) {
        for (int i = 0; i < 1000; ++i) CHECK(connection.integer("SELECT " + std::to_string(i)) == i);
        CHECK(connection.integer("SELECT count(*) FROM sqlite_stmt") <= 256);
    });
}

TEST_CASE("A second row with a unique value is a conflict that names the column and not the value") {
    const auto database = with_tables();
    const auto add = [&] {
        database->write(
            [](Connection& connection) { connection.execute("INSERT INTO people (email) VALUES (?)", "tom@hidden"); });
    };
    add();
    const auto error = test::error_of(add);
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
    REQUIRE(error->fields().size() == 1);
    CHECK(error->fields()[0].pointer == "/email");
    CHECK(test::contains(error->detail(), "INSERT INTO people"));
    CHECK_FALSE(test::contains(error->message() + error->detail(), "hidden"));
}

TEST_CASE("A second row with the same primary key is a conflict") {
    const auto database = with_tables();
    const auto error = test::error_of([&] {
        database->write([](Connection& connection) {
            for (int i = 0; i < 2; ++i) connection.execute("INSERT INTO people (id, email) VALUES (?, ?)", 5, i ? "a" : "b");
        });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
}

TEST_CASE("A foreign key without its row is a conflict") {
    const auto database = with_tables();
    const auto error = test::error_of([&] {
        database->write([](Connection& connection) { connection.execute("INSERT INTO pets (owner_id) VALUES (?)", 99); });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
}

TEST_CASE("A value that SQLite cannot hold is invalid") {
    const auto database = with_tables();
    const auto error = test::error_of([&] {
        database->write(
            [](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (zeroblob(2000000000))"); });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
}

TEST_CASE("A wrong statement is internal and shows its SQL to the operator only") {
    const auto database = with_tables();
    for (const char* sql : {"SELEC 1", "SELECT nothing FROM nowhere", "INSERT INTO people (email) VALUES (NULL)"}) {
        const auto error = test::error_of([&] { database->write([&](Connection& connection) { connection.execute(sql); }); });
        REQUIRE(error);
        CHECK(error->code() == Code::internal);
        CHECK(test::contains(error->detail(), sql));
        CHECK_FALSE(test::contains(error->message(), sql));
    }
}

TEST_CASE("Another number of values than a statement takes is internal") {
    const auto database = with_tables();
    const auto error =
        test::error_of([&] { database->read([](Connection& connection) { connection.integer("SELECT ?, ?", 1); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
}

TEST_CASE("A change inside read is refused") {
    const auto database = with_tables();
    const auto error =
        test::error_of([&] { database->read([](Connection& connection) { connection.execute("DELETE FROM people"); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    CHECK(test::contains(error->message(), "use write"));
}

TEST_CASE("A slow statement is logged with its SQL and its time, and without its values") {
    constexpr std::string_view sql = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT "
                                     "count(*) FROM c WHERE n <> ? AND ? <> ''";
    const auto database = with_tables(50);
    std::ostringstream log;
    app::base::set_up_log({"info", "text", &log});
    database->read([&](Connection& connection) {
        connection.integer("SELECT 42");
        connection.integer(sql, 987654, 1, "hidden");
    });
    app::base::set_up_log({});
    CHECK(test::contains(log.str(), "slow query, "));
    CHECK(test::contains(log.str(), " ms: WITH RECURSIVE c (n)"));
    CHECK_FALSE(test::contains(log.str(), "hidden"));
    CHECK_FALSE(test::contains(log.str(), "987654"));
    CHECK_FALSE(test::contains(log.str(), "SELECT 42"));
}
