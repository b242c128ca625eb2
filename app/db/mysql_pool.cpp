#include "app/db/mysql_pool.hpp"

#include <chrono>

#include "app/base/error.hpp"
#include "app/base/log.hpp"

namespace app::db {

MysqlPool::MysqlPool(Url url, const Options& options, Counts& counts) : url_(std::move(url)), options_(options), counts_(counts) {
    idle_.reserve(static_cast<std::size_t>(options.pool_max));  // give_back must not throw
}

MysqlPool::Loan MysqlPool::lend(MysqlConnection::Purpose purpose) {
    std::unique_ptr<MysqlConnection> connection = take();
    if (connection && !connection->is_alive()) {
        connection.reset();
        drop_idle();
    }
    try {
        if (!connection) connection = connect();
    } catch (...) {
        give_back(nullptr);
        throw;
    }
    connection->begin_use(purpose);
    return {*this, std::move(connection)};
}

// One of the idle connections, or nothing but the right to make one.
std::unique_ptr<MysqlConnection> MysqlPool::take() {
    std::unique_lock lock(mutex_);
    const auto may_take = [this] { return lent_ < options_.pool_max; };
    counts_.waiting.fetch_add(1, std::memory_order_relaxed);
    const bool is_free = returned_.wait_for(lock, std::chrono::milliseconds(options_.pool_wait_ms), may_take);
    counts_.waiting.fetch_sub(1, std::memory_order_relaxed);
    if (!is_free) {
        throw base::Error(base::Code::unavailable, "all connections to the database are busy: try again",
                          "waited " + std::to_string(options_.pool_wait_ms) + " ms for one of " +
                              std::to_string(options_.pool_max) + " (database.pool_max)");
    }
    ++lent_;
    counts_.connections_in_use.store(lent_, std::memory_order_relaxed);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<MysqlConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
}

// When the last one to be used has gone, the others mostly have as well, and to ask a server that has fallen silent may take the
// whole read timeout for each.
void MysqlPool::drop_idle() {
    std::vector<std::unique_ptr<MysqlConnection>> dropped;  // goes when the mutex is free again
    dropped.reserve(static_cast<std::size_t>(options_.pool_max));
    const std::lock_guard lock(mutex_);
    idle_.swap(dropped);
}

void MysqlPool::give_back(std::unique_ptr<MysqlConnection> connection) noexcept {
    if (connection && connection->fate() == MysqlFate::lost) connection.reset();
    {
        const std::lock_guard lock(mutex_);
        if (connection) idle_.push_back(std::move(connection));
        --lent_;
        counts_.connections_in_use.store(lent_, std::memory_order_relaxed);
    }
    returned_.notify_one();
}

std::unique_ptr<MysqlConnection> MysqlPool::connect() {
    const std::size_t first = answered_last_;
    std::optional<base::Error> refusal;
    for (std::size_t i = 0; i < url_.hosts.size(); ++i) {
        const std::size_t index = (first + i) % url_.hosts.size();
        const Host& host = url_.hosts[index];
        try {
            auto connection = std::make_unique<MysqlConnection>(url_, host, options_, counts_);
            if (index != answered_last_.exchange(index)) base::log_warning("the database is now " + to_string(url_, host));
            return connection;
        } catch (const MysqlTrouble& trouble) {
            refusal.emplace(mysql_sign_in_error(trouble, url_, host));
            if (is_about_account(trouble.number)) break;
            if (url_.hosts.size() > 1) base::log_warning(refusal->what());
        }
    }
    throw *refusal;
}

}  // namespace app::db
