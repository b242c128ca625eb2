#include "app/models/follow.hpp"

#include <string>

#include "app/base/error.hpp"
#include "app/models/listing.hpp"
#include "app/models/user_row.hpp"

namespace app::models {

namespace {

const ListSql& followers() {
    static const ListSql sql(select_user() + "JOIN follows ON follows.follower_id = users.id WHERE follows.followed_id = ? AND "
                                             "follows.follower_id <> follows.followed_id AND ",
                             "follows.follower_id");
    return sql;
}

const ListSql& following() {
    static const ListSql sql(select_user() + "JOIN follows ON follows.followed_id = users.id WHERE follows.follower_id = ? AND "
                                             "follows.followed_id <> follows.follower_id AND ",
                             "follows.followed_id");
    return sql;
}

// The account with the smaller id first, so that of two who follow each other at the same time none waits for the other's row.
// False if one of them does not exist.
bool change_counts(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id, std::int64_t change) {
    const auto change_following = [&] {
        return connection.execute("UPDATE users SET following_count = following_count + ?, version = version + 1 WHERE id = ?",
                                  change, follower_id);
    };
    const auto change_followers = [&] {
        return connection.execute("UPDATE users SET follower_count = follower_count + ?, version = version + 1 WHERE id = ?",
                                  change, followed_id);
    };
    const auto [first, second] = follower_id < followed_id ? std::pair{change_following(), change_followers()}
                                                           : std::pair{change_followers(), change_following()};
    return first.rows_changed > 0 && second.rows_changed > 0;
}

std::int64_t follower_count(db::Connection& connection, std::int64_t user_id) {
    return connection.integer("SELECT follower_count FROM users WHERE id = ?", user_id);
}

std::int64_t following_count(db::Connection& connection, std::int64_t user_id) {
    return connection.integer("SELECT following_count FROM users WHERE id = ?", user_id);
}

}  // namespace

bool follow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id, base::Timestamp now) {
    if (is_following(connection, follower_id, followed_id)) return false;
    // The counts first: they lock both accounts' rows, which the new row refers to.
    const bool counts = follower_id != followed_id;
    const bool exist = !counts || change_counts(connection, follower_id, followed_id, 1);
    // The table's keys decide, not the look before: another writer may have come in between.
    try {
        connection.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (?, ?, ?)", follower_id,
                           followed_id, now);
        return true;
    } catch (const base::Error& error) {
        if (error.code() != base::Code::conflict) throw;
    }
    if (exist && is_following(connection, follower_id, followed_id)) {
        if (counts) change_counts(connection, follower_id, followed_id, -1);
        return false;
    }
    throw base::Error(base::Code::not_found, "user " + std::to_string(follower_id) + " cannot follow user " +
                                                 std::to_string(followed_id) + ": no such account");
}

bool unfollow(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id) {
    if (follower_id == followed_id) throw base::Error(base::Code::conflict, "everyone follows themself, for good");
    const auto removed =
        connection.execute("DELETE FROM follows WHERE follower_id = ? AND followed_id = ?", follower_id, followed_id);
    if (removed.rows_changed == 0) return false;
    change_counts(connection, follower_id, followed_id, -1);
    return true;
}

bool is_following(db::Connection& connection, std::int64_t follower_id, std::int64_t followed_id) {
    return connection.integer("SELECT COUNT(*) FROM follows WHERE follower_id = ? AND followed_id = ?", follower_id,
                              followed_id) > 0;
}

Page<User> list_followers(db::Connection& connection, std::int64_t user_id, PageRequest request) {
    return list_page(connection, request, follower_count(connection, user_id), followers(), Order::ascending, to_user, user_id);
}

Slice<User> list_followers_after(db::Connection& connection, std::int64_t user_id, CursorRequest request) {
    return list_slice(connection, request, follower_count(connection, user_id), followers(), Order::ascending, to_user, user_id);
}

Page<User> list_following(db::Connection& connection, std::int64_t user_id, PageRequest request) {
    return list_page(connection, request, following_count(connection, user_id), following(), Order::ascending, to_user, user_id);
}

Slice<User> list_following_after(db::Connection& connection, std::int64_t user_id, CursorRequest request) {
    return list_slice(connection, request, following_count(connection, user_id), following(), Order::ascending, to_user, user_id);
}

std::int64_t add_self_follows(db::Connection& connection) {
    return connection
        .execute(
            "INSERT INTO follows (follower_id, followed_id, created_at) SELECT users.id, users.id, users.member_since FROM users "
            "WHERE NOT EXISTS (SELECT 1 FROM follows WHERE follows.follower_id = users.id AND follows.followed_id = users.id)")
        .rows_changed;
}

}  // namespace app::models
