// An application on a MariaDB server of its own, which a test may then restart, fill or lock; signed in with an account that has
// no right but on its database. And a load of requests that knows what it was promised.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/support/live_app.hpp"
#include "tests/support/mariadb.hpp"

namespace tests {

class MysqlApp {
   public:
    struct Settings {
        std::vector<std::string> server = {};                             // mariadbd's options
        std::function<void(config::Config&)> change = {};                 // of the application
        std::function<int(int)> through = [](int port) { return port; };  // the port to reach the server's by
    };

    MysqlApp() : MysqlApp(Settings{}) {}
    explicit MysqlApp(Settings settings);

    Mariadb server;
    LiveApp live;
    const Account ann;
    // Another client of the same database, with every right, to be in the application's way; the functions below do without it.
    const std::unique_ptr<app::db::Database> rival;

    // POST and GET of posts as ann: 201 and 200, or 503.
    Answer post(const std::string& text) const;
    Answer read() const { return live.client(ann).get("/api/v1.0/posts/"); }
    bool is_ready() const { return live.client().get("/readyz").status == 200; }

    // As the database has it now.
    std::int64_t count_posts(const std::string& text) const;
    std::int64_t integer(std::string_view sql) const;
    // A number of SHOW GLOBAL STATUS.
    std::int64_t status(const std::string& name) const;
    // Whether soon so many statements wait for a row's lock.
    bool wait_for_lock_waits(int count) const;
    // Ends the connections of the application; how many.
    int kill_connections() const;
    void set_read_only(bool is_read_only) const;

   private:
    const std::unique_ptr<app::db::Database> watcher_;
};

// 503 with Retry-After and a body that says why.
void check_unavailable(const Answer& answer, std::string_view reason);

// So many writers that post texts of which no two are the same, each with an account of its own, until they are stopped. Every answer
// is 201, or 503 with Retry-After.
class Load {
   public:
    Load(MysqlApp& app, int writers);
    ~Load() { stop(); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    std::int64_t acknowledged() const { return acknowledged_; }
    // Whether so many more were acknowledged soon.
    bool goes_on(std::int64_t more = 100) const;
    void stop();

    // What the database has of it, after stop().
    struct Outcome {
        std::int64_t acknowledged = 0;        // and there, once
        std::int64_t lost = 0;                // acknowledged and not there
        std::int64_t doubled = 0;             // there more than once
        std::int64_t unacknowledged = 0;      // answered with 503
        std::int64_t there_all_the_same = 0;  // of these
        bool counts_are_right = false;        // post_count of every writer
    };
    Outcome outcome() const;

   private:
    void write(const Account& account, const std::string& name);

    MysqlApp& app_;
    std::atomic<bool> is_over_ = false;
    std::atomic<std::int64_t> acknowledged_ = 0;
    std::mutex mutex_;
    std::vector<std::string> promised_, refused_;  // texts
    std::vector<Account> accounts_;
    std::vector<std::thread> threads_;
};

}  // namespace tests
