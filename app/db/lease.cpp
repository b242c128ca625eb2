#include "app/db/lease.hpp"

#include <unistd.h>

#include <chrono>

#include "app/base/error.hpp"
#include "app/base/host_name.hpp"
#include "app/base/log.hpp"
#include "app/base/secret.hpp"
#include "app/base/thread.hpp"

namespace app::db {

namespace {

constexpr std::chrono::milliseconds expiry{Lease::expiry_ms};
constexpr std::chrono::milliseconds renewal{Lease::renewal_ms};
constexpr std::chrono::milliseconds poll_interval{200};
constexpr std::string_view nobody = "";

std::string who_i_am() { return "process " + std::to_string(::getpid()) + " on " + base::host_name(); }

base::Timestamp database_now(Connection& connection) {
    const auto now =
        connection.find("SELECT " + std::string(connection.dialect().now), [](const Row& row) { return row.time(0); });
    return now.value();
}

void prepare_table(Database& database) {
    const auto count = [](Connection& c) { return c.integer(c.dialect().count_tables, "schema_lease"); };
    if (database.read(count) == 0) {
        database.write([](Connection& connection) {
            const Dialect& dialect = connection.dialect();
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_lease (id BIGINT NOT NULL PRIMARY KEY, owner VARCHAR(64) NOT NULL, "
                "holder VARCHAR(512) NOT NULL, expires_at " +
                std::string(dialect.timestamp) + " NOT NULL) " + std::string(dialect.table_options));
        });
    }
    if (database.read([](Connection& c) { return c.integer("SELECT count(*) FROM schema_lease"); }) != 0) return;
    try {
        database.write([](Connection& connection) {
            connection.execute("INSERT INTO schema_lease (id, owner, holder, expires_at) VALUES (1, ?, ?, ?)", nobody, nobody,
                               database_now(connection));
        });
    } catch (const base::Error& error) {
        if (error.code() != base::Code::conflict) throw;  // another was faster
    }
}

}  // namespace

Lease::Lease(Database& database, const std::function<void(const std::string& holder)>& on_wait)
    : database_(database), needed_(!database.dialect().transactional_ddl), owner_(base::random_token(24)) {
    if (!needed_) return;
    prepare_table(database_);
    std::string told;
    while (!database_.write([this](Connection& connection) { return try_take(connection); })) {
        const std::string who = holder();
        if (on_wait && !who.empty() && who != told) on_wait(who);
        if (!who.empty()) told = who;
        std::this_thread::sleep_for(poll_interval);
    }
    renewer_ = base::start_thread([this] { keep(); });
}

Lease::~Lease() {
    if (!needed_) return;
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    released_.notify_one();
    renewer_.join();
    try {
        database_.write([this](Connection& connection) {
            connection.execute("UPDATE schema_lease SET owner = ?, holder = ?, expires_at = ? WHERE id = 1 AND owner = ?", nobody,
                               nobody, database_now(connection), owner_);
        });
    } catch (const std::exception& error) {
        base::log_warning(std::string("the lease of the schema was not given back and expires by itself: ") + error.what());
    }
}

// The time is read before the row is locked: should that take long, the lease is the shorter for it, never the longer.
bool Lease::try_take(Connection& connection) const {
    const base::Timestamp now = database_now(connection);
    return connection
               .execute("UPDATE schema_lease SET owner = ?, holder = ?, expires_at = ? WHERE id = 1 AND expires_at <= ?", owner_,
                        who_i_am(), now + expiry, now)
               .rows_changed == 1;
}

void Lease::renew(Connection& connection) const {
    if (!needed_) return;
    const base::Timestamp now = database_now(connection);
    const Outcome outcome = connection.execute(
        "UPDATE schema_lease SET expires_at = ? WHERE id = 1 AND owner = ? AND expires_at > ?", now + expiry, owner_, now);
    if (outcome.rows_changed == 1) return;
    throw base::Error(base::Code::unavailable, "the lease of the schema was lost, for the database was not to be reached for " +
                                                   std::to_string(expiry_ms / 1000) +
                                                   " s, and another deploy may be at work: run it again");
}

std::string Lease::holder() const {
    return database_
        .read([](Connection& connection) {
            return connection.find("SELECT holder FROM schema_lease WHERE id = 1",
                                   [](const Row& row) { return std::string(row.text(0)); });
        })
        .value_or("");
}

// A renewal that fails is only logged: the next statement asks for the lease itself.
void Lease::keep() {
    std::unique_lock lock(mutex_);
    while (!released_.wait_for(lock, renewal, [this] { return over_; })) {
        lock.unlock();
        try {
            database_.write([this](Connection& connection) { renew(connection); });
        } catch (const std::exception& error) {
            base::log_warning(std::string("the lease of the schema was not renewed: ") + error.what());
        }
        lock.lock();
    }
}

}  // namespace app::db
