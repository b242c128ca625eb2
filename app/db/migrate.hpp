// Changes of the schema: what is pending is applied, what was applied is taken back, and either stands in the journal.
//
// With transactional DDL (SQLite) a step is one transaction with its row in the journal: one that fails leaves nothing. Without
// (MySQL commits around every DDL statement) each statement is journalled, before and after: an interrupted step goes on behind its
// last finished statement, and the one that may or may not have run is run again, where "it exists already" counts as done. Of
// several processes at the same time each step is applied by one, see lease.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "app/db/lease.hpp"
#include "app/db/migration.hpp"
#include "app/db/schema.hpp"

namespace app::db {

struct Applied {
    std::int64_t version = 0;
    std::string name;
    std::int64_t duration_ms = 0;
};

// Who wants to know how it goes. Each may be empty.
struct Listener {
    std::function<void(const Applied&)> on_step = {};
    // After each statement of a step, before it is journalled; count: how many of the step's have run.
    std::function<void(const Migration&, std::size_t count)> on_statement = {};
};

// Applies what is pending up to the version `to`, in order; returns what this call applied. Throws unavailable for a schema that is
// half undone, half done by another, changed or newer, and when the lease is lost; else what the failing statement threw, with the
// migration's name in front. Steps before that one stay.
std::vector<Applied> migrate(Lease& lease, std::span<const Migration> migrations, const Listener& listener = {},
                             std::int64_t to = std::numeric_limits<std::int64_t>::max());

// Takes back the applied migrations above the version `to`, the highest first, and returns what this call took back. Throws
// invalid, before anything is changed, when one of them has no down part; unavailable for a schema that is half done, changed or
// newer, or has migrations above `to` that are not known here; else as migrate.
std::vector<Applied> undo(Lease& lease, std::span<const Migration> migrations, std::int64_t to, const Listener& listener = {});

// Makes the journal say that exactly the migrations up to `version` are applied, as their files are now. Runs none of their
// statements: whether the tables are so is for the caller to know. 0: none is. Throws invalid for a version that is not known here.
void stamp(Lease& lease, std::span<const Migration> migrations, std::int64_t version);

// What migrate would run, as a script for the database's own client, the journal included. `with_journal`: its table is missing.
std::string to_script(const Dialect& dialect, std::span<const Migration> pending, bool with_journal);

}  // namespace app::db
