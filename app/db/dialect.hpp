// What the backends differ in, as a list of facts. Models and migrations ask here instead of asking which backend it is.
// The column types fill the placeholders of a migration (see migration.hpp); a `#` in one of them stands for what is in
// the parentheses: a length in characters, or a name.
#pragma once

#include <string_view>

#include "app/base/error.hpp"

namespace app::db {

struct Dialect {
    std::string_view name;           // "sqlite": as in a URL, a migration's file name, a test's title
    std::string_view auto_id;        // @id@: a 64-bit primary key that counts by itself and never hands out an id twice
    std::string_view timestamp;      // @time@: a Timestamp with microseconds
    std::string_view text;           // @text(n)@: up to n characters
    std::string_view long_text;      // @text@: at least 16 MiB
    std::string_view exact_text;     // @exact(n)@: up to n characters, equal only if the bytes are
    std::string_view table_options;  // @engine@: what follows the closing parenthesis of a CREATE TABLE
    std::string_view on_table;       // @on(table)@: what follows the name in DROP INDEX
    std::string_view count_tables;   // a SELECT of the number of tables named `?`
    std::string_view now;            // an expression: the database's own clock as a Timestamp
    bool transactional_ddl = false;  // a migration is one transaction
    bool reads_may_wait = false;     // for another machine: not on an event loop's thread

    // Without transactional DDL: whether the error of a statement says that what it makes is there already, or what it drops is
    // gone.
    bool (*is_done_already)(const base::Error& error) = nullptr;
};

}  // namespace app::db
