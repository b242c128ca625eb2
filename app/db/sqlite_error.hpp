// SQLite's result codes in Dewar's terms. Shared by the files of this backend only.
#pragma once

#include <string>
#include <string_view>

#include "app/base/error.hpp"

namespace app::db {

// Which statement failed, on which kind of connection.
struct SqliteFailure {
    int extended_code = 0;         // sqlite3_extended_errcode
    std::string_view explanation;  // sqlite3_errmsg; names columns and tables, never bound values
    std::string_view file;
    std::string_view sql;
    bool query_only = false;  // SQLITE_READONLY is then a write inside a read
};

// The error for a statement that failed: conflict with a field per column of a unique or foreign key, invalid for a value that is
// too long, unavailable with what to do when the file or its disk is at fault, else internal. File, SQL and SQLite's own words
// are in its detail.
base::Error sqlite_error(const SqliteFailure& failure);

// The same for opening: the message names the file too, as whoever starts the program needs it.
base::Error sqlite_open_error(const SqliteFailure& failure);

}  // namespace app::db
