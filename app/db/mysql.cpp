#include "app/db/mysql.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/lending.hpp"
#include "app/db/mysql_pool.hpp"

namespace app::db {
namespace {

using Clock = std::chrono::steady_clock;
using Purpose = MysqlConnection::Purpose;

constexpr int attempts_max = 10;
constexpr std::chrono::seconds retrying_max{10};  // no new attempt after that
constexpr std::chrono::milliseconds pause_first{4};
constexpr std::chrono::milliseconds pause_max{250};

// Runs `attempt` until it returns, or throws with a fate that trying again does not mend. Who collided waits a random time, so
// that the same two do not collide again.
template <class Attempt>
void retry(Counts& counts, Attempt attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const Clock::time_point start = Clock::now();
    for (int made = 1;; ++made) {
        MysqlFate fate = MysqlFate::intact;
        try {
            return attempt(fate);
        } catch (const base::Error& error) {
            if (fate == MysqlFate::undone) counts.busy.add();
            if (fate == MysqlFate::lost) counts.lost_connections.add();
            if (fate == MysqlFate::intact || made == attempts_max || Clock::now() - start > retrying_max) throw;
            base::log_debug("a database task is run again after: " + error.detail());
        }
        counts.retries.add();
        const auto longest = std::min(pause_first * (1 << made), pause_max);
        std::this_thread::sleep_for(longest * std::uniform_real_distribution<>(0.5, 1)(random));
    }
}

// Whatever else ROLLBACK may say, a connection that does not obey it is of no use.
void roll_back(MysqlPool::Loan& loan) {
    if (loan->fate() == MysqlFate::lost) return;
    try {
        loan->command("ROLLBACK");
    } catch (const base::Error&) {
        loan.drop();
    }
}

void commit(MysqlPool::Loan& loan, MysqlFate& fate) {
    try {
        loan->command("COMMIT");
    } catch (const base::Error& error) {
        if (loan->fate() == MysqlFate::lost) {  // not again: it may be there
            throw base::Error(base::Code::unavailable,
                              "the connection to the database was lost while it committed: look whether the change was kept "
                              "before you repeat it",
                              error.detail());
        }
        fate = loan->fate();  // a cluster's deadlocks mostly show here
        roll_back(loan);
        throw;
    }
}

class MysqlDatabase final : public Database {
   public:
    MysqlDatabase(const Url& url, const Options& options) : pool_(url, options, counts_) {
        pool_.lend(Purpose::read);  // tells at once what is wrong
    }

    const Dialect& dialect() const override { return mysql_dialect; }

    std::string location() const override { return location_of(pool_.url()); }

   protected:
    void run_read(Task task) override {
        const Lending lending(*this, Lending::Kind::read);
        retry(counts_, [&](MysqlFate& fate) {
            MysqlPool::Loan loan = pool_.lend(Purpose::read);
            try {
                task(*loan);
            } catch (...) {
                fate = loan->fate();
                throw;
            }
        });
    }

    void run_write(Task task) override {
        const Lending lending(*this, Lending::Kind::write);
        retry(counts_, [&](MysqlFate& fate) {
            MysqlPool::Loan loan = pool_.lend(Purpose::write);
            try {
                loan->command("START TRANSACTION");
                task(*loan);
                if (loan->fate() != MysqlFate::intact) {
                    throw base::Error(base::Code::unavailable, "the database took the change back: try again",
                                      "the task went on after it was told so");
                }
            } catch (...) {
                fate = loan->fate();
                roll_back(loan);
                throw;
            }
            commit(loan, fate);
        });
    }

    void run_snapshot(Task task) override {
        const Lending lending(*this, Lending::Kind::read);
        MysqlPool::Loan loan = pool_.lend(Purpose::read);
        loan->command("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");  // of the next one
        loan->command("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        try {
            task(*loan);
        } catch (...) {
            roll_back(loan);
            throw;
        }
        roll_back(loan);
    }

   private:
    MysqlPool pool_;
};

}  // namespace

std::unique_ptr<Database> open_mysql(const Url& url, const Options& options) {
    return std::make_unique<MysqlDatabase>(url, options);
}

}  // namespace app::db
