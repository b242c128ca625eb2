// Who reads whom: a user's timeline holds the posts of those they follow. Everyone follows themself, so that their own posts
// are in it.
#pragma once

#include <cstdint>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"

namespace app::models {

// Returns whether anything changed: false if it was so already. Throws not_found when one of the accounts does not exist.
bool follow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id, base::Timestamp now = base::now());

// Returns whether anything changed. Throws invalid for a user who would stop following themself.
bool unfollow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id);

bool is_following(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id);

// Lets every account without one follow itself, and returns how many there were. Run by every deploy.
std::int64_t add_self_follows(db::Connection& connection);

}  // namespace app::models
