// The database server in trouble, seen by those who send requests: each gets its answer or 503 with Retry-After, what was
// acknowledged is there once, and nobody has to mend the application when the trouble is over.
// labels: mariadb
#include <future>

#include "tests/integration/support/mysql_app.hpp"
#include "tests/integration/support/running.hpp"

using app::db::Connection;
using tests::check_unavailable;
using tests::Load;
using tests::MysqlApp;
using tests::soon;

namespace {

void check_kept(const Load::Outcome& outcome) {
    CHECK(outcome.lost == 0);
    CHECK(outcome.doubled == 0);
    CHECK(outcome.counts_are_right);
}

// A post of ann's that is on its way in another thread.
std::future<tests::Answer> begin_post(const MysqlApp& app, const std::string& text) {
    return std::async(std::launch::async, [&app, text] { return app.post(text); });
}

constexpr std::string_view lock_ann = "UPDATE users SET confirmed = 1 WHERE username = 'ann'";

}  // namespace

TEST_CASE("A server that is restarted under requests costs answers of 503, no acknowledged post, and nobody's help") {
    MysqlApp app;
    Load load(app, 6);
    for (int i = 0; i < 2; ++i) {
        CHECK(load.goes_on());
        app.server.stop();
        check_unavailable(app.live.client().get("/readyz", {tests::accept_json}), "does not answer");
        check_unavailable(app.post("while it is down"), "does not answer");
        app.server.start();
        CHECK(soon([&] { return app.is_ready(); }));
    }
    CHECK(load.goes_on());
    load.stop();
    CHECK(app.count_posts("while it is down") == 0);
    check_kept(load.outcome());
}

TEST_CASE("Connections that the server ended while they were idle are replaced before a request notices") {
    MysqlApp app;
    for (int i = 0; i < 5; ++i) {
        CHECK(app.post("post " + std::to_string(i)).status == 201);
        CHECK(app.kill_connections() > 0);
        CHECK(soon([&] { return app.integer("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'dewar'") == 0; }));
        CHECK(app.read().status == 200);
    }
}

TEST_CASE("A connection that is killed in the middle of a transaction: the post is written again, and once") {
    MysqlApp app;
    std::future<tests::Answer> answer;
    const std::int64_t waits = app.status("Innodb_row_lock_waits");
    app.rival->write([&](Connection& c) {
        c.execute(lock_ann);
        answer = begin_post(app, "in the middle");
        CHECK(app.wait_for_lock_waits(1));
        CHECK(app.kill_connections() > 0);
        CHECK(soon([&] { return app.status("Innodb_row_lock_waits") >= waits + 2; }));  // it tries again
    });
    CHECK(answer.get().status == 201);
    CHECK(app.count_posts("in the middle") == 1);
}

TEST_CASE("Connections killed again and again under a load cost answers of 503 at most") {
    MysqlApp app;
    Load load(app, 6);
    for (int i = 0; i < 15; ++i) {
        CHECK(load.goes_on(20));
        app.kill_connections();
    }
    CHECK(load.goes_on());
    load.stop();
    check_kept(load.outcome());
}

TEST_CASE("A server that is set read-only answers reads and refuses posts, until it is set back") {
    MysqlApp app;
    app.set_read_only(true);
    check_unavailable(app.post("too late"), "is read-only");
    CHECK(app.read().status == 200);
    CHECK(app.is_ready());  // for reads
    app.set_read_only(false);
    CHECK(app.post("in time").status == 201);
    CHECK(app.count_posts("too late") == 0);
}

TEST_CASE("A server with too many connections is told as such, and used again as soon as it has one to give") {
    MysqlApp app({.server = {"--max-connections=10"}});
    app.server.run({"CREATE USER other@'%'"});
    std::vector<std::unique_ptr<app::db::Database>> others;
    const auto take_all = [&] {
        while (others.size() < 20) {
            others.push_back(
                app::db::open({.url = "mysql://other@127.0.0.1:" + std::to_string(app.server.port()) + "/information_schema"}));
        }
    };
    app.kill_connections();
    CHECK_THROWS_WITH_AS(take_all(), doctest::Contains("too many connections"), app::base::Error);
    check_unavailable(app.post("no room"), "too many connections");
    check_unavailable(app.live.client().get("/readyz", {tests::accept_json}), "too many connections");
    others.clear();
    CHECK(soon([&] { return app.is_ready(); }));
    CHECK(app.post("room").status == 201);
    CHECK(app.count_posts("no room") == 0);
}

TEST_CASE("A post that waits too long for a lock waits again, and succeeds when the lock is given back") {
    MysqlApp app({.change = [](config::Config& config) { config.database.busy_timeout_ms = 1000; }});
    std::future<tests::Answer> answer;
    const std::int64_t waits = app.status("Innodb_row_lock_waits");
    app.rival->write([&](Connection& c) {
        c.execute(lock_ann);
        answer = begin_post(app, "waits");
        CHECK(soon([&] { return app.status("Innodb_row_lock_waits") >= waits + 3; }));
    });
    CHECK(answer.get().status == 201);
    CHECK(app.count_posts("waits") == 1);
}

