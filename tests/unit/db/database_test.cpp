// What Database, Connection and Row promise, on whichever backend this run is for (tests/support/mariadb.hpp): one text, so that
// both give the same results.
#include "app/db/database.hpp"

#include <atomic>
#include <limits>
#include <ranges>
#include <thread>

#include "app/db/migration.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::Error;
using app::base::Timestamp;
using app::db::Connection;
using app::db::Database;
using app::db::Outcome;
using app::db::Row;

namespace {

constexpr std::string_view tables = R"(
    CREATE TABLE people (id @id@, email @exact(64)@ NOT NULL, age INTEGER, UNIQUE (email)) @engine@;
    CREATE TABLE pets (id @id@, owner_id BIGINT NOT NULL, FOREIGN KEY (owner_id) REFERENCES people (id)) @engine@;
    CREATE TABLE kept (text_value @text@, integer_value BIGINT, real_value DOUBLE PRECISION, time_value @time@) @engine@;
)";

// A database with what these tests write to.
std::unique_ptr<Database> with_tables() {
    auto database = tests::new_database();
    const std::vector<app::base::EmbeddedFile> files{{"0001_tables.sql", tables}};
    const auto statements = app::db::migrations(database->dialect(), files).front().statements;
    database->write([&](Connection& connection) {
        for (const std::string& statement : statements) connection.execute(statement);
    });
    return database;
}

// What comes back for a value that was stored in that column of `kept`, taken from its row by `take`.
template <class Stored, class Take>
auto round_trip(const std::string& column, const Stored& value, Take take) {
    const auto database = with_tables();
    database->write([&](Connection& connection) { connection.execute("INSERT INTO kept (" + column + ") VALUES (?)", value); });
    return *database->read([&](Connection& connection) { return connection.find("SELECT " + column + " FROM kept", take); });
}

std::int64_t count_people(Database& database) {
    return database.read([](Connection& connection) { return connection.integer("SELECT count(*) FROM people"); });
}

void add_person(Database& database, const std::string& email) {
    database.write([&](Connection& connection) { connection.execute("INSERT INTO people (email) VALUES (?)", email); });
}

}  // namespace

TEST_CASE("Text keeps its NUL bytes, emoji and every other byte") {
    const auto take = [](const Row& row) { return std::string(row.text(0)); };
    for (const std::string& text : {std::string("a\0b\0", 4), std::string("\0", 1), std::string("🍵 café \u202E"), std::string(),
                                    std::string("' \" ; -- ? %"), std::string(1 << 23, 'x')}) {
        CHECK((round_trip("text_value", text, take) == text));
    }
}

TEST_CASE("Empty text is not NULL, and NULL reads as nothing") {
    const auto is_null = [](const Row& row) { return row.is_null(0); };
    CHECK_FALSE(round_trip("text_value", std::string(), is_null));
    CHECK(round_trip("text_value", nullptr, is_null));
    CHECK(round_trip("text_value", std::optional<std::string>(), is_null));
    CHECK_FALSE(round_trip("text_value", std::optional<std::string>("x"), is_null));
    for (const char* column : {"text_value", "integer_value", "real_value", "time_value"}) {
        CHECK(round_trip(column, nullptr, [](const Row& row) {
            return row.integer(0) == 0 && row.text(0).empty() && row.time(0) == Timestamp{} && row.real(0) == 0;
        }));
    }
}

TEST_CASE("Integers have 64 bits") {
    const auto take = [](const Row& row) { return row.integer(0); };
    for (std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, (std::int64_t{1} << 53) + 1,
                               std::numeric_limits<std::int64_t>::max()}) {
        CHECK(round_trip("integer_value", value, take) == value);
    }
    CHECK(round_trip("integer_value", true, [](const Row& row) { return row.boolean(0); }));
    CHECK(round_trip("real_value", 0.1, [](const Row& row) { return row.real(0); }) == 0.1);
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
    tests::new_database()->read([](Connection& connection) {
        connection.each("SELECT 1 AS one, 'x' AS two", [](const Row& row) {
            CHECK(row.columns() == 2);
            CHECK(row.name(1) == "two");
            CHECK(row.text(0) == "1");
        });
    });
}

