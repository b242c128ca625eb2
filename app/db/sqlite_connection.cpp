#include "app/db/sqlite_connection.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <chrono>
#include <thread>

#include "app/base/log.hpp"
#include "app/base/turn.hpp"
#include "app/db/sqlite.hpp"
#include "app/db/sqlite_error.hpp"

namespace app::db {

constinit const Dialect sqlite_dialect{
    .name = "sqlite",
    .auto_id = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .timestamp = "INTEGER",  // microseconds since the epoch
    .text = "TEXT",
    .long_text = "TEXT",
    .exact_text = "TEXT",  // the default collation, BINARY
    .table_options = "",
    .on_table = "",
    .count_tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
    .now = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",  // milliseconds; unixepoch('subsec') is of 3.42
    .transactional_ddl = true,
    .reads_may_wait = false,
};

namespace {

using Clock = std::chrono::steady_clock;

constexpr int progress_steps = 2000;                   // of SQLite's machine, between two looks at the clock: some 20 us
constexpr std::size_t sqlite_prepared_max = 256;       // far more than the program has; bounds what `manage shell` may pile up
constexpr std::int64_t wal_bytes_kept = 64 << 20;      // of a log that grew while a long read kept it from being reused
constexpr std::size_t text_bytes_max = 1'000'000'000;  // SQLITE_MAX_LENGTH; SQLiteCpp would cut what exceeds an int

SQLite::Database open_file(const std::string& file, const Options& options) try {
    return SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, options.busy_timeout_ms);
} catch (const SQLite::Exception& error) {
    throw sqlite_open_error({error.getExtendedErrorCode(), error.what(), file, "open"});
}

// `owned` keeps the copies of the texts until the statement has run: SQLiteCpp binds std::string only.
void bind_values(SQLite::Statement& statement, const Value* values, std::size_t value_count, std::vector<std::string>& owned) {
    owned.reserve(value_count);
    for (std::size_t i = 0; i < value_count; ++i) {
        const int position = static_cast<int>(i) + 1;
        if (const auto* integer = std::get_if<std::int64_t>(&values[i])) {
            statement.bind(position, *integer);
        } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
            if (text->size() > text_bytes_max) throw base::Error(base::Code::invalid, "a value is too long to be stored");
            statement.bindNoCopy(position, owned.emplace_back(*text));
        } else if (const auto* time = std::get_if<base::Timestamp>(&values[i])) {
            statement.bind(position, base::to_microseconds(*time));
        } else if (const auto* real = std::get_if<double>(&values[i])) {
            statement.bind(position, *real);
        } else {
            statement.bind(position);
        }
    }
}

}  // namespace

// The use of a prepared statement for one run. A statement that is already running (a row's callback runs the same SQL) gets a
// second copy for that run.
class SqliteConnection::Lease {
   public:
    Lease(SqliteConnection& connection, std::string_view sql) {
        auto found = connection.prepared_.find(sql);
        if (found == connection.prepared_.end()) {
            if (connection.prepared_.size() >= sqlite_prepared_max) {
                std::erase_if(connection.prepared_, [](const auto& entry) { return !entry.second.running; });
            }
            std::string text(sql);
            SQLite::Statement statement(connection.database_, text);
            found = connection.prepared_.emplace(std::move(text), Prepared{std::move(statement), {}, false}).first;
        }
        prepared_ = &found->second;
        if (prepared_->running) {
            spare_.emplace(Prepared{SQLite::Statement(connection.database_, std::string(sql)), {}, false});
            prepared_ = &*spare_;
        }
        prepared_->running = true;
    }
    ~Lease() {
        prepared_->statement.tryReset();  // repeats the error of the step that failed: reported already
        prepared_->running = false;
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Prepared& prepared() { return *prepared_; }

   private:
    Prepared* prepared_;
    std::optional<Prepared> spare_;
};

class SqliteConnection::CurrentRow final : public Row {
   public:
    explicit CurrentRow(const std::vector<SQLite::Column>& columns) : columns_(columns) {}

    bool is_null(int column) const override { return at(column).isNull(); }
    std::int64_t integer(int column) const override { return at(column).getInt64(); }
    double real(int column) const override { return at(column).getDouble(); }
    std::string_view text(int column) const override {
        const char* start = at(column).getText();  // before getBytes: it may convert
        return {start, static_cast<std::size_t>(at(column).getBytes())};
    }
    base::Timestamp time(int column) const override { return base::from_microseconds(integer(column)); }
    int columns() const override { return static_cast<int>(columns_.size()); }
    std::string_view name(int column) const override { return at(column).getName(); }
    Kind kind(int column) const override {
        switch (at(column).getType()) {
            case SQLITE_NULL: return Kind::null;
            case SQLITE_INTEGER: return Kind::integer;
            case SQLITE_FLOAT: return Kind::real;
            default: return Kind::text;
        }
    }

   private:
    const SQLite::Column& at(int column) const { return columns_.at(static_cast<std::size_t>(column)); }

