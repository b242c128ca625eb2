#include "app/db/migrate.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <ranges>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/function_ref.hpp"
#include "app/db/journal.hpp"

namespace app::db {

namespace {

using Task = base::FunctionRef<void(Connection&)>;
using Transact = base::FunctionRef<void(Task)>;

// One migration on its way up or down.
struct Direction {
    const Migration& migration;
    bool undoing;

    const std::vector<std::string>& statements() const { return undoing ? migration.down : migration.statements; }
};

// The statement at `index`, with its entry in the journal. `again`: it may have run before. An attempt of a write is such a
// possibility as well, since a connection may be lost between the statement and the end of the write.
void run_statement(const Direction& step, std::size_t index, bool again, Transact transact, const Listener& listener) {
    const std::string& sql = step.statements()[index];
    transact([&](Connection& connection) {
        const bool may_have_run = std::exchange(again, true);
        try {
            connection.execute(sql);
        } catch (const base::Error& error) {
            const auto is_done = connection.dialect().is_done_already;
            if (!may_have_run || is_done == nullptr || !is_done(error)) throw;
        }
        if (listener.on_statement) listener.on_statement(step.migration, index + 1);
        change_done(connection, step.migration.version, static_cast<std::int64_t>(index) + 1);
    });
}

// Each call of `transact` is a transaction of its own where DDL is not transactional; else all are within one.
void run_statements(Lease& lease, const Direction& step, const Entry& entry, Transact transact, const Listener& listener) {
    const std::int64_t version = step.migration.version;
    bool again = entry.statements_begun > entry.statements_done;
    for (auto i = static_cast<std::size_t>(entry.statements_done); i < step.statements().size(); ++i) {
        const auto number = static_cast<std::int64_t>(i);
        transact([&](Connection& connection) {
            lease.renew(connection);
            change_begun(connection, version, number + 1);
        });
        try {
            run_statement(step, i, again, transact, listener);
        } catch (const base::Error& error) {
            // Refused by the server, so that it has not run: what "exists already" at the next attempt is something else.
            const bool refused = error.code() != base::Code::unavailable;
            if (refused && !again && !lease.database().dialect().transactional_ddl) {
                transact([&](Connection& connection) { change_begun(connection, version, number); });
            }
            throw;
        }
        again = false;
    }
}

// What the journal says of a step that is about to run; none: another process was faster.
std::optional<Entry> begin(Lease& lease, const Direction& step, Connection& connection) {
    lease.renew(connection);
    const std::int64_t version = step.migration.version;
    std::optional<Entry> entry = find_entry(connection, version);
    if (step.undoing) {
        if (entry && !entry->undoing) change_to_undoing(connection, version);
    } else {
        if (entry && entry->finished_at) return {};
        if (!entry) add_entry(connection, step.migration);
    }
    return find_entry(connection, version);
}

bool run(Lease& lease, const Direction& step, Transact transact, const Listener& listener) {
    std::optional<Entry> entry;
    transact([&](Connection& connection) { entry = begin(lease, step, connection); });
    if (!entry) return false;
    run_statements(lease, step, *entry, transact, listener);
    transact([&](Connection& connection) {
        lease.renew(connection);
        if (step.undoing) {
            remove_entry(connection, step.migration.version);
        } else {
            change_to_finished(connection, step.migration.version);
        }
    });
    return true;
}

// The step, unless another process was faster.
std::optional<Applied> run(Lease& lease, const Direction& step, const Listener& listener) try {
    const auto start = std::chrono::steady_clock::now();
    Database& database = lease.database();
    bool done = false;
    if (database.dialect().transactional_ddl) {
        done = database.write(
            [&](Connection& connection) { return run(lease, step, [&](Task task) { task(connection); }, listener); });
    } else {
        done = run(lease, step, [&](Task task) { database.write(task); }, listener);
    }
    if (!done) return {};
    const auto duration = std::chrono::steady_clock::now() - start;
    return Applied{step.migration.version, step.migration.name,
                   std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()};
} catch (const base::Error& error) {
    throw base::Error(error.code(), "migration " + title(step.migration.version, step.migration.name) + ": " + error.message(),
                      error.detail());
}

std::vector<Applied> run_all(Lease& lease, const std::vector<Direction>& steps, const Listener& listener) {
    std::vector<Applied> applied;
    for (const Direction& step : steps) {
        if (const std::optional<Applied> done = run(lease, step, listener)) {
            applied.push_back(*done);
            if (listener.on_step) listener.on_step(*done);
        }
    }
    return applied;
}

[[noreturn]] void refuse(const Schema& schema) { throw base::Error(base::Code::unavailable, schema.problem); }

}  // namespace

std::vector<Applied> migrate(Lease& lease, std::span<const Migration> migrations, const Listener& listener, std::int64_t to) {
    const Schema schema = inspect(lease.database(), migrations);
    if (schema.state > Schema::State::half_done) refuse(schema);
    std::vector<Direction> steps;
    for (const Migration& migration : schema.pending) {
        if (migration.version <= to) steps.push_back({migration, false});
    }
    if (!steps.empty()) prepare_journal(lease.database());
    return run_all(lease, steps, listener);
}

std::vector<Applied> undo(Lease& lease, std::span<const Migration> migrations, std::int64_t to, const Listener& listener) {
    const Schema schema = inspect(lease.database(), migrations);
    if (schema.state == Schema::State::half_done || schema.state > Schema::State::half_undone) refuse(schema);
    std::vector<Direction> steps;
    for (const Step& step : std::views::reverse(schema.steps)) {
        if (step.version <= to || step.state == Step::State::pending) continue;
        const auto known = std::ranges::find(migrations, step.version, &Migration::version);
        const std::string which = "migration " + title(step.version, step.name);
        if (known == migrations.end()) {
            throw base::Error(base::Code::unavailable,
                              which + " is not known to this binary: take it back with the binary that applied it");
        }
        if (known->down.empty()) {
            throw base::Error(base::Code::invalid, which + " has no down part, so it cannot be taken back: nothing was changed");
        }
        steps.push_back({*known, true});
    }
    return run_all(lease, steps, listener);
}

void stamp(Lease& lease, std::span<const Migration> migrations, std::int64_t version) {
    if (version != 0 && std::ranges::find(migrations, version, &Migration::version) == migrations.end()) {
        throw base::Error(base::Code::invalid,
                          "there is no migration " + std::to_string(version) + "; `manage migrate status` shows those there are");
    }
    prepare_journal(lease.database());
    lease.database().write([&](Connection& connection) {
        lease.renew(connection);
        const std::vector<Entry> journal = read_journal(connection);
        for (const Entry& entry : journal) {
            const auto known = std::ranges::find(migrations, entry.version, &Migration::version);
            const bool stays =
                known != migrations.end() && entry.version <= version && entry.finished_at && entry.checksum == known->checksum;
            if (!stays) remove_entry(connection, entry.version);
        }
        for (const Migration& migration : migrations) {
            if (migration.version > version || find_entry(connection, migration.version)) continue;
            connection.execute(finished_entry_sql(connection.dialect(), migration));
        }
    });
}

std::string to_script(const Dialect& dialect, std::span<const Migration> pending, bool with_journal) {
    std::string script;
    if (with_journal && !pending.empty()) script += journal_table_sql(dialect) + ";\n";
    for (const Migration& migration : pending) {
        script += "\n-- migration " + title(migration.version, migration.name) + "\n";
        if (dialect.transactional_ddl) script += "BEGIN IMMEDIATE;\n";
        for (const std::string& statement : migration.statements) script += statement + ";\n";
        script += finished_entry_sql(dialect, migration) + ";\n";
        if (dialect.transactional_ddl) script += "COMMIT;\n";
    }
    return script;
}

}  // namespace app::db
