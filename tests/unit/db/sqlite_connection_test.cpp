#include <sstream>

#include "app/base/log.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::Timestamp;
using app::db::Connection;
using app::db::Row;

namespace {

// A database with what these tests write to.
std::unique_ptr<app::db::Database> with_tables(int slow_query_ms = 0) {
    app::db::Options options;
    options.url = "sqlite:temporary";
    options.slow_query_ms = slow_query_ms;
    auto database = app::db::open(options);
    database->write([](Connection& connection) {
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE)");
        connection.execute("CREATE TABLE kept (value)");
    });
    return database;
}

}  // namespace

TEST_CASE("Times are microseconds in the file") {
    const Timestamp time = app::base::from_microseconds(1795335546123456);
    const auto database = with_tables();
    database->write([&](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (?)", time); });
    database->read([&](Connection& connection) {
        CHECK(connection.integer("SELECT value FROM kept") == 1795335546123456);
        connection.each("SELECT typeof(value) FROM kept", [](const Row& row) { CHECK(row.text(0) == "integer"); });
    });
}

TEST_CASE("A statement is prepared once per connection, also after an error or an early end") {
    const auto database = with_tables();
    database->write([](Connection& connection) {
        for (int i = 0; i < 3; ++i) connection.execute("INSERT INTO people (email) VALUES (?)", std::to_string(i));
        CHECK(tests::error_of([&] { connection.execute("INSERT INTO people (email) VALUES (?)", "1"); }).has_value());
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
    tests::temporary_database()->read([](Connection& connection) {
        for (int i = 0; i < 1000; ++i) CHECK(connection.integer("SELECT " + std::to_string(i)) == i);
        CHECK(connection.integer("SELECT count(*) FROM sqlite_stmt") <= 256);
    });
}

TEST_CASE("A value that SQLite cannot hold is invalid") {
    const auto database = with_tables();
    const auto error = tests::error_of([&] {
        database->write(
            [](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (zeroblob(2000000000))"); });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::invalid);
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
    tests::reset_log();
    CHECK(tests::contains(log.str(), "slow query, "));
    CHECK(tests::contains(log.str(), " ms: WITH RECURSIVE c (n)"));
    CHECK_FALSE(tests::contains(log.str(), "hidden"));
    CHECK_FALSE(tests::contains(log.str(), "987654"));
    CHECK_FALSE(tests::contains(log.str(), "SELECT 42"));
}
