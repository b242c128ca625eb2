// One connection to an SQLite file: statements that are prepared once, rows, errors. The only header that shows SQLiteCpp; it is
// included by the files of this backend and nobody else.
#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/db/database.hpp"

namespace app::db {

class SqliteConnection final : public Connection {
   public:
    enum class Role {
        reader,  // query_only
        writer   // commits only while allow_commit(true), whatever a task runs
    };

    // Opens `file`, which exists (see sqlite_file.hpp). The lock timeout comes first, so that whatever follows may wait for
    // another process. Throws unavailable, naming the file. `counts` outlives it.
    SqliteConnection(std::string file, const Options& options, Role role, Counts& counts);
    ~SqliteConnection() = default;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    const Dialect& dialect() const override;
    Outcome run(std::string_view sql, const Value* values, std::size_t value_count,
                base::FunctionRef<void(const Row&)> each) override;

    // Whether a transaction is open. SQLite may have ended it by itself (disk full, I/O error, out of memory).
    bool in_transaction() const;

    // Until it is allowed, a COMMIT, or a change outside a transaction, is turned into a ROLLBACK by SQLite's commit hook.
    void allow_commit(bool allowed) { commit_allowed_ = allowed; }

   private:
    struct Prepared {
        SQLite::Statement statement;
        std::vector<SQLite::Column> columns;  // of the current row; made with the first one
        bool running = false;
    };
    class Lease;
    class CurrentRow;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void set_up(const Options& options, Role role);
    void turn_wal_on(int busy_timeout_ms);
    std::int64_t step_through(Prepared& prepared, base::FunctionRef<void(const Row&)> each);
    void log_if_slow(std::string_view sql, std::int64_t elapsed_us) const;

    std::string file_;
    int slow_query_ms_;
    bool query_only_;
    Counts& counts_;
    bool commit_allowed_ = true;
    SQLite::Database database_;
    std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> prepared_;  // by SQL; goes before database_ does
    const OpenConnection open_{counts_};
};

}  // namespace app::db
