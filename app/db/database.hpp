// The one seam to the database: Database::read(fn) lends a connection for reading, Database::write(fn) runs fn in a transaction
// that is durable when write returns. Nobody else gets a connection, so that a backend may batch, retry and fail over without
// its callers knowing. This room knows connections and rows; it knows no model.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/function_ref.hpp"
#include "app/db/counts.hpp"
#include "app/db/dialect.hpp"

namespace app::db {

// A value to be bound. Text is UTF-8 and not copied: it must live until the call returns.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, base::Timestamp>;

// What may be passed for a `?`: integers, bool (0 or 1), double, text, Timestamp, nullptr, and an optional of these.
template <class T>
Value to_value(const T& value) {
    if constexpr (std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, base::Timestamp> || std::is_same_v<T, double>) {
        return value;
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return std::string_view{value};
    } else {
        return value ? to_value(*value) : Value{nullptr};  // std::optional
    }
}

// The current row of a running statement; it, and the text it hands out, are valid until the callback returns.
// Columns count from 0, in the order of the SELECT. Asking for another type than the column holds is a programmer's mistake:
// the backend converts as SQLite does. NULL reads as 0, "" or the epoch; is_null tells.
class Row {
   public:
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
    virtual base::Timestamp time(int column) const = 0;
    bool boolean(int column) const { return integer(column) != 0; }

    // For those who show rows without knowing the statement (manage shell, dump). SQLite keeps times as integers, and calls them so.
    enum class Kind { null, integer, real, text, time };
    virtual Kind kind(int column) const = 0;
    virtual int columns() const = 0;
    virtual std::string_view name(int column) const = 0;

   protected:
    ~Row() = default;
};

struct Outcome {
    std::int64_t rows_changed = 0;
    std::int64_t last_insert_id = 0;  // 0 if the statement inserted nothing
};

// A connection as lent by read or write, for the length of that call and for its thread only. Statements are prepared once and
// cached by their text, so `sql` should be one literal statement with `?` for each value; values are always bound, never
// pasted in. Every call throws base::Error: conflict (a unique key, whose columns are in `fields` as "/email", or a foreign
// key), invalid (a value too long), unavailable (busy beyond the timeout, gone, disk full, read-only), internal (anything
// else, with the SQL in `detail` but never the values).
class Connection {
   public:
    virtual const Dialect& dialect() const = 0;

    // The general form: runs one statement, hands each row to `each`; for a statement without rows `each` is not called.
    virtual Outcome run(std::string_view sql, const Value* values, std::size_t value_count,
                        base::FunctionRef<void(const Row&)> each) = 0;

    // A statement without a result: INSERT, UPDATE, DELETE, DDL.
    template <class... Values>
    Outcome execute(std::string_view sql, const Values&... values) {
        return bind(sql, [](const Row&) {}, values...);
    }

    // Calls each(row) for every row.
    template <class Each, class... Values>
        requires std::is_invocable_v<Each&, const Row&>
    void each(std::string_view sql, Each&& each, const Values&... values) {
        bind(sql, each, values...);
    }

    // make(row) of the first row, or nothing when there is none.
    template <class Make, class... Values, class Made = std::invoke_result_t<Make&, const Row&>>
    std::optional<Made> find(std::string_view sql, Make&& make, const Values&... values) {
        std::optional<Made> found;
        bind(
            sql,
            [&](const Row& row) {
                if (!found) found.emplace(make(row));
            },
            values...);
        return found;
    }

    // make(row) of every row, in order.
    template <class Make, class... Values, class Made = std::invoke_result_t<Make&, const Row&>>
    std::vector<Made> list(std::string_view sql, Make&& make, const Values&... values) {
        std::vector<Made> made;
        bind(sql, [&](const Row& row) { made.push_back(make(row)); }, values...);
        return made;
    }

    // The first column of the first row; 0 when there is no row or it is NULL.
    template <class... Values>
    std::int64_t integer(std::string_view sql, const Values&... values) {
        return find(sql, [](const Row& row) { return row.integer(0); }, values...).value_or(0);
    }

   protected:
    ~Connection() = default;

