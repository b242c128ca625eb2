// A sandbox keeps nothing, whichever backend it is on, and is seen by those who ask it alone.
#include "app/db/sandbox.hpp"

#include <latch>
#include <thread>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::db::Connection;
using app::db::Database;
using app::db::Row;

namespace {

// A database with one row, and a second look at it from outside.
struct Sandboxed {
    tests::TemporaryFolder folder;
    app::db::Options options;
    std::unique_ptr<Database> outside;
    std::unique_ptr<Database> sandbox;

    Sandboxed() {
        tests::reset_log();
        options = tests::options_for(folder / "sandbox.sqlite");
        if (tests::backend() == "mysql") options.url = tests::new_database_url();
        options.busy_timeout_ms = 1000;
        outside = app::db::open(options);
        outside->write([](Connection& c) {
            c.execute("CREATE TABLE names (id BIGINT PRIMARY KEY, name VARCHAR(64))");
            c.execute("INSERT INTO names (id, name) VALUES (1, 'ann')");
        });
        sandbox = app::db::make_sandbox(app::db::open(options));
    }

    static std::int64_t count(Database& database) {
        return database.read([](Connection& c) { return c.integer("SELECT count(*) FROM names"); });
    }
    void insert(std::int64_t id) const {
        sandbox->write([&](Connection& c) { c.execute("INSERT INTO names (id, name) VALUES (?, 'bob')", id); });
    }
};

}  // namespace

TEST_CASE("What is written in a sandbox is read there, by nobody else, and gone with it") {
    Sandboxed here;
    CHECK(Sandboxed::count(*here.sandbox) == 1);
    here.insert(2);
    here.insert(3);
    CHECK(Sandboxed::count(*here.sandbox) == 3);
    CHECK(here.sandbox->snapshot([](Connection& c) { return c.integer("SELECT count(*) FROM names"); }) == 3);
    CHECK(Sandboxed::count(*here.outside) == 1);
    here.sandbox.reset();
    CHECK(Sandboxed::count(*here.outside) == 1);
    here.outside->write([](Connection& c) { c.execute("INSERT INTO names (id, name) VALUES (2, 'eve')"); });  // no lock is left
    CHECK(Sandboxed::count(*here.outside) == 2);
}

TEST_CASE("A write that throws in a sandbox takes only itself back") {
    Sandboxed here;
    here.insert(2);
    const auto error = tests::error_of([&] {
        here.sandbox->write([](Connection& c) {
            c.execute("INSERT INTO names (id, name) VALUES (3, 'carl')");
            c.execute("INSERT INTO names (id, name) VALUES (1, 'again')");
        });
    });
    REQUIRE(error);
    CHECK(error->code() == Code::conflict);
    CHECK(Sandboxed::count(*here.sandbox) == 2);
}

TEST_CASE("A sandbox refuses what could end its transaction") {
    Sandboxed here;
    here.insert(2);
    for (const std::string sql :
         {"COMMIT", " commit", "/*! COMMIT */", "-- x\nCOMMIT", "CREATE TABLE other (id BIGINT)", "ROLLBACK", ""}) {
        CAPTURE(sql);
        const auto error = tests::error_of([&] { here.sandbox->write([&](Connection& c) { c.execute(sql); }); });
        REQUIRE(error);
        CHECK(error->code() == Code::invalid);
    }
    CHECK(Sandboxed::count(*here.sandbox) == 2);
    CHECK(Sandboxed::count(*here.outside) == 1);
}

TEST_CASE("Reads and writes of a sandbox nest as those of any database, before its transaction and in it") {
    Sandboxed here;
    Database& sandbox = *here.sandbox;
    for (const bool begun : {false, true}) {
        CAPTURE(begun);
        if (begun) here.insert(2);
        CHECK(sandbox.read([&](Connection&) { return Sandboxed::count(sandbox); }) == (begun ? 2 : 1));
        const auto write_in_read = tests::error_of([&] { sandbox.read([&](Connection&) { here.insert(9); }); });
        REQUIRE(write_in_read);
        CHECK(write_in_read->code() == Code::internal);
        const auto read_in_write = tests::error_of([&] { sandbox.write([&](Connection&) { Sandboxed::count(sandbox); }); });
        REQUIRE(read_in_write);
        CHECK(read_in_write->code() == Code::internal);
    }
    CHECK(Sandboxed::count(sandbox) == 2);
}

TEST_CASE("Threads take their turns in a sandbox") {
    Sandboxed here;
    std::latch all(8);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            all.arrive_and_wait();
            here.insert(100 + i);
            Sandboxed::count(*here.sandbox);
        });
    }
    threads.clear();
    CHECK(Sandboxed::count(*here.sandbox) == 9);
}

TEST_CASE("A sandbox whose transaction cannot begin says why, and begins later") {
    Sandboxed here;
    if (here.sandbox->dialect().name != "sqlite") return;  // a row's lock would not keep a transaction from beginning
    here.outside->write([&](Connection&) {
        const auto error = tests::error_of([&] { here.insert(2); });
        REQUIRE(error);
        CHECK(error->code() == Code::unavailable);
    });
    here.insert(2);
    CHECK(Sandboxed::count(*here.sandbox) == 2);
}

TEST_CASE("A sandbox whose transaction the database has ended says so from then on") {
    Sandboxed here;
    here.insert(2);
    const bool is_mysql = here.sandbox->dialect().name == "mysql";
    const auto first = tests::error_of([&] {
        here.sandbox->write([&](Connection& c) {
            if (is_mysql) {
                const std::int64_t id = c.integer("SELECT connection_id()");
                here.outside->write([&](Connection& other) { other.execute("KILL " + std::to_string(id)); });
            }
            // SQLite ends a transaction by itself when a statement says so
            c.execute("INSERT OR ROLLBACK INTO names (id, name) VALUES (1, 'again')");
        });
    });
    REQUIRE(first);
    const auto next = tests::error_of([&] { here.insert(3); });
    REQUIRE(next);
    CHECK(next->code() == Code::unavailable);
    CHECK(tests::contains(next->message(), "has ended the sandbox's transaction"));
    CHECK(tests::error_of([&] { Sandboxed::count(*here.sandbox); }));
    here.sandbox.reset();
    CHECK(Sandboxed::count(*here.outside) == 1);
}

TEST_CASE("Rows say of what kind their values are") {
    Sandboxed here;
    const auto kinds = here.outside->read([](Connection& c) {
        return *c.find("SELECT id, name, NULL, 1.5e0 FROM names",
                       [](const Row& row) { return std::vector{row.kind(0), row.kind(1), row.kind(2), row.kind(3)}; });
    });
    CHECK(kinds == std::vector{Row::Kind::integer, Row::Kind::text, Row::Kind::null, Row::Kind::real});
}
