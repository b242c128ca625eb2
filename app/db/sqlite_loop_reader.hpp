// The reader of one event loop: its reads share a transaction until the loop waits, since BEGIN and COMMIT would cost more than a
// short read does. A transaction sees the database as it was at its first read; so it ends early as soon as a write was
// acknowledged since: whoever was told that a write is durable sees it.
#pragma once

#include <cstdint>
#include <string>

#include "app/db/sqlite_connection.hpp"

namespace app::db {

class SqliteLoopReader {
   public:
    // `counts` outlives it. Throws unavailable.
    SqliteLoopReader(const std::string& file, const Options& options, Counts& counts);

    // Runs the task. `commits` is the writer's count of this moment. Throws what the task throws; the transaction is over then.
    void run(base::FunctionRef<void(Connection&)> task, std::uint64_t commits);

    // Ends the transaction, if there is one.
    void end() noexcept;

   private:
    SqliteConnection connection_;
    std::uint64_t commits_ = 0;  // when the transaction began
    bool begun_ = false;
};

}  // namespace app::db
