#include "app/models/totals.hpp"

#include <vector>

namespace app::models {

namespace {

constexpr std::int64_t slots = 32;  // as many as migration 2 has made

std::string_view name_of(Total total) { return total == Total::posts ? "posts" : "comments"; }

// What the table holds more than the total says, found by one statement and so at one moment. As every writer changes both in one
// transaction, the difference stays while others write, and adding it is right whenever it happens.
std::int64_t missing_in(db::Connection& connection, Total total) {
    if (total == Total::posts) {
        return connection.integer("SELECT CAST((SELECT COUNT(*) FROM posts) - "
                                  "(SELECT SUM(amount) FROM totals WHERE name = 'posts') AS SIGNED)");
    }
    return connection.integer("SELECT CAST((SELECT COUNT(*) FROM comments WHERE disabled = 0) - "
                              "(SELECT SUM(amount) FROM totals WHERE name = 'comments') AS SIGNED)");
}

struct Missing {
    std::int64_t user_id, followers, following;
};

std::vector<Missing> missing_followers(db::Connection& connection) {
    return connection.list(
        "SELECT id, followers - follower_count, following - following_count FROM "
        "(SELECT users.id, users.follower_count, users.following_count, "
        "(SELECT COUNT(*) FROM follows WHERE follows.followed_id = users.id AND follows.follower_id <> users.id) AS followers, "
        "(SELECT COUNT(*) FROM follows WHERE follows.follower_id = users.id AND follows.followed_id <> users.id) AS following "
        "FROM users) AS counted WHERE followers <> follower_count OR following <> following_count ORDER BY id",
        [](const db::Row& row) { return Missing{row.integer(0), row.integer(1), row.integer(2)}; });
}

}  // namespace

std::int64_t slot_of(std::int64_t owner_id) noexcept { return ((owner_id % slots) + slots) % slots; }

std::int64_t get_total(db::Connection& connection, Total total) {
    return connection.integer("SELECT CAST(SUM(amount) AS SIGNED) FROM totals WHERE name = ?", name_of(total));
}

void change_total(db::Connection& connection, Total total, std::int64_t owner_id, std::int64_t change) {
    connection.execute("UPDATE totals SET amount = amount + ? WHERE name = ? AND slot = ?", change, name_of(total),
                       slot_of(owner_id));
}

std::int64_t mend_counts(db::Connection& connection) {
    std::int64_t mended = 0;
    for (const Total total : {Total::posts, Total::comments}) {
        if (const std::int64_t missing = missing_in(connection, total); missing != 0) {
            change_total(connection, total, 0, missing);
            ++mended;
        }
    }
    for (const auto& [user_id, followers, following] : missing_followers(connection)) {
        connection.execute("UPDATE users SET follower_count = follower_count + ?, following_count = following_count + ?, "
                           "version = version + 1 WHERE id = ?",
                           followers, following, user_id);
        ++mended;
    }
    return mended;
}

}  // namespace app::models
