// The connections to the MySQL servers of one URL: at most pool_max, made when they are needed, lent for one read or write,
// dropped when they fail, and all idle ones with the first that is found to have gone while it was idle. Failover is here: a new
// connection goes to the server that answered last, and when that is silent to the others, in their order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "app/db/mysql_connection.hpp"

namespace app::db {

class MysqlPool {
   public:
    // A connection for as long as this lives; its end gives it back, unless it is lost.
    class Loan {
       public:
        Loan(MysqlPool& pool, std::unique_ptr<MysqlConnection> connection) : pool_(pool), connection_(std::move(connection)) {}
        ~Loan() { pool_.give_back(std::move(connection_)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;

        MysqlConnection& operator*() { return *connection_; }
        MysqlConnection* operator->() { return connection_.get(); }

        // For a connection in a state that nobody knows.
        void drop() { connection_.reset(); }

       private:
        MysqlPool& pool_;
        std::unique_ptr<MysqlConnection> connection_;
    };

    // `counts` outlives the pool.
    MysqlPool(Url url, const Options& options, Counts& counts);

    // Waits at most pool_wait_ms for a connection, and for a new one at most connect_timeout_ms per server. Throws unavailable.
    Loan lend(MysqlConnection::Purpose purpose);

    const Url& url() const { return url_; }

   private:
    std::unique_ptr<MysqlConnection> take();
    std::unique_ptr<MysqlConnection> connect();
    void drop_idle();
    void give_back(std::unique_ptr<MysqlConnection> connection) noexcept;

    const Url url_;
    const Options options_;
    Counts& counts_;
    std::atomic<std::size_t> answered_last_{0};  // index of a host
    std::mutex mutex_;                           // guards the rest
    std::condition_variable returned_;
    std::vector<std::unique_ptr<MysqlConnection>> idle_;
    int lent_ = 0;
};

}  // namespace app::db
