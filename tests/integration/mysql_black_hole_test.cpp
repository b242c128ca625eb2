// A network that loses every packet between the application and its database: no end of a connection, no refusal, nothing.
// labels: mariadb
#include <future>
#include <latch>

#include "tests/integration/support/mysql_app.hpp"
#include "tests/integration/support/relay.hpp"
#include "tests/integration/support/running.hpp"

using tests::check_unavailable;
using tests::MysqlApp;
using tests::Relay;
using tests::soon;

namespace {

constexpr std::string_view commit = "\3COMMIT";  // a packet that is a query, as the protocol has it

// An application whose database is behind a relay, and that does not wait long.
struct Remote {
    std::unique_ptr<Relay> relay;
    MysqlApp app{{.server = {},
                  .change =
                      [](config::Config& config) {
                          config.database.connect_timeout_ms = 1000;
                          config.database.read_timeout_ms = 1000;
                          config.database.write_timeout_ms = 1000;
                      },
                  .through =
                      [this](int port) {
                          relay = std::make_unique<Relay>(port);
                          return relay->port();
                      }}};

    // That many connections in the pool.
    void fill_pool(int count) {
        std::latch all_lent(count);
        std::vector<std::thread> readers;
        for (int i = 0; i < count; ++i) {
            readers.emplace_back([&] {
                app.live.database().read([&](app::db::Connection& c) {
                    if (c.integer("SELECT 1") == 1) all_lent.arrive_and_wait();
                });
            });
        }
        for (std::thread& reader : readers) reader.join();
    }
};

}  // namespace

TEST_CASE("A database that says nothing any more costs 503 in bounded time, and is found again when it speaks") {
    Remote remote;
    CHECK(remote.app.post("before").status == 201);
    remote.relay->fall_silent();
    CHECK(remote.app.post("into the hole").status == 503);
    CHECK(remote.app.read().status == 503);
    check_unavailable(remote.app.live.client().get("/readyz", {tests::accept_json}), "does not answer");
    CHECK(remote.app.live.client().get("/healthz").status == 200);
    remote.relay->resume();
    CHECK(soon([&] { return remote.app.is_ready(); }));
    CHECK(remote.app.post("after").status == 201);
    CHECK(remote.app.count_posts("into the hole") == 0);
}

TEST_CASE("However many idle connections have gone silent, a request finds out once and not with each of them") {
    Remote remote;
    remote.fill_pool(40);
    std::this_thread::sleep_for(std::chrono::milliseconds(5500));  // from then on they are asked before they are used
    remote.relay->fall_silent();
    CHECK(remote.app.read().status == 503);  // with each it would take 40 s, and the client waits for 30 s
    remote.relay->resume();
    CHECK(soon([&] { return remote.app.is_ready(); }));
}

TEST_CASE("A connection that goes silent in the middle of a transaction: the post is written again over another, and once") {
    Remote remote;
    for (const auto last : {Relay::Last::delivered, Relay::Last::swallowed}) {
        const std::string text = "the middle " + std::to_string(static_cast<int>(last));
        remote.relay->fall_silent_at(text, last);
        auto answer = std::async(std::launch::async, [&] { return remote.app.post(text); });
        CHECK(soon([&] { return remote.relay->has_met(); }));
        remote.relay->resume();  // the silent one ends, or its transaction would keep the lock
        CHECK(answer.get().status == 201);
        CHECK(remote.app.count_posts(text) == 1);
    }
}

TEST_CASE("A silent connection's transaction that holds a lock in the server costs 503, not a hang, and heals when it ends") {
    Remote remote;
    remote.relay->fall_silent_at("keeps its lock", Relay::Last::delivered);
    check_unavailable(remote.app.post("keeps its lock"), "");
    CHECK(remote.app.is_ready());
    remote.relay->resume();
    CHECK(soon([&] { return remote.app.post("after it").status == 201; }));
    CHECK(remote.app.count_posts("keeps its lock") == 0);
}

TEST_CASE("A COMMIT that never arrives is told as unknown and not tried again: nothing is there") {
    Remote remote;
    remote.relay->fall_silent_at(std::string(commit), Relay::Last::swallowed);
    check_unavailable(remote.app.post("swallowed"), "lost while it committed");
    CHECK(remote.relay->has_met());
    remote.relay->resume();
    CHECK(remote.app.count_posts("swallowed") == 0);
    CHECK(remote.app.post("after it").status == 201);
}

TEST_CASE("A COMMIT whose answer never arrives is told as unknown and not tried again: the post is there once") {
    Remote remote;
    remote.relay->fall_silent_at(std::string(commit), Relay::Last::delivered);
    check_unavailable(remote.app.post("delivered"), "lost while it committed");
    CHECK(remote.relay->has_met());
    CHECK(soon([&] { return remote.app.count_posts("delivered") == 1; }));
    CHECK(remote.app.post("after it").status == 201);
    CHECK(remote.app.count_posts("delivered") == 1);
}
