#include "app/archive/dump.hpp"
#include "app/archive/reader.hpp"
#include "app/base/error.hpp"

namespace app::archive {

namespace {

using base::Code;
using base::Error;
using db::Connection;

// So many rows go into one statement, fewer where they are long: a server takes no packet beyond 16 MiB, if not less.
constexpr std::size_t batch_rows = 50;
constexpr std::size_t batch_bytes = 256 << 10;

void require_schema(const std::string& file, const Header& header, std::int64_t schema) {
    if (header.schema == schema) return;
    const bool newer = header.schema > schema;
    throw Error(
        Code::invalid,
        file + " was dumped at schema version " + std::to_string(header.schema) + ", the database has " + std::to_string(schema) +
            ": " +
            (newer ? "run `manage deploy` and `manage load` of the version that wrote it, or of a newer one with that schema"
                   : "load it into a new database with the version that wrote it, then run this version's `manage deploy`"));
}

std::string insert_sql(const Table& table, std::size_t rows) {
    std::string columns, row;
    for (const Column& column : table.columns) {
        columns += (columns.empty() ? "\"" : ", \"") + std::string(column.name) + "\"";
        row += row.empty() ? "(?" : ", ?";
    }
    std::string sql = "INSERT INTO \"" + std::string(table.name) + "\" (" + columns + ") VALUES " + row + ")";
    for (std::size_t i = 1; i < rows; ++i) sql += ", " + row + ")";
    return sql;
}

void insert(Connection& connection, const Table& table, std::string_view sql, std::size_t rows, const Rows& batch) {
    const std::vector<db::Value> values = batch.values();
    const std::size_t columns = table.columns.size();
    for (std::size_t i = 0; i < values.size(); i += rows * columns) {
        connection.run(sql, values.data() + i, rows * columns, [](const db::Row&) {});
    }
}

// Reads a whole dump; `on_batch` gets the rows of a table by and by, at most batch_rows at once.
template <class OnBatch>
Summary read_all(DumpReader& reader, const OnRows& on_rows, OnBatch on_batch) {
    std::int64_t rows = 0;
    Rows batch;
    for (const Table& table : tables()) {
        reader.begin_table(table);
        const std::size_t values_max = batch_rows * table.columns.size();
        const auto pass_on = [&] {
            if (batch.empty()) return;
            rows += static_cast<std::int64_t>(batch.values_count() / table.columns.size());
            on_batch(table, batch);
            batch.clear();
            if (on_rows) on_rows(rows);
        };
        while (reader.next_row(batch)) {
            if (batch.values_count() == values_max || batch.bytes() >= batch_bytes) pass_on();
        }
        pass_on();
    }
    return reader.finish();
}

void remove_rows(Connection& connection, Replace replace) {
    for (const Table& table : tables()) {
        if (replace == Replace::yes || table.filled_by_deploy) continue;
        if (connection.find("SELECT 1 FROM \"" + std::string(table.name) + "\" LIMIT 1", [](const db::Row&) { return true; })) {
            throw Error(Code::conflict, "the database has rows already, in " + std::string(table.name) +
                                            " for example: load into a new one, or say --replace to lose them");
        }
    }
    for (std::size_t i = tables().size(); i-- > 0;) {
        connection.execute("DELETE FROM \"" + std::string(tables()[i].name) + "\"");
    }
}

}  // namespace

Summary verify(db::Database& database, const std::string& file, const OnRows& on_rows) {
    const std::int64_t schema = schema_version(database);
    DumpReader reader(file, file_source(file));
    require_schema(file, reader.header(), schema);
    return read_all(reader, on_rows, [](const Table&, const Rows&) {});
}

Summary load(db::Database& database, const std::string& file, const Summary& verified, Replace replace, const OnRows& on_rows) {
    return database.write([&](Connection& connection) {
        remove_rows(connection, replace);
        DumpReader reader(file, file_source(file));
        const Table* current = nullptr;
        std::string many, one;
        Summary loaded = read_all(reader, on_rows, [&](const Table& table, const Rows& batch) {
            if (current != &table) {
                current = &table;
                many = insert_sql(table, batch_rows);
                one = insert_sql(table, 1);
            }
            const bool full = batch.values_count() == batch_rows * table.columns.size();
            insert(connection, table, full ? many : one, full ? batch_rows : 1, batch);
        });
        if (loaded.checksum != verified.checksum) {
            throw Error(Code::invalid, file + " has changed since it was checked: nothing was loaded");
        }
        return loaded;
    });
}

}  // namespace app::archive
