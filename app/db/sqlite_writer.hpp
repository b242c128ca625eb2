// The one writer of an SQLite file: a thread that runs whatever writes are waiting inside one transaction and makes them durable
// with one COMMIT (group commit). The cost of a write is its fsync; many at once share it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "app/db/sqlite_connection.hpp"

namespace app::db {

class SqliteWriter {
   public:
    using Task = base::FunctionRef<void(Connection&)>;

    // Opens its connection (throws unavailable) and starts its thread. `database` is whom the tasks belong to; see lending.hpp.
    // `counts` outlives it.
    SqliteWriter(const Database& database, const std::string& file, const Options& options, Counts& counts);

    // Runs what is queued, then stops.
    ~SqliteWriter();
    SqliteWriter(const SqliteWriter&) = delete;
    SqliteWriter& operator=(const SqliteWriter&) = delete;

    // Queues the task and waits until its transaction is durable, or throws what the task or the commit threw; then nothing of
    // the task remains. Any thread but the writer's own.
    //
    // Within a group each task has a savepoint, so that one that throws takes only itself back. SQLite may end the whole
    // transaction itself (disk full, I/O error, no memory), and then would let each following savepoint commit alone; so after
    // every task the transaction is looked for: if it is gone that task fails and the others run again in a new one. Nobody is
    // told anything, success or failure, before COMMIT has returned: a failure may rest on another task's uncommitted change.
    void run(Task task);

    // How many transactions were committed; raised before those who wait for one are told. Any thread.
    std::uint64_t commits() const noexcept { return commits_.load(std::memory_order_acquire); }

   private:
    struct Job;

    void work(const Database& database);
    void run_group(std::vector<Job*> jobs);
    void run_alone(Job& job);
    bool try_in_savepoint(Job& job);
    void statement(std::string_view sql);
    void commit(std::size_t writes);
    void roll_back();

    Counts& counts_;
    std::atomic<std::uint64_t> commits_{0};
    SqliteConnection connection_;
    std::mutex mutex_;
    std::condition_variable queued_;
    std::vector<Job*> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace app::db
