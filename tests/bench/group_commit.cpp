// What group commit brings: durable inserts per second through Database::write, against one transaction per insert on one
// connection behind a mutex, with the same settings. Usage: bench_group_commit [FOLDER] [SECONDS]; the disk of FOLDER (default:
// the working directory) is what is measured.
#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/db/database.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* create_sql =
    "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author_id BIGINT NOT NULL, body TEXT NOT NULL)";
constexpr const char* insert_sql = "INSERT INTO posts (author_id, body) VALUES (?, ?)";
const std::string body(200, 'x');

// Calls insert() from so many threads for that long; returns the calls per second.
template <class Insert>
double rate(int producers, double seconds, Insert insert) {
    std::atomic<bool> stop = false;
    std::atomic<std::int64_t> count = 0;
    std::vector<std::thread> threads;
    const Clock::time_point start = Clock::now();
    for (int i = 0; i < producers; ++i) {
        threads.emplace_back([&] {
            std::int64_t mine = 0;
            for (; !stop; ++mine) insert();
            count += mine;
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (std::thread& thread : threads) thread.join();
    return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - start).count();
}

double grouped(const std::filesystem::path& file, int producers, double seconds) {
    app::db::Options options;
    options.url = "sqlite:///" + file.string();
    options.create = true;
    const auto database = app::db::open(options);
    database->write([](app::db::Connection& connection) { connection.execute(create_sql); });
    return rate(producers, seconds,
                [&] { database->write([](app::db::Connection& connection) { connection.execute(insert_sql, 1, body); }); });
}

double one_by_one(const std::filesystem::path& file, int producers, double seconds) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
    for (const char* sql : {"PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL",
                            "PRAGMA cache_size = -8192", "PRAGMA mmap_size = 268435456", create_sql}) {
        database.exec(sql);
    }
    SQLite::Statement begin(database, "BEGIN IMMEDIATE");
    SQLite::Statement insert(database, insert_sql);
    SQLite::Statement commit(database, "COMMIT");
    std::mutex mutex;
    return rate(producers, seconds, [&] {
        const std::lock_guard lock(mutex);
        begin.exec();
        begin.reset();
        insert.bind(1, 1);
        insert.bindNoCopy(2, body);
        insert.exec();
        insert.reset();
        commit.exec();
        commit.reset();
    });
}

}  // namespace

int main(int argument_count, char** arguments) {
    const std::filesystem::path folder = std::filesystem::absolute(argument_count > 1 ? arguments[1] : ".");
    const double seconds = argument_count > 2 ? std::atof(arguments[2]) : 3.0;
    const std::filesystem::path scratch = folder / ("group_commit." + std::to_string(Clock::now().time_since_epoch().count()));
    std::filesystem::create_directories(scratch);
    std::printf("durable inserts per second in %s\n%9s  %13s  %10s  %5s\n", folder.c_str(), "producers", "group commit",
                "one by one", "ratio");
    for (const int producers : {1, 8, 64}) {
        const double with = grouped(scratch / ("grouped" + std::to_string(producers)), producers, seconds);
        const double without = one_by_one(scratch / ("single" + std::to_string(producers)), producers, seconds);
        std::printf("%9d  %13.0f  %10.0f  %5.1f\n", producers, with, without, with / without);
    }
    std::filesystem::remove_all(scratch);
}
