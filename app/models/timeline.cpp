// The timeline: the newest posts of some authors. An index has each author's posts in order, and the lists of the authors are merged
// here. In one statement it is left to the server whether it reads all posts of these authors or all posts until enough are theirs:
// the one is slow for who follows those who write much, the other for who follows those who write seldom.
#include <algorithm>
#include <bit>
#include <iterator>

#include "app/models/listing.hpp"
#include "app/models/post_row.hpp"

namespace app::models {

namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t posts_at_once_max = 128;
constexpr std::size_t authors_at_once_max = 64;

struct Head {
    std::int64_t author_id;
    std::int64_t post_id;  // that author's first
};

std::int64_t count_timeline(db::Connection& connection, std::int64_t user_id) {
    return connection.integer(
        "SELECT CAST(SUM(users.post_count) AS SIGNED) FROM follows JOIN users ON users.id = follows.followed_id "
        "WHERE follows.follower_id = ?",
        user_id);
}

auto comes_before(Order order) {
    return [order](std::int64_t a, std::int64_t b) { return order == Order::ascending ? a < b : a > b; };
}

// The first post behind `after` of each of these authors. Each has a subquery of its own, with values and no column of an outer query:
// MariaDB finds the place in the index only so, and else reads all that the author wrote since. There are few different statements, as
// each takes a power of two of authors; the last author fills it.
void add_heads(db::Connection& connection, const Ids& authors, std::size_t start, std::size_t count, Order order,
               std::int64_t after, std::vector<Head>& heads) {
    static const std::string ascending = "SELECT ?, (SELECT id FROM posts WHERE author_id = ? AND id > ? ORDER BY id LIMIT 1)";
    static const std::string descending =
        "SELECT ?, (SELECT id FROM posts WHERE author_id = ? AND id < ? ORDER BY id DESC LIMIT 1)";
    const std::string& one = order == Order::ascending ? ascending : descending;
    std::string sql;
    std::vector<db::Value> values;
    for (std::size_t i = 0; i < std::bit_ceil(count); ++i) {
        sql += (i == 0 ? "" : " UNION ALL ") + one;
        const std::int64_t author = authors[start + std::min(i, count - 1)];
        values.insert(values.end(), {author, author, after});
    }
    std::size_t rows = 0;
    connection.run(sql, values.data(), values.size(), [&](const db::Row& row) {
        if (++rows <= count && !row.is_null(1)) heads.push_back({row.integer(0), row.integer(1)});
    });
}

// Those of the followed authors who have one, in order.
std::vector<Head> list_heads(db::Connection& connection, std::int64_t user_id, Order order, std::int64_t after) {
    const Ids authors = connection.list(
        "SELECT followed_id FROM follows WHERE follower_id = ?", [](const db::Row& row) { return row.integer(0); }, user_id);
    std::vector<Head> heads;
    for (std::size_t start = 0; start < authors.size(); start += authors_at_once_max) {
        add_heads(connection, authors, start, std::min(authors.size() - start, authors_at_once_max), order, after, heads);
    }
    std::ranges::sort(heads, comes_before(order), &Head::post_id);
    return heads;
}

// Up to `count` ids of an author's posts between `after` and `end`, without these two.
Ids list_ids(db::Connection& connection, std::int64_t author_id, Order order, std::int64_t after, std::int64_t end,
             std::int64_t count) {
    const auto id = [](const db::Row& row) { return row.integer(0); };
    if (order == Order::ascending) {
        return connection.list("SELECT id FROM posts WHERE author_id = ? AND id > ? AND id < ? ORDER BY id LIMIT ?", id,
                               author_id, after, end, count);
    }
    return connection.list("SELECT id FROM posts WHERE author_id = ? AND id < ? AND id > ? ORDER BY id DESC LIMIT ?", id,
                           author_id, after, end, count);
}

// The first `count` posts of the timeline behind `after`. An author is asked only if their first post is among those that the authors
// before have to offer: so at most `count` are.
Ids list_timeline_ids(db::Connection& connection, std::int64_t user_id, Order order, std::int64_t after, std::int64_t count) {
    const auto before = comes_before(order);
    Ids ids;
    for (const auto& [author_id, head] : list_heads(connection, user_id, order, after)) {
        const bool full = std::ssize(ids) == count;
        if (full && before(ids.back(), head)) break;
        const std::int64_t end = full ? ids.back() : before_first(reverse(order));
        const Ids more = list_ids(connection, author_id, order, after, end, count);
        const auto middle = std::ssize(ids);
        ids.insert(ids.end(), more.begin(), more.end());
        std::inplace_merge(ids.begin(), ids.begin() + middle, ids.end(), before);
        if (std::ssize(ids) > count) ids.resize(static_cast<std::size_t>(count));
    }
    return ids;
}

// The posts with these ids, in their order, but for those that are gone by now. A statement takes a power of two of ids, so that there
// are few different ones; the last id fills it.
std::vector<Post> list_posts_with(db::Connection& connection, const Ids& ids, Order order) {
    std::vector<Post> posts;
    for (std::size_t start = 0; start < ids.size(); start += posts_at_once_max) {
        const std::size_t count = std::min(ids.size() - start, posts_at_once_max);
        std::vector<db::Value> values(std::bit_ceil(count), ids[start + count - 1]);
        std::copy_n(ids.begin() + static_cast<std::ptrdiff_t>(start), count, values.begin());
        std::string sql = select_post() + "WHERE posts.id IN (?";
        for (std::size_t i = 1; i < values.size(); ++i) sql += ", ?";
        connection.run(sql + ")", values.data(), values.size(), [&](const db::Row& row) { posts.push_back(to_post(row)); });
    }
    std::ranges::sort(posts, comes_before(order), &Post::id);
    return posts;
}

}  // namespace

Page<Post> list_timeline(db::Connection& connection, std::int64_t user_id, PageRequest request) {
    const std::int64_t total = count_timeline(connection, user_id);
    Page<Post> page{.items = {}, .total = total, .page = request.page, .per_page = request.per_page};
    const Window window(request, total);
    if (window.count == 0) return page;
    const Order read = window.from_end ? Order::ascending : Order::descending;
    Ids ids = list_timeline_ids(connection, user_id, read, before_first(read), window.skip + window.count);
    ids.erase(ids.begin(), ids.begin() + std::min(window.skip, std::ssize(ids)));
    page.items = list_posts_with(connection, ids, Order::descending);
    return page;
}

Slice<Post> list_timeline_after(db::Connection& connection, std::int64_t user_id, CursorRequest request) {
    const std::int64_t after = request.after.value_or(before_first(Order::descending));
    const Ids ids = list_timeline_ids(connection, user_id, Order::descending, after, std::int64_t{request.limit} + 1);
    return make_slice(list_posts_with(connection, ids, Order::descending), request, count_timeline(connection, user_id));
}

}  // namespace app::models