TEST_CASE("The same statement may run inside its own row") {
    const auto database = tests::new_database();
    constexpr std::string_view sql = "SELECT 1 UNION ALL SELECT 2";
    int pairs = 0;
    database->read([&](Connection& connection) {
        connection.each(sql, [&](const Row& outer) {
            connection.each(sql, [&](const Row& inner) { pairs += static_cast<int>(outer.integer(0) * 10 + inner.integer(0)); });
        });
    });
    CHECK(pairs == 11 + 12 + 21 + 22);
}

TEST_CASE("A second row with a unique value is a conflict that names the column and not the value") {
    const auto database = with_tables();
    const auto add = [&] {
        database->write(
            [](Connection& connection) { connection.execute("INSERT INTO people (email) VALUES (?)", "tom@hidden"); });
    };
    add();
    const auto error = tests::error_of(add);
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
    REQUIRE(error->fields().size() == 1);
    CHECK(error->fields()[0].pointer == "/email");
    CHECK(tests::contains(error->detail(), "INSERT INTO people"));
    CHECK_FALSE(tests::contains(error->message() + error->detail(), "hidden"));
}

TEST_CASE("A second row with the same primary key is a conflict") {
    const auto database = with_tables();
    const auto error = tests::error_of([&] {
        database->write([](Connection& connection) {
            for (int i = 0; i < 2; ++i) connection.execute("INSERT INTO people (id, email) VALUES (?, ?)", 5, i ? "a" : "b");
        });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
}

TEST_CASE("A foreign key without its row is a conflict") {
    const auto database = with_tables();
    const auto error = tests::error_of([&] {
        database->write([](Connection& connection) { connection.execute("INSERT INTO pets (owner_id) VALUES (?)", 99); });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
}

TEST_CASE("A wrong statement is internal and shows its SQL to the operator only") {
    const auto database = with_tables();
    for (const char* sql : {"SELEC 1", "SELECT nothing FROM nowhere", "INSERT INTO people (email) VALUES (NULL)"}) {
        const auto error = tests::error_of([&] { database->write([&](Connection& connection) { connection.execute(sql); }); });
        REQUIRE(error);
        CHECK(error->code() == Code::internal);
        CHECK(tests::contains(error->detail(), sql));
        CHECK_FALSE(tests::contains(error->message(), sql));
    }
}

TEST_CASE("Another number of values than a statement takes is internal") {
    const auto database = with_tables();
    const auto error =
        tests::error_of([&] { database->read([](Connection& connection) { connection.integer("SELECT ?, ?", 1); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
}

TEST_CASE("A change inside read is refused") {
    const auto database = with_tables();
    const auto error =
        tests::error_of([&] { database->read([](Connection& connection) { connection.execute("DELETE FROM people"); }); });
    REQUIRE(error);
    CHECK(error->code() == Code::internal);
    CHECK(tests::contains(error->message(), "use write"));
}

TEST_CASE("Times keep their microseconds, before the epoch too, and read as them") {
    for (std::int64_t microseconds : {std::int64_t{1795335546123456}, std::int64_t{-1}, std::int64_t{0}}) {
        const Timestamp time = app::base::from_microseconds(microseconds);
        CHECK(round_trip("time_value", time, [](const Row& row) { return row.time(0); }) == time);
        CHECK(round_trip("time_value", time, [](const Row& row) { return row.integer(0); }) == microseconds);
        CHECK(round_trip("time_value", time, [](const Row& row) { return std::string(row.text(0)); }) ==
              std::to_string(microseconds));
    }
}

TEST_CASE("Times are compared and ordered to the microsecond") {
    const auto database = with_tables();
    database->write([](Connection& connection) {
        for (const int microseconds : {3, 1, 2}) {
            connection.execute("INSERT INTO kept (time_value) VALUES (?)", app::base::from_microseconds(microseconds));
        }
        const auto take = [](const Row& row) { return app::base::to_microseconds(row.time(0)); };
        CHECK(connection.list("SELECT time_value FROM kept WHERE time_value > ? ORDER BY time_value", take,
                              app::base::from_microseconds(1)) == std::vector<std::int64_t>{2, 3});
    });
}

TEST_CASE("Exact text is equal only if its bytes are, and ordered by them") {
    const auto database = with_tables();
    const std::vector<std::string> emails{"A",      "B",      "a",      "ab",         "a\u0301",
                                          "\u00e1", "\u00e9", "\uFFFD", "\U0001F375", "\U0001F600"};
    for (const std::string& email : std::views::reverse(emails)) add_person(*database, email);
    database->read([&](Connection& connection) {
        for (const std::string& email : emails) {
            CAPTURE(email);
            CHECK(connection.integer("SELECT count(*) FROM people WHERE email = ?", email) == 1);
        }
        CHECK(connection.list("SELECT email FROM people ORDER BY email",
                              [](const Row& row) { return std::string(row.text(0)); }) == emails);
    });
}

TEST_CASE("An update that changes nothing counts the rows that it found") {
    const auto database = with_tables();
    add_person(*database, "a");
    CHECK(database->write([](Connection& connection) {
        return connection.execute("UPDATE people SET email = ? WHERE email = ?", "a", "a").rows_changed;
    }) == 1);
}

TEST_CASE("An id that was given beats counting, also 0, and the next one follows the highest") {
    const auto database = with_tables();
    constexpr std::int64_t high = (std::int64_t{1} << 53) + 1;
    database->write([&](Connection& connection) {
        CHECK(connection.execute("INSERT INTO people (id, email) VALUES (?, ?)", 0, "zero").rows_changed == 1);
        CHECK(connection.integer("SELECT id FROM people WHERE email = 'zero'") == 0);
        CHECK(connection.execute("INSERT INTO people (id, email) VALUES (?, ?)", high, "high").last_insert_id == high);
        CHECK(connection.execute("INSERT INTO people (email) VALUES (?)", "next").last_insert_id == high + 1);
    });
}

TEST_CASE("Literals and names are those of standard SQL") {
    tests::new_database()->read([](Connection& connection) {
        const auto text = [&](std::string_view sql) {
            return connection.find(sql, [](const Row& row) { return std::string(row.text(0)); });
        };
        CHECK(text("SELECT 'a\\n' || 'b''c'") == "a\\nb'c");
        CHECK(text("SELECT \"one\" FROM (SELECT 1 AS \"one\") AS \"t\"") == "1");
        CHECK(connection.integer("SELECT 'a' = 'A'") == 0);
    });
}

TEST_CASE("A long text after short ones, and short ones after it, are whole") {
    const auto database = with_tables();
    const std::vector<std::string> texts{"", "short", std::string(70'000, 'x') + "end", "short again", std::string(100'000, 'y')};
    database->write([&](Connection& connection) {
        for (const std::string& text : texts) connection.execute("INSERT INTO kept (text_value) VALUES (?)", text);
        for (int i = 0; i < 2; ++i) {
            const auto found =
                connection.list("SELECT text_value FROM kept", [](const Row& row) { return std::string(row.text(0)); });
            CHECK((found == texts));
        }
    });
}

TEST_CASE("A write returns what its function returns, also a thing that cannot be copied") {
    const auto database = tests::new_database();
    CHECK(*database->write(
              [](Connection& connection) { return std::make_unique<std::int64_t>(connection.integer("SELECT 7")); }) == 7);
}

TEST_CASE("A write that throws leaves nothing and its exception comes through") {
    const auto database = with_tables();
    CHECK_THROWS_AS(database->write([](Connection& connection) {
        connection.execute("INSERT INTO people (email) VALUES ('a')");
        throw std::out_of_range("not ours");
    }),
                    std::out_of_range);
    CHECK(count_people(*database) == 0);
    add_person(*database, "b");
    CHECK(count_people(*database) == 1);
}

TEST_CASE("A write goes on after a conflict that it caught, with what it did before") {
    const auto database = with_tables();
    database->write([](Connection& connection) {
        const auto add = [&] { connection.execute("INSERT INTO people (email) VALUES ('a')"); };
        add();
        CHECK(tests::error_of(add).has_value());
        connection.execute("INSERT INTO people (email) VALUES ('b')");
    });
    CHECK(count_people(*database) == 2);
}

TEST_CASE("A write inside a write or a read, and a read inside a write, are refused instead of waiting for themselves") {
    const auto database = with_tables();
    const auto write = [&](Connection&) { add_person(*database, "x"); };
    const auto read = [&](Connection&) { count_people(*database); };
    for (const auto& error : {tests::error_of([&] { database->write(write); }), tests::error_of([&] { database->read(write); }),
                              tests::error_of([&] { database->write(read); })}) {
        REQUIRE(error);
        CHECK(error->code() == Code::internal);
        CHECK(tests::contains(error->message(), "was started inside"));
    }
    CHECK(count_people(*database) == 0);
    database->read(read);
    add_person(*database, "after");
    CHECK(count_people(*database) == 1);
}

TEST_CASE("Many threads write and read: each sees its own write at once, and all are kept") {
    const auto database = with_tables();
    constexpr int threads = 16;
    constexpr int writes_each = 50;
    std::atomic<int> unseen = 0;
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            for (int i = 0; i < writes_each; ++i) {
                const std::string email = std::to_string(t) + "/" + std::to_string(i);
                const std::int64_t id = database->write([&](Connection& connection) {
                    return connection.execute("INSERT INTO people (email) VALUES (?)", email).last_insert_id;
                });
                const auto read_back = database->read([&](Connection& connection) {
                    return connection.find(
                        "SELECT email FROM people WHERE id = ?", [](const Row& row) { return std::string(row.text(0)); }, id);
                });
                if (read_back != email) ++unseen;
            }
        });
    }
    for (std::thread& thread : running) thread.join();
    CHECK(unseen == 0);
    CHECK(count_people(*database) == threads * writes_each);
}

TEST_CASE("Many threads that change the same rows in different orders all succeed, and nothing is lost") {
    const auto database = with_tables();
    for (const char* email : {"a", "b"}) {
        database->write(
            [&](Connection& connection) { connection.execute("INSERT INTO people (email, age) VALUES (?, 0)", email); });
    }
    constexpr int threads = 8;
    constexpr int writes_each = 20;
    std::atomic<int> failed = 0;
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            for (int i = 0; i < writes_each; ++i) {
                const auto error = tests::error_of([&] {
                    database->write([&](Connection& connection) {
                        for (const char* email : {t % 2 ? "a" : "b", t % 2 ? "b" : "a"}) {
                            connection.execute("UPDATE people SET age = age + 1 WHERE email = ?", email);
                        }
                    });
                });
                if (error) ++failed;
            }
        });
    }
    for (std::thread& thread : running) thread.join();
    CHECK(failed == 0);
    CHECK(database->read([](Connection& connection) {
        return connection.integer("SELECT count(*) FROM people WHERE age = ?", threads * writes_each);
    }) == 2);
}

TEST_CASE("A snapshot reads the database at one moment, and nobody who writes meanwhile waits") {
    const auto database = with_tables();
    add_person(*database, "before");
    const auto count = [](Connection& connection) { return connection.integer("SELECT count(*) FROM people"); };
    database->snapshot([&](Connection& connection) {
        for (const char* email : {"meanwhile", "later"}) {
            std::thread([&] { add_person(*database, email); }).join();
            CHECK(count(connection) == 1);
        }
    });
    CHECK(database->snapshot(count) == 3);
}

TEST_CASE("A snapshot changes nothing, ends with what its function throws, and is refused inside a write") {
    const auto database = with_tables();
    CHECK(tests::error_of([&] {
              database->snapshot([](Connection& connection) { connection.execute("DELETE FROM people"); });
          })->code() == Code::internal);
    CHECK(tests::error_of([&] { database->snapshot([](Connection&) { throw Error(Code::too_many, "x"); }); })->code() ==
          Code::too_many);
    CHECK(tests::error_of([&] { database->write([&](Connection&) { database->snapshot([](Connection&) {}); }); })->code() ==
          Code::internal);
}
