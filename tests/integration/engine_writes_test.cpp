// labels: concurrent
// Reads that share a transaction on their loop never hide a write: who was told that it is done sees it, on any connection.
#include <atomic>
#include <latch>
#include <vector>

#include "app/db/database.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/running.hpp"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int checks = 4'000;
#else
constexpr int checks = 100'000;
#endif

std::unique_ptr<app::db::Database> with_counter() {
    app::db::Options options;
    options.url = "sqlite:temporary";
    auto database = app::db::open(options);
    database->write([](app::db::Connection& connection) {
        connection.execute("CREATE TABLE counter (value INTEGER NOT NULL)");
        connection.execute("INSERT INTO counter (value) VALUES (0)");
    });
    return database;
}

// POST / adds one to a counter in the database, by a worker; GET / reads it, on the loop. Both answer its value.
app::http::Service counter(app::db::Database& database) {
    return {.handle =
                [&database](const app::web::Request& request) {
                    const auto value = [](app::db::Connection& connection) {
                        return connection.integer("SELECT value FROM counter");
                    };
                    if (request.method == "GET") return app::web::text_response(std::to_string(database.read(value)));
                    return app::web::text_response(std::to_string(database.write([&](app::db::Connection& connection) {
                        connection.execute("UPDATE counter SET value = value + 1");
                        return value(connection);
                    })));
                },
            .may_wait = [](const app::web::Request& request) { return request.method != "GET"; },
            .end_turn = [&database] { database.end_turn(); }};
}

std::int64_t number_in(const tests::Answer& answer) { return std::stoll(answer.body); }

}  // namespace

TEST_CASE("a read sent after a write's answer came sees the write, on whatever connection and loop") {
    const auto database = with_counter();
    const tests::Running running{counter(*database), {.port = 0, .threads = 2, .workers = 4}};

    std::atomic<std::int64_t> acknowledged{0};
    std::atomic<bool> enough{false};
    std::atomic<std::int64_t> writes{0}, reads{0}, stale{0};
    constexpr int writes_min = 100;  // on a slow machine the reads go on until there were as many
    const auto write = [&] {
        tests::Connection connection{running.port()};
        while (!enough) {
            connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            const std::int64_t value = number_in(connection.receive());
            std::int64_t before = acknowledged.load();
            while (before < value && !acknowledged.compare_exchange_weak(before, value)) continue;
            ++writes;
        }
    };
    const auto read = [&] {
        constexpr int batch = 50;  // pipelined, so that many share a turn
        std::string requests;
        for (int i = 0; i < batch; ++i) requests += tests::get();
        tests::Connection connection{running.port()};
        while (reads < checks || writes <= writes_min) {
            const std::int64_t at_least = acknowledged;
            connection.send(requests);
            for (int i = 0; i < batch; ++i) stale += number_in(connection.receive()) < at_least;
            reads += batch;
        }
    };
    std::vector<std::thread> writers, readers;
    for (int i = 0; i < 2; ++i) writers.emplace_back(write);
    for (int i = 0; i < 4; ++i) readers.emplace_back(read);
    for (auto& thread : readers) thread.join();
    enough = true;
    for (auto& thread : writers) thread.join();
    CHECK(stale == 0);
    CHECK(reads >= checks);
}

TEST_CASE("a read that its loop serves in the same turn as an earlier one sees a write that was done between the two") {
    const auto database = with_counter();
    std::latch held{1}, let_go{1}, has_read{1}, has_written{1};
    const tests::Running running{{.handle =
                                      [&](const app::web::Request& request) {
                                          if (request.target == "/hold") {
                                              held.count_down();
                                              let_go.wait();
                                              return app::web::text_response("0");
                                          }
                                          const auto value = database->read([](app::db::Connection& connection) {
                                              return connection.integer("SELECT value FROM counter");
                                          });
                                          if (request.target == "/slow") {
                                              has_read.count_down();
                                              has_written.wait();
                                          }
                                          return app::web::text_response(std::to_string(value));
                                      },
                                  .may_wait = [](const app::web::Request&) { return false; },
                                  .end_turn = [&] { database->end_turn(); }}};
    tests::Connection holder{running.port()}, slow{running.port()}, late{running.port()};
    for (auto* connection : {&slow, &late}) {
        connection->send(tests::get());
        REQUIRE(number_in(connection->receive()) == 0);
    }
    holder.send(tests::get("/hold"));
    held.wait();
    const std::string request = tests::get();
    slow.send(tests::get("/slow"));
    late.send(std::string_view{request}.substr(0, 5));  // the loop finds both when it looks next
    let_go.count_down();
    has_read.wait();
    database->write([](app::db::Connection& connection) { connection.execute("UPDATE counter SET value = 1"); });
    late.send(std::string_view{request}.substr(5));
    has_written.count_down();
    CHECK(number_in(slow.receive()) == 0);
    CHECK(number_in(late.receive()) == 1);
}

TEST_CASE("who reads its own write at once, on another connection, always finds it") {
    const auto database = with_counter();
    const tests::Running running{counter(*database), {.port = 0, .threads = 2, .workers = 4}};
    tests::Connection writer{running.port()}, one{running.port()}, two{running.port()};
    for (int i = 1; i <= checks / 100; ++i) {
        one.send(tests::get());  // before the write, so that its loop may have a transaction open
        writer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        REQUIRE(number_in(writer.receive()) == i);
        one.send(tests::get());
        two.send(tests::get());
        CHECK(number_in(one.receive()) >= i - 1);
        REQUIRE(number_in(one.receive()) == i);
        REQUIRE(number_in(two.receive()) == i);
    }
}

TEST_CASE("a post is found by everybody as soon as its author was told that it is there") {
    tests::LiveApp live;
    const auto ann = live.add_user("ann");
    const auto [name, value] = ann.login();
    const auto token = live.client(ann).post("/api/v1.0/tokens/", "").json();
    const std::string credentials = tests::basic(*token.find("token")->string(), "").second;  // checked on the loop
    tests::Connection author{live.port()}, reader{live.port()};
    for (int i = 0; i < 20; ++i) {
        const std::string body = "{\"body\":\"post " + std::to_string(i) + "\"}";
        author.send("POST /api/v1.0/posts/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + name + ": " + value +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const auto created = author.receive();
        REQUIRE(created.status == 201);
        reader.send(tests::get("/api/v1.0/posts/" + std::to_string(i + 1), "Authorization: " + credentials + "\r\n"));
        const auto found = reader.receive();
        CHECK(found.status == 200);
        CHECK(found.body.find("\"post " + std::to_string(i) + "\"") != std::string::npos);
    }
}
