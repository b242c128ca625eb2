// The tables that a dump holds, as the newest migration leaves them. Who adds a table or a column in a migration adds it here; a test
// compares this list with what the migrations make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "app/db/database.hpp"

namespace app::archive {

enum class Type { integer, text, time };

// "integer", as the dump has it.
std::string_view to_string(Type type) noexcept;

struct Column {
    std::string_view name;
    Type type = Type::integer;
};

struct Table {
    std::string_view name;
    std::size_t key_columns = 1;  // so many of the first are the primary key
    std::span<const Column> columns;
    bool filled_by_deploy = false;  // so that a database is new with rows in it
};

// A table comes after those that its rows refer to. A row that refers to its own table refers to one with a smaller key.
std::span<const Table> tables() noexcept;

// The schema version of a database whose tables are exactly these. Throws unavailable for any other, an older as well as a newer but
// compatible one, with what to run.
std::int64_t schema_version(db::Database& database);

}  // namespace app::archive
