#include "app/db/journal.hpp"

namespace app::db {

namespace {

constexpr std::string_view select_entries = "SELECT version, name, checksum, compatible, undoing, statements_begun, "
                                            "statements_done, started_at, finished_at FROM schema_migrations";

constexpr std::string_view insert_entry = "INSERT INTO schema_migrations (version, name, checksum, compatible, undoing, "
                                          "statements_begun, statements_done, started_at, finished_at) VALUES ";

Entry entry_from(const Row& row) {
    return {.version = row.integer(0),
            .name = std::string(row.text(1)),
            .checksum = std::string(row.text(2)),
            .compatible = row.integer(3),
            .undoing = row.boolean(4),
            .statements_begun = row.integer(5),
            .statements_done = row.integer(6),
            .started_at = row.time(7),
            .finished_at = row.is_null(8) ? std::nullopt : std::optional(row.time(8))};
}

}  // namespace

std::vector<Entry> read_journal(Connection& connection) {
    if (connection.integer(connection.dialect().count_tables, "schema_migrations") == 0) return {};
    return connection.list(std::string(select_entries) + " ORDER BY version", entry_from);
}

std::optional<Entry> find_entry(Connection& connection, std::int64_t version) {
    return connection.find(std::string(select_entries) + " WHERE version = ?", entry_from, version);
}

// Asked first, for on a cluster even a CREATE TABLE that does nothing stops the writers of every node.
void prepare_journal(Database& database) {
    const auto count = [](Connection& c) { return c.integer(c.dialect().count_tables, "schema_migrations"); };
    if (database.read(count) == 0) database.write([](Connection& c) { c.execute(journal_table_sql(c.dialect())); });
}

std::string journal_table_sql(const Dialect& dialect) {
    const std::string time(dialect.timestamp);
    return "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, "
           "checksum VARCHAR(64) NOT NULL, compatible BIGINT NOT NULL, undoing INTEGER NOT NULL, "
           "statements_begun BIGINT NOT NULL, statements_done BIGINT NOT NULL, started_at " +
           time + " NOT NULL, finished_at " + time + ") " + std::string(dialect.table_options);
}

void add_entry(Connection& connection, const Migration& migration) {
    connection.execute(std::string(insert_entry) + "(?, ?, ?, ?, 0, 0, 0, " + std::string(connection.dialect().now) + ", NULL)",
                       migration.version, migration.name, migration.checksum, migration.compatible);
}

void change_to_undoing(Connection& connection, std::int64_t version) {
    connection.execute("UPDATE schema_migrations SET undoing = 1, statements_begun = 0, statements_done = 0, started_at = " +
                           std::string(connection.dialect().now) + ", finished_at = NULL WHERE version = ?",
                       version);
}

void change_begun(Connection& connection, std::int64_t version, std::int64_t statements) {
    connection.execute("UPDATE schema_migrations SET statements_begun = ? WHERE version = ?", statements, version);
}

void change_done(Connection& connection, std::int64_t version, std::int64_t statements) {
    connection.execute("UPDATE schema_migrations SET statements_done = ? WHERE version = ?", statements, version);
}

void change_to_finished(Connection& connection, std::int64_t version) {
    connection.execute(
        "UPDATE schema_migrations SET finished_at = " + std::string(connection.dialect().now) + " WHERE version = ?", version);
}

void remove_entry(Connection& connection, std::int64_t version) {
    connection.execute("DELETE FROM schema_migrations WHERE version = ?", version);
}

// Names and checksums are made of letters, digits and the like: a file's name is checked when it is read.
std::string finished_entry_sql(const Dialect& dialect, const Migration& migration) {
    const std::string count = std::to_string(migration.statements.size());
    const std::string now(dialect.now);
    return std::string(insert_entry) + "(" + std::to_string(migration.version) + ", '" + migration.name + "', '" +
           migration.checksum + "', " + std::to_string(migration.compatible) + ", 0, " + count + ", " + count + ", " + now +
           ", " + now + ")";
}

}  // namespace app::db
