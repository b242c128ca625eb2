// Reads on an event loop's thread (base::Turn): they share a transaction, which hides no write, and give up what takes long.
#include <thread>

#include "app/base/turn.hpp"
#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::base::Turn;
using app::db::Connection;
using app::db::Database;
using namespace std::chrono_literals;

namespace {

Turn::Clock::time_point far_away() { return Turn::Clock::now() + 1h; }

app::db::Options temporary() {
    app::db::Options options;
    options.url = "sqlite:temporary";
    return options;
}

std::unique_ptr<Database> with_table(const app::db::Options& options) {
    auto database = app::db::open(options);
    database->write([](Connection& connection) { connection.execute("CREATE TABLE kept (value)"); });
    return database;
}

// A write by a worker's thread; durable when this returns.
void add_elsewhere(Database& database) {
    std::thread([&] {
        database.write([](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (1)"); });
    }).join();
}

// As a handler on a loop's thread reads.
std::int64_t count_in_turn(Database& database) {
    const Turn turn(far_away());
    return database.read([](Connection& connection) { return connection.integer("SELECT count(*) FROM kept"); });
}

constexpr const char* endless =
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT count(*) FROM numbers";

}  // namespace

TEST_CASE("Reads in a turn share a transaction until end_turn") {
    const tests::TemporaryFolder folder;
    const auto database = with_table(tests::options_for(folder / "data.sqlite"));
    const auto other_process = app::db::open(tests::options_for(folder / "data.sqlite"));  // its commits are not counted here
    CHECK(count_in_turn(*database) == 0);
    add_elsewhere(*other_process);
    CHECK(count_in_turn(*database) == 0);
    database->end_turn();
    CHECK(count_in_turn(*database) == 1);
    database->end_turn();
    database->end_turn();  // nothing is open: nothing happens
    CHECK(count_in_turn(*database) == 1);
}

TEST_CASE("An acknowledged write is seen at once, without end_turn") {
    const auto database = with_table(temporary());
    for (int i = 0; i < 100; ++i) {
        REQUIRE(count_in_turn(*database) == i);
        add_elsewhere(*database);
    }
    CHECK(count_in_turn(*database) == 100);
}

TEST_CASE("A read outside of a turn knows nothing of a turn's transaction") {
    const tests::TemporaryFolder folder;
    const auto database = with_table(tests::options_for(folder / "data.sqlite"));
    const auto other_process = app::db::open(tests::options_for(folder / "data.sqlite"));
    CHECK(count_in_turn(*database) == 0);
    add_elsewhere(*other_process);
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM kept"); }) == 1);
}

TEST_CASE("A read that goes on beyond its turn's deadline gives the turn up") {
    const auto database = with_table(temporary());
    {
        Turn turn(Turn::Clock::now() + 20ms);
        const auto began = Turn::Clock::now();
        const auto error =
            tests::error_of([&] { database->read([](Connection& connection) { return connection.integer(endless); }); });
        REQUIRE(error);
        CHECK(error->code() == Code::unavailable);
        CHECK(turn.given_up());
        CHECK(Turn::Clock::now() - began < 5s);
    }
    CHECK(count_in_turn(*database) == 0);  // the reader serves on
    add_elsewhere(*database);
    CHECK(count_in_turn(*database) == 1);
}

TEST_CASE("A short read is within its turn") {
    const auto database = with_table(temporary());
    Turn turn(far_away());
    database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM kept"); });
    CHECK_FALSE(turn.given_up());
    CHECK_FALSE(turn.is_over());
}

TEST_CASE("A write in a turn throws, and the turn can go on") {
    const auto database = with_table(temporary());
    {
        const Turn turn(far_away());
        const auto error = tests::error_of(
            [&] { database->write([](Connection& connection) { connection.execute("INSERT INTO kept (value) VALUES (1)"); }); });
        REQUIRE(error);
        CHECK(error->code() == Code::internal);
    }
    CHECK(count_in_turn(*database) == 0);
}

TEST_CASE("A task that throws ends the shared transaction") {
    const tests::TemporaryFolder folder;
    const auto database = with_table(tests::options_for(folder / "data.sqlite"));
    const auto other_process = app::db::open(tests::options_for(folder / "data.sqlite"));
    CHECK(count_in_turn(*database) == 0);
    add_elsewhere(*other_process);
    {
        const Turn turn(far_away());
        CHECK(tests::error_of(
            [&] { database->read([](Connection& connection) { return connection.integer("SELECT nonsense"); }); }));
    }
    CHECK(count_in_turn(*database) == 1);
}

TEST_CASE("The turns of two databases on one thread do not mix") {
    const tests::TemporaryFolder folder;
    const auto one = with_table(tests::options_for(folder / "one.sqlite"));
    const auto two = with_table(tests::options_for(folder / "two.sqlite"));
    const auto elsewhere = app::db::open(tests::options_for(folder / "one.sqlite"));
    CHECK(count_in_turn(*one) == 0);
    CHECK(count_in_turn(*two) == 0);
    add_elsewhere(*two);
    CHECK(count_in_turn(*two) == 1);
    add_elsewhere(*elsewhere);
    two->end_turn();
    CHECK(count_in_turn(*one) == 0);  // its own turn goes on
    CHECK(count_in_turn(*two) == 1);
    one->end_turn();  // though it was not the last that was read
    CHECK(count_in_turn(*one) == 1);
}

TEST_CASE("A database that is closed leaves nothing to the next one on the same thread") {
    for (int i = 0; i < 3; ++i) {
        const auto database = with_table(temporary());
        CHECK(count_in_turn(*database) == 0);
        add_elsewhere(*database);
        CHECK(count_in_turn(*database) == 1);
    }
}
