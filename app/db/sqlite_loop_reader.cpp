#include "app/db/sqlite_loop_reader.hpp"

#include "app/base/error.hpp"
#include "app/base/log.hpp"

namespace app::db {

SqliteLoopReader::SqliteLoopReader(const std::string& file, const Options& options, Counts& counts)
    : connection_(file, options, SqliteConnection::Role::reader, counts) {}

void SqliteLoopReader::run(base::FunctionRef<void(Connection&)> task, std::uint64_t commits) {
    if (begun_ && commits_ != commits) end();
    if (!begun_) {
        connection_.execute("BEGIN");
        begun_ = true;
        commits_ = commits;
    }
    try {
        task(connection_);
    } catch (...) {
        end();
        throw;
    }
}

void SqliteLoopReader::end() noexcept {
    if (!begun_) return;
    begun_ = false;
    try {
        connection_.execute("COMMIT");
    } catch (const base::Error& error) {
        base::log_warning(std::string("a read transaction did not end: ") + error.what());
    }
}

}  // namespace app::db
