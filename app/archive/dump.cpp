#include "app/archive/dump.hpp"

#include <algorithm>

#include "app/archive/writer.hpp"
#include "app/base/clock.hpp"

namespace app::archive {

namespace {

using db::Connection;
using db::Value;

// A page holds so many rows at most, and fewer where rows are long: some backends keep a whole result in memory.
constexpr std::int64_t page_rows_max = 1000;
constexpr std::int64_t page_bytes = 4 << 20;

std::string names(const Table& table, std::size_t count) {
    std::string list;
    for (const Column& column : table.columns.first(count))
        list += (list.empty() ? "\"" : ", \"") + std::string(column.name) + "\"";
    return list;
}

// The rows that follow a key whose first `level` columns are given, among those that agree with it in all of these but the last. Level
// 0: all.
std::string page_sql(const Table& table, std::size_t level) {
    std::string sql = "SELECT " + names(table, table.columns.size()) + " FROM \"" + std::string(table.name) + "\"";
    for (std::size_t i = 0; i < level; ++i) {
        sql += (i == 0 ? " WHERE \"" : " AND \"") + std::string(table.columns[i].name) + (i + 1 == level ? "\" > ?" : "\" = ?");
    }
    return sql + " ORDER BY " + names(table, table.key_columns) + " LIMIT ?";
}

Value value_of(const db::Row& row, int column, Type type) {
    if (row.is_null(column)) return nullptr;
    switch (type) {
        case Type::integer: return row.integer(column);
        case Type::text: return row.text(column);
        case Type::time: return row.time(column);
    }
    return nullptr;
}

// The rows of one table, page by page, each beginning behind the last row of the one before.
class TableDump {
   public:
    TableDump(Connection& connection, const Table& table, DumpWriter& writer, const OnRows& on_rows)
        : connection_(connection), table_(table), writer_(writer), on_rows_(on_rows) {}

    // `rows_before`: those of the tables before. Returns the number with this one's.
    std::int64_t run(std::int64_t rows_before) {
        rows_ = rows_before;
        // First whatever goes on with the last row's key but for its last column, then with its first columns alone, and so on: each
        // is one range of the index, which a comparison of whole keys is not everywhere.
        for (std::size_t level = 0;;) {
            const bool full = read_page(level);
            if (on_rows_) on_rows_(rows_);
            if (full) {
                level = table_.key_columns;
            } else if (level <= 1) {
                return rows_;
            } else {
                --level;
            }
        }
    }

   private:
    // Whether there may be more rows of that kind.
    bool read_page(std::size_t level) {
        const std::string sql = page_sql(table_, level);
        const std::int64_t limit = limit_;
        const Rows last = last_;  // whose texts are bound
        std::vector<Value> bound = last.values();
        bound.resize(level);
        bound.emplace_back(limit);
        std::int64_t count = 0, bytes = 0;
        connection_.run(sql, bound.data(), bound.size(), [&](const db::Row& row) {
            values_.clear();
            for (std::size_t i = 0; i < table_.columns.size(); ++i) {
                values_.push_back(value_of(row, static_cast<int>(i), table_.columns[i].type));
                if (const auto* text = std::get_if<std::string_view>(&values_.back())) bytes += std::ssize(*text);
            }
            writer_.add_row(values_);
            ++count;
            if (count == limit) remember_key();
        });
        rows_ += count;
        if (count < limit) return false;
        limit_ = std::clamp<std::int64_t>(limit * page_bytes / std::max<std::int64_t>(bytes, 1), 1, page_rows_max);
        return true;
    }

    void remember_key() {
        last_.clear();
        for (std::size_t i = 0; i < table_.key_columns; ++i) last_.add(values_[i]);
    }

    Connection& connection_;
    const Table& table_;
    DumpWriter& writer_;
    const OnRows& on_rows_;
    std::int64_t rows_ = 0;
    std::int64_t limit_ = page_rows_max;
    Rows last_;  // the key of the last row of a full page
    std::vector<Value> values_;
};

}  // namespace

std::int64_t count_rows(db::Database& database) {
    return database.read([](Connection& connection) {
        std::int64_t count = 0;
        for (const Table& table : tables())
            count += connection.integer("SELECT count(*) FROM \"" + std::string(table.name) + "\"");
        return count;
    });
}

Summary dump(db::Database& database, const std::function<void(std::string_view)>& sink, const OnRows& on_rows) {
    const Header header{schema_version(database), std::string(database.dialect().name), base::rfc3339(base::now())};
    return database.snapshot([&](Connection& connection) {
        DumpWriter writer(header, sink);
        std::int64_t rows = 0;
        for (const Table& table : tables()) {
            writer.begin_table(table);
            rows = TableDump(connection, table, writer, on_rows).run(rows);
            writer.end_table();
        }
        return writer.finish();
    });
}

}  // namespace app::archive
