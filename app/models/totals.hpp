// How many posts and how many enabled comments there are in all: kept, for counting them takes the longer the more there are. Whoever
// adds or removes one says so here, in the same transaction. A total is the sum of several rows, one per slot, so that writers at the
// same time, on different nodes of a cluster too, seldom wait for one another.
#pragma once

#include <cstdint>

#include "app/db/database.hpp"

namespace app::models {

enum class Total { posts, comments };

// A total's row for those that belong to that owner: see change_total.
std::int64_t slot_of(std::int64_t owner_id) noexcept;

// The sum of the slots.
std::int64_t get_total(db::Connection& connection, Total total);

// Adds `change`, which may be negative. `owner_id` chooses the slot: the author of a post, the post of a comment, whose rows the caller
// has changed already and so waits for anyway. Of rows that lock each other it is the last: call it at the end of a write.
void change_total(db::Connection& connection, Total total, std::int64_t owner_id, std::int64_t change);

// Counts everything that is kept as a count by this version and not by an older one that may have written beside it: the totals, and
// the accounts' followers. Mends what differs and returns how many counts that were. Others may write meanwhile. Run by every deploy;
// takes about a second per million rows.
std::int64_t mend_counts(db::Connection& connection);

}  // namespace app::models
