// Before there is a database: whether what an URL names can be reached and is there, and what it takes to make it. For `manage
// deploy`, which turns a fresh server into a ready one, or says the one thing to type.
#pragma once

#include <string>
#include <vector>

#include "app/db/database.hpp"

namespace app::db {

struct Place {
    std::string location;                    // as Database::location
    bool exists = false;                     // the database is there; a file that is empty is not
    std::string create_sql = {};             // what makes it; empty where that is no SQL
    std::string grant_sql = {};              // what gives us every right on it; empty where there are none to give
    std::vector<std::string> warnings = {};  // what is dangerous about it, one line each
};

// Looks, and changes nothing; waits up to that long for a server that does not answer yet. Throws invalid for an URL of another shape
// and unavailable for a server that cannot be used, with what to do or to type.
Place find_place(const Options& options, int patience_ms = 0);

// Makes the database if it is not there. Throws as find_place.
void create_database(const Options& options);

// Of the backend that the URL names. Throws invalid as open does.
const Dialect& dialect_of(const Options& options);

}  // namespace app::db
