#include "app/db/sqlite_writer.hpp"

#include <algorithm>
#include <exception>

#include "app/base/error.hpp"
#include "app/base/semaphore.hpp"
#include "app/base/thread.hpp"
#include "app/db/lending.hpp"

namespace app::db {

// One waiting write. It lives on its caller's stack, so posting `finished` is the last that the writer does with it.
struct SqliteWriter::Job {
    Task task;
    std::exception_ptr error;
    base::Semaphore finished;

    explicit Job(Task to_run) : task(to_run) {}
};

SqliteWriter::SqliteWriter(const Database& database, const std::string& file, const Options& options, Counts& counts)
    : counts_(counts),
      connection_(file, options, SqliteConnection::Role::writer, counts),
      thread_(base::start_thread([this, &database] { work(database); })) {}

SqliteWriter::~SqliteWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    queued_.notify_one();
    thread_.join();
}

void SqliteWriter::run(Task task) {
    Job job(task);
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(&job);
        counts_.waiting.store(static_cast<std::int64_t>(queue_.size()), std::memory_order_relaxed);
    }
    queued_.notify_one();
    job.finished.wait();
    if (job.error) std::rethrow_exception(job.error);
}

void SqliteWriter::work(const Database& database) {
    const Lending lending(database, Lending::Kind::write);
    for (;;) {
        std::vector<Job*> jobs;
        {
            std::unique_lock lock(mutex_);
            queued_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            jobs.swap(queue_);
            counts_.waiting.store(0, std::memory_order_relaxed);
        }
        counts_.connections_in_use.fetch_add(1, std::memory_order_relaxed);
        if (jobs.size() == 1) {
            run_alone(*jobs.front());
        } else {
            run_group(jobs);
        }
        counts_.connections_in_use.fetch_sub(1, std::memory_order_relaxed);
        for (Job* job : jobs) job->finished.post();
    }
}

// Each pass of the loop either ends the group or takes one job, the one that lost the transaction, out of it.
void SqliteWriter::run_group(std::vector<Job*> jobs) {
    while (!jobs.empty()) {
        try {
            statement("BEGIN IMMEDIATE");
        } catch (...) {
            for (Job* job : jobs) job->error = std::current_exception();
            roll_back();
            return;
        }
        const auto lost = std::find_if_not(jobs.begin(), jobs.end(), [this](Job* job) { return try_in_savepoint(*job); });
        if (lost != jobs.end()) {
            jobs.erase(lost);
            counts_.retries.add(jobs.size());
            continue;
        }
        try {
            commit(jobs.size());
        } catch (...) {
            // Whose fault it was (a deferred foreign key, the one change too many for the disk) shows when each goes alone.
            roll_back();
            counts_.retries.add(jobs.size());
            for (Job* job : jobs) run_alone(*job);
        }
        return;
    }
}

void SqliteWriter::run_alone(Job& job) {
    job.error = nullptr;
    try {
        statement("BEGIN IMMEDIATE");
        job.task(connection_);
        if (!connection_.in_transaction()) {
            throw base::Error(base::Code::internal, "a database write ended its own transaction: nothing of it was kept");
        }
        commit(1);
    } catch (...) {
        job.error = std::current_exception();
        roll_back();
    }
}

// Whether the group's transaction is still there. What the task threw is kept in the job; its changes are gone then.
bool SqliteWriter::try_in_savepoint(Job& job) {
    job.error = nullptr;
    try {
        statement("SAVEPOINT job");
        job.task(connection_);
        if (!connection_.in_transaction()) {
            throw base::Error(base::Code::internal, "a database write ended its own transaction: nothing of it was kept");
        }
        statement("RELEASE job");
        return true;
    } catch (...) {
        job.error = std::current_exception();
    }
    if (!connection_.in_transaction()) return false;
    try {
        statement("ROLLBACK TO job");
        statement("RELEASE job");
        return connection_.in_transaction();
    } catch (...) {
        roll_back();  // job.error has the cause
        return false;
    }
}

void SqliteWriter::statement(std::string_view sql) {
    connection_.run(sql, nullptr, 0, [](const Row&) {});
}

void SqliteWriter::commit(std::size_t writes) {
    connection_.allow_commit(true);
    try {
        const base::Stopwatch watch(counts_.commits);
        statement("COMMIT");
    } catch (...) {
        connection_.allow_commit(false);
        throw;
    }
    connection_.allow_commit(false);
    commits_.fetch_add(1, std::memory_order_release);
    counts_.batches.observe(writes);
}

// Never throws.
void SqliteWriter::roll_back() {
    try {
        if (connection_.in_transaction()) statement("ROLLBACK");
    } catch (const base::Error&) {
        // SQLite has rolled back already, or the next BEGIN says what is wrong.
    }
}

}  // namespace app::db
