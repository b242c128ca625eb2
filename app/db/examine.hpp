// Whether an open database is as Dewar needs it, beyond its schema and what find_place tells: what an operator or a dump from
// elsewhere may have changed. For `manage check`.
#pragma once

#include <string>
#include <vector>

#include "app/db/database.hpp"

namespace app::db {

struct Flaw {
    std::string subject;  // "table posts", "database"
    std::string reason;   // one line
    std::string remedy;   // the statement that mends it, or what to do
};

// In SQLite there is nothing of the kind: it knows one encoding, one exact order and no time zone. MySQL: every text column must be
// utf8mb4 and compare by its bytes, else names that differ count as the same and some characters cannot be kept; and the session's
// clock must be UTC. Throws what reading throws.
std::vector<Flaw> examine(Database& database);

}  // namespace app::db
