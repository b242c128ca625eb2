// A database in which nothing stays: everything that is written happens in one transaction, is seen by whoever asks this object,
// and is rolled back when it goes. For `manage shell --sandbox`.
#pragma once

#include <memory>

#include "app/db/database.hpp"

namespace app::db {

// Takes `database` over. Until the first write, reads go straight to it; that write begins the transaction, and from then on reads,
// snapshots and writes all run on its one connection, one after the other, each write in a savepoint, so that one that throws takes
// only itself back. `fn` runs on another thread.
//
// Who else writes to the same rows (to the same file, on SQLite) waits meanwhile, and is told "busy" in the end: it is no place to
// stay in beside a busy server. Statements that would end the transaction (COMMIT, and on MySQL any DDL) are refused with invalid.
// When the database itself has ended it (a deadlock, a connection lost) every further call throws unavailable: nothing of it was kept.
std::unique_ptr<Database> make_sandbox(std::unique_ptr<Database> database);

}  // namespace app::db
