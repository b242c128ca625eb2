// How a database stands to the migrations that this binary knows: what the gate of runserver and /readyz asks, and what `manage
// migrate status` shows. It reads the journal, the table schema_migrations (see journal.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/db/migration.hpp"

namespace app::db {

// One migration, known here or found in the journal.
struct Step {
    enum class State { applied, pending, half_done, half_undone, edited, unknown };
    std::int64_t version = 0;
    std::string name;
    State state = State::pending;
    std::optional<base::Timestamp> when;  // it was finished or, of one that is not, begun
};

// As people read it: "half done".
std::string_view to_string(Step::State state) noexcept;

struct Schema {
    enum class State {       // from good to bad
        current,             // this binary can live with it
        outdated,            // `pending` are missing
        half_done,           // a step was interrupted, or another process is at it
        half_undone,         // taking a step back was interrupted
        half_done_by_other,  // a step was interrupted whose file is not the one known here
        changed,             // an applied file is not what it was, or not known here
        newer                // it has migrations that this binary does not know and cannot live with
    };
    State state = State::current;
    std::int64_t version = 0;        // the highest one applied; 0: none
    std::int64_t latest = 0;         // the highest one known here
    std::vector<Step> steps;         // by version
    std::vector<Migration> pending;  // known here and not finished
    std::string problem;             // one line, with the command that mends it; empty if the state is current
};

// Throws what reading throws.
Schema inspect(Database& database, std::span<const Migration> migrations);

// Of a database that does not exist yet.
Schema inspect_nothing(std::span<const Migration> migrations);

// Returns if this binary can live with the schema: it has all that is known here, and beyond that only what is declared compatible,
// be it finished or just being applied. Throws unavailable with the schema's problem if not.
void require_current(Database& database, std::span<const Migration> migrations);

}  // namespace app::db