TEST_CASE("A post whose lock is never given back is refused in bounded time, and the others go on meanwhile") {
    MysqlApp app({.change = [](config::Config& config) { config.database.busy_timeout_ms = 1000; }});
    const auto bob = app.live.add_user("bob");
    app.rival->write([&](Connection& c) {
        c.execute(lock_ann);
        auto answer = begin_post(app, "for ever");
        CHECK(app.wait_for_lock_waits(1));
        CHECK(app.live.client(bob).post("/api/v1.0/posts/", "{\"body\":\"meanwhile\"}").status == 201);
        CHECK(app.is_ready());
        check_unavailable(answer.get(), "another writer holds the lock");
    });
    CHECK(app.count_posts("for ever") == 0);
    CHECK(app.post("now").status == 201);
}

TEST_CASE("A comment that loses a deadlock is written again, and once") {
    MysqlApp app;
    const auto post = app.live.add_post(app.ann);
    app.server.run({"CREATE TABLE test_1.weight (id BIGINT PRIMARY KEY AUTO_INCREMENT, value BIGINT) ENGINE=InnoDB"});
    const std::int64_t deadlocks = app.status("Innodb_deadlocks");
    std::future<tests::Answer> answer;
    app.rival->write([&](Connection& c) {
        // The server gives up the transaction that has changed less: this one is not to be it.
        for (int i = 0; i < 50; ++i) c.execute("INSERT INTO weight (value) VALUES (1), (2), (3), (4), (5), (6), (7), (8)");
        c.execute(lock_ann);
        answer = std::async(std::launch::async, [&] {
            return app.live.client(app.ann).post("/api/v1.0/posts/" + std::to_string(post.id) + "/comments/",
                                                 "{\"body\":\"cross\"}");
        });
        CHECK(app.wait_for_lock_waits(1));  // it holds the post and waits for its author
        c.execute("UPDATE posts SET updated_at = created_at WHERE id = ?", post.id);
    });
    CHECK(answer.get().status == 201);
    CHECK(app.status("Innodb_deadlocks") == deadlocks + 1);
    CHECK(app.integer("SELECT COUNT(*) FROM comments") == 1);
    CHECK(app.integer("SELECT comment_count FROM posts") == 1);
}

TEST_CASE("Writers that lock the same two rows in opposite order all come through, and each counts once") {
    MysqlApp app;
    app.server.run({"CREATE TABLE test_1.counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL) ENGINE=InnoDB",
                    "INSERT INTO test_1.counter VALUES (1, 0), (2, 0)"});
    constexpr int writers = 4, each = 50;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&, first = 1 + i % 2] {
            for (int done = 0; done < each; ++done) {
                try {
                    app.live.database().write([&](Connection& c) {
                        for (const int id : {first, 3 - first})
                            c.execute("UPDATE counter SET value = value + 1 WHERE id = ?", id);
                    });
                } catch (const app::base::Error& error) {
                    CHECK(error.code() == app::base::Code::unavailable);
                    ++refused;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(app.status("Innodb_deadlocks") > 0);
    for (const int id : {1, 2}) {
        CHECK(app.rival->read([&](Connection& c) { return c.integer("SELECT value FROM counter WHERE id = ?", id); }) ==
              writers * each - refused);
    }
    CHECK(refused <= writers);  // ten attempts each
}

TEST_CASE(
    "A server whose disk is full refuses posts, answers reads, keeps what it acknowledged, and goes on when there is room") {
    // The system tablespace holds all tables and may not grow beyond this: the server then says what it says of a full disk.
    const std::string room = "--innodb-file-per-table=0 --innodb-data-file-path=ibdata1:4M:autoextend:max:";
    MysqlApp app({.server = {room.substr(0, room.find(' ')), room.substr(room.find(' ') + 1) + "16M"}});
    const std::string text(2'000,
                           'y');  // so short that it lies beside its row: MariaDB 11.8 dies of a long one that finds no room
    std::int64_t acknowledged = 0;
    tests::Answer answer;
    while ((answer = app.post(text)).status == 201 && acknowledged < 10'000) ++acknowledged;
    check_unavailable(answer, "its disk is full");
    CHECK(acknowledged > 0);
    CHECK(app.read().status == 200);
    CHECK(app.is_ready());
    CHECK(app.count_posts(text) == acknowledged);
    app.server.stop();
    app.server.start(room + "32M");
    CHECK(soon([&] { return app.post("room again").status == 201; }));
    CHECK(app.count_posts(text) == acknowledged);
    CHECK(app.integer("SELECT post_count FROM users WHERE username = 'ann'") == app.integer("SELECT COUNT(*) FROM posts"));
}