    const std::vector<SQLite::Column>& columns_;
};

SqliteConnection::SqliteConnection(std::string file, const Options& options, Role role, Counts& counts)
    : file_(std::move(file)),
      slow_query_ms_(options.slow_query_ms),
      query_only_(role == Role::reader),
      counts_(counts),
      database_(open_file(file_, options)) {
    try {
        set_up(options, role);
    } catch (const SQLite::Exception& error) {
        throw sqlite_open_error({error.getExtendedErrorCode(), error.what(), file_, "open"});
    }
}

void SqliteConnection::set_up(const Options& options, Role role) {
    turn_wal_on(options.busy_timeout_ms);
    database_.exec("PRAGMA foreign_keys = ON");
    database_.exec("PRAGMA synchronous = FULL");
    database_.exec("PRAGMA cache_size = -" + std::to_string(options.cache_kib));
    database_.exec("PRAGMA mmap_size = " + std::to_string(options.mmap_bytes));
    if (role == Role::reader) {
        database_.exec("PRAGMA query_only = ON");
        // A read on a loop's thread ends when it keeps the other connections waiting; see base::Turn.
        sqlite3_progress_handler(
            database_.getHandle(), progress_steps,
            [](void*) {
                base::Turn* turn = base::Turn::current();
                return turn && turn->is_over() ? 1 : 0;
            },
            nullptr);
    } else {
        database_.exec("PRAGMA journal_size_limit = " + std::to_string(wal_bytes_kept));
        commit_allowed_ = false;
        sqlite3_commit_hook(
            database_.getHandle(), [](void* allowed) { return *static_cast<const bool*>(allowed) ? 0 : 1; }, &commit_allowed_);
    }
}

// Two processes that turn it on at the same moment do not wait for each other's lock as for any other: one is told
// "busy" at once.
void SqliteConnection::turn_wal_on(int busy_timeout_ms) {
    const auto deadline = Clock::now() + std::chrono::milliseconds(busy_timeout_ms);
    for (;;) {
        try {
            const std::string mode = database_.execAndGet("PRAGMA journal_mode = WAL").getString();
            if (mode == "wal") return;
            throw base::Error(base::Code::unavailable, "database " + file_ +
                                                           " cannot use write-ahead logging here (it stays in mode " + mode +
                                                           "): put it on a local disk");
        } catch (const SQLite::Exception& error) {
            if (error.getErrorCode() != SQLITE_BUSY || Clock::now() >= deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

const Dialect& SqliteConnection::dialect() const { return sqlite_dialect; }

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

Outcome SqliteConnection::run(std::string_view sql, const Value* values, std::size_t value_count,
                              base::FunctionRef<void(const Row&)> each) {
    const Clock::time_point start = Clock::now();
    Outcome outcome;
    try {
        std::vector<std::string> owned;  // outlives the lease
        Lease lease(*this, sql);
        SQLite::Statement& statement = lease.prepared().statement;
        if (statement.getBindParameterCount() != static_cast<int>(value_count)) {
            throw base::Error(base::Code::internal, "a database statement was given another number of values than it takes",
                              std::to_string(value_count) + " values: " + std::string(sql));
        }
        bind_values(statement, values, value_count, owned);
        sqlite3_set_last_insert_rowid(database_.getHandle(), 0);  // SQLite keeps the one of an earlier INSERT otherwise
        outcome.rows_changed = step_through(lease.prepared(), each);
        outcome.last_insert_id = database_.getLastInsertRowid();
    } catch (const SQLite::Exception& error) {
        if (error.getErrorCode() == SQLITE_BUSY || error.getErrorCode() == SQLITE_LOCKED) counts_.busy.add();
        throw sqlite_error({error.getExtendedErrorCode(), error.what(), file_, sql, query_only_});
    }
    log_if_slow(sql, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
    return outcome;
}

// Returns the number of changed rows: SQLite's own count stays that of an earlier statement when this one changes nothing.
std::int64_t SqliteConnection::step_through(Prepared& prepared, base::FunctionRef<void(const Row&)> each) {
    const int changes_before = database_.getTotalChanges();
    const CurrentRow row(prepared.columns);
    while (prepared.statement.executeStep()) {
        if (prepared.columns.empty()) {
            for (int i = 0; i < prepared.statement.getColumnCount(); ++i)
                prepared.columns.push_back(prepared.statement.getColumn(i));
        }
        each(row);
    }
    return database_.getTotalChanges() == changes_before ? 0 : database_.getChanges();
}

void SqliteConnection::log_if_slow(std::string_view sql, std::int64_t elapsed_us) const {
    if (slow_query_ms_ == 0 || elapsed_us < std::int64_t{slow_query_ms_} * 1000) return;
    counts_.slow_statements.add();
    base::log_warning("slow query, " + std::to_string(elapsed_us / 1000) + " ms: " + std::string(sql));
}

}  // namespace app::db
