// What the backends differ in, as a list of facts. Models and migrations ask here instead of asking which backend it is.
#pragma once

#include <string_view>

namespace app::db {

struct Dialect {
    std::string_view name;          // "sqlite": as in a URL, a migration's file name, a test's title
    std::string_view auto_id;       // column type of a 64-bit primary key that counts by itself
    std::string_view timestamp;     // column type of a Timestamp with microseconds
    std::string_view exact_text;    // collation clause under which text is equal only if its bytes are
    bool transactional_ddl;         // a migration is one transaction
};

}  // namespace app::db
