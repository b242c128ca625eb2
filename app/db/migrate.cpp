#include "app/db/migrate.hpp"

#include <algorithm>
#include <chrono>

#include "app/base/error.hpp"

namespace app::db {
namespace {

// A row of the journal.
struct Entry {
    std::int64_t version = 0;
    std::string name;
    std::string checksum;
    std::int64_t compatible = 0;
    bool finished = false;
};

std::vector<Entry> read_journal(Connection& connection) {
    if (connection.integer(connection.dialect().count_tables, "schema_migrations") == 0) return {};
    return connection.list(
        "SELECT version, name, checksum, compatible, finished_at FROM schema_migrations ORDER BY version", [](const Row& row) {
            return Entry{row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.integer(3), !row.is_null(4)};
        });
}

void create_journal(Connection& connection) {
    const Dialect& dialect = connection.dialect();
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, "
        "checksum VARCHAR(64) NOT NULL, compatible BIGINT NOT NULL, statements_done BIGINT NOT NULL, started_at " +
        std::string(dialect.timestamp) + " NOT NULL, finished_at " + std::string(dialect.timestamp) + ") " +
        std::string(dialect.table_options));
}

std::string title(std::int64_t version, const std::string& name) { return std::to_string(version) + " (" + name + ")"; }

// The verdict of an entry on its own; the schema keeps the worst one.
void judge(Schema& schema, const Entry& entry, std::span<const Migration> migrations) {
    const auto known = std::ranges::find(migrations, entry.version, &Migration::version);
    const auto report = [&](Schema::State state, const std::string& problem) {
        if (state <= schema.state) return;
        schema.state = state;
        schema.problem = problem;
    };
    if (!entry.finished) {
        report(Schema::State::unfinished,
               "migration " + title(entry.version, entry.name) + " was interrupted: run `manage deploy`");
    }
    if (known == migrations.end() && entry.version > schema.latest) {
        if (entry.compatible > schema.latest) {
            report(Schema::State::newer, "the database has schema version " + std::to_string(entry.version) +
                                             ", which is newer than this binary (it knows " + std::to_string(schema.latest) +
                                             "): run the binary that it was deployed with, or a newer one");
        }
    } else if (known == migrations.end()) {
        report(Schema::State::changed, "migration " + title(entry.version, entry.name) +
                                           " was applied but is not known to this binary: run the binary that applied it");
    } else if (known->checksum != entry.checksum) {
        report(Schema::State::changed,
               "migration " + title(entry.version, entry.name) +
                   " was changed after it was applied: restore its file, and put the change into a new migration");
    }
}

// False when another process was faster. A step that was interrupted goes on after its last finished statement.
bool apply(Connection& connection, const Migration& migration) {
    create_journal(connection);
    constexpr std::string_view count_finished =
        "SELECT count(*) FROM schema_migrations WHERE version = ? AND finished_at IS NOT NULL";
    if (connection.integer(count_finished, migration.version) > 0) return false;
    const base::Timestamp started = base::now();
    const std::int64_t done =
        connection.integer("SELECT statements_done FROM schema_migrations WHERE version = ?", migration.version);
    for (std::size_t i = static_cast<std::size_t>(done); i < migration.statements.size(); ++i) {
        connection.execute(migration.statements[i]);
    }
    connection.execute("DELETE FROM schema_migrations WHERE version = ?", migration.version);
    connection.execute(
        "INSERT INTO schema_migrations (version, name, checksum, compatible, statements_done, started_at, finished_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        migration.version, migration.name, migration.checksum, migration.compatible, migration.statements.size(), started,
        base::now());
    return true;
}

std::optional<Applied> apply(Database& database, const Migration& migration) try {
    const auto start = std::chrono::steady_clock::now();
    if (!database.write([&](Connection& connection) { return apply(connection, migration); })) return {};
    const auto duration = std::chrono::steady_clock::now() - start;
    return Applied{migration.version, migration.name, std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()};
} catch (const base::Error& error) {
    throw base::Error(error.code(), "migration " + title(migration.version, migration.name) + ": " + error.message(),
                      error.detail());
}

}  // namespace

Schema inspect(Database& database, std::span<const Migration> migrations) {
    const std::vector<Entry> journal = database.read(read_journal);
    Schema schema;
    for (const Migration& migration : migrations) schema.latest = std::max(schema.latest, migration.version);
    for (const Entry& entry : journal) {
        if (entry.finished) schema.version = std::max(schema.version, entry.version);
    }
    for (const Migration& migration : migrations) {
        const auto entry = std::ranges::find(journal, migration.version, &Entry::version);
        if (entry == journal.end() || !entry->finished) schema.pending.push_back(migration);
    }
    if (!schema.pending.empty()) {
        schema.state = Schema::State::outdated;
        schema.problem = (schema.version == 0 ? std::string("the database has no schema yet")
                                              : "the database has schema version " + std::to_string(schema.version) +
                                                    ", which is older than this binary's, " + std::to_string(schema.latest)) +
                         ": run `manage deploy`";
    }
    for (const Entry& entry : journal) judge(schema, entry, migrations);
    return schema;
}

void require_current(Database& database, std::span<const Migration> migrations) {
    const Schema schema = inspect(database, migrations);
    if (schema.state != Schema::State::current) throw base::Error(base::Code::unavailable, schema.problem);
}

std::vector<Applied> migrate(Database& database, std::span<const Migration> migrations,
                             base::FunctionRef<void(const Applied&)> on_step) {
    const Schema schema = inspect(database, migrations);
    if (schema.state == Schema::State::changed || schema.state == Schema::State::newer) {
        throw base::Error(base::Code::unavailable, schema.problem);
    }
    std::vector<Applied> applied;
    for (const Migration& migration : schema.pending) {
        if (const std::optional<Applied> step = apply(database, migration)) {
            applied.push_back(*step);
            on_step(*step);
        }
    }
    return applied;
}

}  // namespace app::db