   private:
    template <class... Values>
    Outcome bind(std::string_view sql, base::FunctionRef<void(const Row&)> each, const Values&... values) {
        const Value bound[sizeof...(Values) + 1] = {to_value(values)..., Value{nullptr}};
        return run(sql, bound, sizeof...(Values), each);
    }
};

// An open database. Its functions may be called from any thread at the same time.
class Database {
   public:
    virtual ~Database() = default;
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Runs fn(Connection&) on a connection for reading and returns what it returns. fn may be run more than once (a connection
    // lost), so it keeps nothing of a run that did not return. Reads inside one call need not see one snapshot. A write that
    // returned before read was called is always visible. A read inside a write throws internal, for it would not see what that
    // write has changed; a read inside a read gets another connection.
    template <class Fn>
    auto read(Fn&& fn) {
        return lend([this](Task task) { counted_read(task); }, fn);
    }

    // Runs fn(Connection&) in a transaction and returns what it returns; when write returns, the transaction is durable. When
    // fn throws, nothing of it remains and the error comes through. fn may be run more than once (deadlock, a connection lost
    // before COMMIT) and on another thread: it must have no effect but through its connection. Prepare expensive things
    // (password hashes, rendered Markdown) before. A write inside a read or a write, or on a loop's
    // thread, throws internal.
    template <class Fn>
    auto write(Fn&& fn) {
        return lend([this](Task task) { counted_write(task); }, fn);
    }

    // Runs fn(Connection&) once and returns what it returns: all that it reads is the database at one moment, however long that
    // takes, and nobody who writes meanwhile waits. For who copies much of it; not on a loop's thread. Throws internal inside a
    // write.
    template <class Fn>
    auto snapshot(Fn&& fn) {
        return lend([this](Task task) { run_snapshot(task); }, fn);
    }

    // On a loop's thread (see base::Turn) a backend may keep a read transaction open from one read to the next, which saves most
    // of a short read's cost; it never hides a write that has returned. The loop calls this before it waits. Never throws.
    virtual void end_turn() noexcept {}

    virtual const Dialect& dialect() const = 0;

    // Where the data is, for people: an absolute path or host and name; never a password.
    virtual std::string location() const = 0;

    const Counts& counts() const noexcept { return counts_; }

   protected:
    using Task = base::FunctionRef<void(Connection&)>;
    virtual void run_read(Task task) = 0;
    virtual void run_write(Task task) = 0;
    virtual void run_snapshot(Task task) = 0;

    Counts counts_;

   private:
    void counted_read(Task task);
    void counted_write(Task task);
    template <class Run, class Fn>
    static auto lend(Run run, Fn& fn) {
        using Result = std::invoke_result_t<Fn&, Connection&>;
        if constexpr (std::is_void_v<Result>) {
            auto task = [&](Connection& connection) { fn(connection); };
            run(task);
        } else {
            std::optional<Result> result;
            auto task = [&](Connection& connection) { result.emplace(fn(connection)); };
            run(task);
            return std::move(*result);
        }
    }
};

struct Options {
    std::string url;             // as DATABASE_URL; see url.hpp
    bool create = false;         // make a missing SQLite file (and its folder); else its absence is an error
    int busy_timeout_ms = 5000;  // how long to wait for another's lock
    int slow_query_ms = 500;     // statements slower than this are logged; 0: none

    // SQLite
    std::int64_t cache_kib = 8192;        // page cache per connection
    std::int64_t mmap_bytes = 268435456;  // how much of the file is mapped; 0: none

    // MySQL, whose library rounds the last three up to whole seconds
    int pool_max = 64;              // connections at a time
    int pool_wait_ms = 5000;        // how long a read or a write may wait for one
    bool causal_reads = true;       // on Galera, see what was committed through any other node
    int connect_timeout_ms = 3000;  // to sign in, per server
    int read_timeout_ms = 30000;    // for the answer to a statement
    int write_timeout_ms = 30000;   // to send one
};

// Opens the database that options.url names. Throws base::Error: invalid (a URL of another shape or backend; says which are
// known), unavailable (cannot be opened: no such file, no permission, no database, disk full), each in one line that says what
// to do.
std::unique_ptr<Database> open(const Options& options);

}  // namespace app::db
