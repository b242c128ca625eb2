#include "app/db/sandbox.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/semaphore.hpp"
#include "app/base/text.hpp"
#include "app/base/thread.hpp"
#include "app/db/lending.hpp"

namespace app::db {
namespace {

using base::Code;
using base::Error;

// What a statement may begin with: whatever ends no transaction. A comment is no such beginning, for MySQL runs some of them.
constexpr std::string_view harmless[] = {"select", "insert",  "update", "delete",   "replace", "with",
                                         "values", "explain", "show",   "describe", "desc",    "pragma"};

class SandboxConnection final : public Connection {
   public:
    explicit SandboxConnection(Connection& connection) : connection_(connection) {}

    const Dialect& dialect() const override { return connection_.dialect(); }

    Outcome run(std::string_view sql, const Value* values, std::size_t value_count,
                base::FunctionRef<void(const Row&)> each) override {
        const std::string_view text = base::trim(sql);
        const auto end = std::ranges::find_if(text, [](char c) { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'); });
        const std::string word = base::to_lower_ascii({text.begin(), end});
        if (std::ranges::find(harmless, word) == std::end(harmless)) {
            throw Error(Code::invalid,
                        "a sandbox takes queries and INSERT, UPDATE, DELETE: anything else could end its transaction",
                        std::string(sql));
        }
        return connection_.run(sql, values, value_count, each);
    }

   private:
    Connection& connection_;
};

struct RolledBack {};  // thrown out of the transaction, so that nothing of it remains

class Sandbox final : public Database {
   public:
    explicit Sandbox(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    ~Sandbox() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (holder_.joinable()) holder_.join();
    }

    const Dialect& dialect() const override { return database_->dialect(); }
    std::string location() const override { return database_->location(); }

   protected:
    void run_read(Task task) override { run(task, Lending::Kind::read); }
    void run_write(Task task) override { run(task, Lending::Kind::write); }
    void run_snapshot(Task task) override { run(task, Lending::Kind::read); }

   private:
    // One waiting call. It lives on its caller's stack, so posting `finished` is the last that is done with it.
    struct Job {
        Task task;
        Lending::Kind kind;
        std::exception_ptr error = {};
        base::Semaphore finished = {};
    };
    enum class State { waiting, open, lost };

    void run(Task task, Lending::Kind kind) {
        const Lending lending(*this, kind);
        if (serving_ == std::this_thread::get_id()) return task(*connection_);  // inside another call
        const std::lock_guard one_at_a_time(callers_);
        if (state_ == State::waiting && kind == Lending::Kind::read) return database_->read(task);
        Job job{task, kind};
        {
            const std::lock_guard lock(mutex_);
            if (state_ == State::lost) throw lost();
            job_ = &job;
        }
        if (state_ == State::waiting) {
            if (holder_.joinable()) holder_.join();  // of a transaction that could not begin
            holder_ = base::start_thread([this] { hold(); });
        }
        changed_.notify_all();
        job.finished.wait();
        if (job.error) std::rethrow_exception(job.error);
    }

    // Begins the transaction and stays in it until the end.
    void hold() {
        std::exception_ptr error;
        try {
            database_->write([this](Connection& connection) { serve(connection); });
        } catch (const RolledBack&) {  // the end that it always has
        } catch (...) {
            error = std::current_exception();  // it did not begin, or was lost
        }
        const std::lock_guard lock(mutex_);
        serving_ = std::thread::id{};
        if (Job* job = std::exchange(job_, nullptr)) {
            job->error = std::move(error);  // the caller's alone: it is released by one thread
            job->finished.post();
        }
    }

    void serve(Connection& connection) {
        SandboxConnection sandboxed(connection);
        connection_ = &sandboxed;
        serving_ = std::this_thread::get_id();
        for (;;) {
            Job* job = nullptr;
            {
                std::unique_lock lock(mutex_);
                state_ = State::open;
                changed_.wait(lock, [this] { return stopping_ || job_ != nullptr; });
                if (stopping_) throw RolledBack{};
                job = job_;
            }
            const bool kept = run_in_savepoint(connection, *job);
            const std::lock_guard lock(mutex_);
            job_ = nullptr;
            if (!kept) state_ = State::lost;
            job->finished.post();
            if (!kept) throw RolledBack{};
        }
    }

    // Whether the transaction is still there.
    bool run_in_savepoint(Connection& connection, Job& job) {
        try {
            const Lending lending(*this, job.kind);
            connection.execute("SAVEPOINT job");
            job.task(*connection_);
            connection.execute("RELEASE SAVEPOINT job");
            return true;
        } catch (...) {
            job.error = std::current_exception();
        }
        try {
            connection.execute("ROLLBACK TO SAVEPOINT job");
            connection.execute("RELEASE SAVEPOINT job");
            return true;
        } catch (const Error&) {
            return false;  // job.error has the cause
        }
    }

    static Error lost() {
        return Error(Code::unavailable,
                     "the database has ended the sandbox's transaction, and nothing of it was kept: begin anew");
    }

    const std::unique_ptr<Database> database_;
    std::recursive_mutex callers_;  // a read inside a read, before there is a transaction
    std::mutex mutex_;              // guards the next three
    std::condition_variable changed_;
    Job* job_ = nullptr;
    bool stopping_ = false;
    std::atomic<State> state_{State::waiting};
    std::atomic<std::thread::id> serving_{};
    Connection* connection_ = nullptr;  // of the transaction; for its thread
    std::thread holder_;
};

}  // namespace

std::unique_ptr<Database> make_sandbox(std::unique_ptr<Database> database) {
    return std::make_unique<Sandbox>(std::move(database));
}

}  // namespace app::db
