// Whether the list of tables is what the migrations make.
#include "app/archive/tables.hpp"

#include <algorithm>
#include <set>

#include "tests/unit/archive/support.hpp"

namespace {

using app::archive::Table;
using app::db::Row;

// The migrations and the lease are the database's own, which a dump does not move.
const std::set<std::string> left_out{"schema_migrations", "schema_lease", "sqlite_sequence"};

// SQLite with a name of its own for the type of times, so that they can be told from integers.
std::unique_ptr<app::db::Database> migrated() {
    auto database = app::db::open({.url = "sqlite:temporary"});
    app::db::Dialect dialect = database->dialect();
    dialect.timestamp = "TIMESTAMP";
    app::db::Lease lease(*database);
    app::db::migrate(lease, app::db::migrations(dialect));
    return database;
}

std::string as_text(const Table& table) {
    std::string text(table.name);
    std::size_t position = 0;
    for (const auto& column : table.columns) {
        text += " " + std::string(column.name) + ":" + std::string(to_string(column.type));
        if (position++ < table.key_columns) text += ":key" + std::to_string(position);
    }
    return text;
}

std::string type_of(std::string_view declared) {
    return declared == "TIMESTAMP" ? "time" : declared == "TEXT" ? "text" : "integer";
}

std::string text_of_schema(app::db::Connection& connection, const std::string& table) {
    std::string text = table;
    connection.each(
        "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid",
        [&](const Row& row) {
            CHECK_MESSAGE(std::set<std::string_view>({"TIMESTAMP", "TEXT", "INTEGER", "BIGINT"}).contains(row.text(1)),
                          row.text(1));
            text += " " + std::string(row.text(0)) + ":" + type_of(row.text(1));
            if (row.integer(2) != 0) text += ":key" + std::to_string(row.integer(2));
        },
        table);
    return text;
}

}  // namespace

TEST_CASE("The list holds every table of the schema with all its columns; a migration that changes one changes the list") {
    const auto database = migrated();
    database->read([](app::db::Connection& connection) {
        std::set<std::string> expected, found;
        for (const Table& table : app::archive::tables()) expected.insert(as_text(table));
        connection.each("SELECT name FROM sqlite_master WHERE type = 'table'", [&](const Row& row) {
            const std::string name(row.text(0));
            if (!left_out.contains(name)) found.insert(text_of_schema(connection, name));
        });
        CHECK(found == expected);
    });
}

TEST_CASE("A table of the list comes after those that it refers to") {
    const auto database = migrated();
    database->read([](app::db::Connection& connection) {
        std::set<std::string> before;
        for (const Table& table : app::archive::tables()) {
            before.insert(std::string(table.name));
            connection.each(
                "SELECT \"table\" FROM pragma_foreign_key_list(?)",
                [&](const Row& row) { CHECK_MESSAGE(before.contains(std::string(row.text(0))), table.name); }, table.name);
        }
    });
}

TEST_CASE("schema_version refuses a database that is behind this binary, and one that is ahead of it") {
    const auto empty = app::db::open({.url = "sqlite:temporary"});
    CHECK(tests::contains(tests::error_of([&] { app::archive::schema_version(*empty); })->message(), "run `manage deploy`"));
    const auto database = migrated();
    const std::int64_t latest = app::db::migrations(database->dialect()).back().version;
    database->write([](app::db::Connection& connection) {
        connection.execute(
            "INSERT INTO schema_migrations (version, name, checksum, compatible, undoing, statements_begun, statements_done, "
            "started_at, finished_at) SELECT version + 1, 'next', checksum, version, 0, 1, 1, started_at, finished_at "
            "FROM schema_migrations ORDER BY version DESC LIMIT 1");
    });
    CHECK(tests::error_of([&] { app::archive::schema_version(*database); })->message() ==
          "the database has schema version " + std::to_string(latest + 1) + ", of which this binary knows only " +
              std::to_string(latest) + ": use the binary that it was deployed with");
}
