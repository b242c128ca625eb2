// What a database counts of itself, whatever its backend; see app/metrics_page.cpp for what becomes of it.
#pragma once

#include "app/base/counters.hpp"

namespace app::db {

inline constexpr std::array<std::uint64_t, 9> batch_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256};

struct Counts {
    base::Histogram reads{base::duration_bounds_ns};  // Database::read and write, with all waiting and retrying
    base::Histogram writes{base::duration_bounds_ns};

    base::Counter slow_statements;   // see Options::slow_query_ms
    base::Counter busy;              // statements and transactions that another's lock, or a deadlock, ended
    base::Counter lost_connections;  // found out by a read or a write (MySQL)
    base::Counter retries;           // runs of a read or a write after its first
    base::Counter unavailable;       // reads and writes that failed for the database's fault

    base::Gauge connections_open{0};
    base::Gauge connections_in_use{
        0};                  // MySQL: lent; SQLite: lent to a worker, or writing. Event loops have one of their own each
    base::Gauge waiting{0};  // MySQL: reads and writes that wait for a connection; SQLite: writes that wait for the writer

    base::Histogram commits{base::duration_bounds_ns};  // SQLite: how long COMMIT took
    base::Histogram batches{batch_bounds};              // SQLite: how many writes it made durable
};

// A connection's part of connections_open.
class OpenConnection {
   public:
    explicit OpenConnection(Counts& counts) noexcept : counts_(counts) {
        counts_.connections_open.fetch_add(1, std::memory_order_relaxed);
    }
    ~OpenConnection() { counts_.connections_open.fetch_sub(1, std::memory_order_relaxed); }
    OpenConnection(const OpenConnection&) = delete;
    OpenConnection& operator=(const OpenConnection&) = delete;

   private:
    Counts& counts_;
};

}  // namespace app::db
