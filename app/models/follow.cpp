#include "app/models/follow.hpp"

#include <string>

#include "app/base/error.hpp"

namespace app::models {

bool follow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id, base::Timestamp now) {
    // The table's keys decide, not a look before: another writer may come in between.
    try {
        connection.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (?, ?, ?)", follower_id,
                           followed_id, now);
        return true;
    } catch (const base::Error& error) {
        if (error.code() != base::Code::conflict) throw;
    }
    if (is_following(connection, follower_id, followed_id)) return false;
    throw base::Error(base::Code::not_found, "user " + std::to_string(follower_id) + " cannot follow user " +
                                                 std::to_string(followed_id) + ": no such account");
}

bool unfollow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id) {
    if (follower_id == followed_id) throw base::Error(base::Code::invalid, "everyone follows themself, for good");
    return connection.execute("DELETE FROM follows WHERE follower_id = ? AND followed_id = ?", follower_id, followed_id)
               .rows_changed > 0;
}

bool is_following(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id) {
    return connection.integer("SELECT COUNT(*) FROM follows WHERE follower_id = ? AND followed_id = ?", follower_id,
                              followed_id) > 0;
}

std::int64_t add_self_follows(db::Connection& connection) {
    return connection
        .execute(
            "INSERT INTO follows (follower_id, followed_id, created_at) SELECT users.id, users.id, users.member_since FROM users "
            "WHERE NOT EXISTS (SELECT 1 FROM follows WHERE follows.follower_id = users.id AND follows.followed_id = users.id)")
        .rows_changed;
}

}  // namespace app::models
