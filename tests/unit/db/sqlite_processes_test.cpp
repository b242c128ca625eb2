// What other processes, and the end of this one, do to a database.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <set>
#include <thread>

#include "tests/unit/db/support.hpp"

using app::base::Code;
using app::db::Connection;

namespace {

// Runs `body` in a process of its own; it may tell things through the pipe whose end it gets. To be made before this process
// starts threads.
class Process {
   public:
    explicit Process(const std::function<void(int)>& body) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        id_ = tests::fork_process();
        REQUIRE(id_ >= 0);
        if (id_ == 0) {
            ::close(ends[0]);
            try {
                body(ends[1]);
            } catch (...) {
                ::_exit(1);
            }
            ::_exit(0);
        }
        ::close(ends[1]);
        told_ = ends[0];
    }
    ~Process() {
        if (id_ > 0) kill();
        ::close(told_);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // What was told, and not read yet; waits for some. Nothing at the end.
    std::optional<std::int64_t> next() {
        std::int64_t value = 0;
        if (::read(told_, &value, sizeof value) != static_cast<ssize_t>(sizeof value)) return {};
        return value;
    }

    void kill() {
        ::kill(id_, SIGKILL);
        wait();
    }

    int wait() {
        int status = 0;
        ::waitpid(id_, &status, 0);
        id_ = 0;
        return status;
    }

   private:
    pid_t id_ = 0;
    int told_ = -1;
};

void tell(int pipe, std::int64_t value) {
    if (::write(pipe, &value, sizeof value) != static_cast<ssize_t>(sizeof value)) ::_exit(3);  // atomic: under PIPE_BUF
}

void make_table(const app::db::Options& options) {
    app::db::open(options)->write(
        [](Connection& connection) { connection.execute("CREATE TABLE t (x INTEGER NOT NULL UNIQUE)"); });
}

void insert(app::db::Database& database, std::int64_t x) {
    database.write([&](Connection& connection) { connection.execute("INSERT INTO t (x) VALUES (?)", x); });
}

}  // namespace

TEST_CASE("kill -9 in the middle of writing loses nothing that was acknowledged and leaves no half of a write") {
    tests::TemporaryFolder folder;
    const auto options = tests::options_for(folder / "dewar.sqlite");
    make_table(options);
    Process writing([&](int pipe) {
        const auto database = app::db::open(options);
        std::vector<std::thread> threads;
        for (std::int64_t t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (std::int64_t i = 2 * t;; i += 16) {
                    database->write([&](Connection& connection) {  // i and i + 1, or neither
                        connection.execute("INSERT INTO t (x) VALUES (?)", i);
                        connection.execute("INSERT INTO t (x) VALUES (?)", i + 1);
                    });
                    tell(pipe, i);
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
    });
    std::vector<std::int64_t> acknowledged;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (acknowledged.size() < 500 || std::chrono::steady_clock::now() < end) acknowledged.push_back(writing.next().value());
    writing.kill();
    while (const auto told = writing.next()) acknowledged.push_back(*told);

    const auto kept = app::db::open(options)->read([](Connection& connection) {
        const auto values = connection.list("SELECT x FROM t", [](const auto& row) { return row.integer(0); });
        CHECK(connection.find("PRAGMA integrity_check", [](const auto& row) { return std::string(row.text(0)); }) == "ok");
        return std::set(values.begin(), values.end());
    });
    std::size_t lost = 0;
    for (const std::int64_t i : acknowledged) lost += kept.contains(i) ? 0 : 1;
    std::size_t torn = 0;
    for (const std::int64_t i : kept) torn += kept.contains(i ^ 1) ? 0 : 1;
    CHECK(lost == 0);
    CHECK(torn == 0);
}

TEST_CASE("A lock that another process holds makes a write unavailable after the busy timeout, while reads go on") {
    tests::TemporaryFolder folder;
    auto options = tests::options_for(folder / "dewar.sqlite");
    make_table(options);
    Process holder([&](int pipe) {
        app::db::open(options)->write([&](Connection& connection) {
            connection.execute("INSERT INTO t (x) VALUES (1)");
            tell(pipe, 1);
            ::pause();
        });
    });
    REQUIRE(holder.next());
    options.busy_timeout_ms = 200;
    const auto database = app::db::open(options);
    const auto start = std::chrono::steady_clock::now();
    const auto error = tests::error_of([&] { insert(*database, 2); });
    const auto waited = std::chrono::steady_clock::now() - start;
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(tests::contains(error->message(), "is busy"));
    CHECK(waited >= std::chrono::milliseconds(150));
    CHECK(waited < std::chrono::seconds(4));
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM t"); }) == 0);

    holder.kill();
    insert(*database, 2);
    CHECK(database->read([](Connection& connection) { return connection.integer("SELECT x FROM t"); }) == 2);
}

TEST_CASE("Processes that make the same database at the same moment all get it, and their writes wait for each other") {
    tests::TemporaryFolder folder;
    const auto options = tests::options_for(folder / "data/dewar.sqlite");
    std::vector<std::unique_ptr<Process>> processes;
    for (std::int64_t p = 0; p < 6; ++p) {
        processes.push_back(std::make_unique<Process>([&options, p](int) {
            const auto database = app::db::open(options);
            database->write(
                [](Connection& connection) { connection.execute("CREATE TABLE IF NOT EXISTS t (x INTEGER NOT NULL UNIQUE)"); });
            for (std::int64_t i = 0; i < 50; ++i) insert(*database, p * 50 + i);
        }));
    }
    for (const auto& process : processes) CHECK(process->wait() == 0);
    CHECK(app::db::open(options)->read([](Connection& connection) { return connection.integer("SELECT count(*) FROM t"); }) ==
          300);
}
