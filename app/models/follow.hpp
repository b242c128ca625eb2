// Who reads whom: a user's timeline holds the posts of those they follow. Everyone follows themself, so that their own posts
// are in it; that shows nowhere else: nobody is in the lists of their own followers, nor counted there.
#pragma once

#include <cstdint>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/pagination.hpp"
#include "app/models/user.hpp"

namespace app::models {

// Returns whether anything changed: false if it was so already. Keeps both accounts' counts right. Throws not_found when one of the
// accounts does not exist.
bool follow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id, base::Timestamp now = base::now());

// Returns whether anything changed; likewise. Throws conflict for a user who would stop following themself.
bool unfollow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id);

bool is_following(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id);

// A page or a slice of those who follow a user, or whom the user follows, ascending id. Empty for a user who does not exist: ask
// get_user first where that is to be an error.
Page<User> list_followers(db::Connection& connection, std::int64_t user_id, PageRequest request);
Slice<User> list_followers_after(db::Connection& connection, std::int64_t user_id, CursorRequest request);
Page<User> list_following(db::Connection& connection, std::int64_t user_id, PageRequest request);
Slice<User> list_following_after(db::Connection& connection, std::int64_t user_id, CursorRequest request);

// Lets every account without one follow itself, and returns how many there were. Run by every deploy.
std::int64_t add_self_follows(db::Connection& connection);

}  // namespace app::models
