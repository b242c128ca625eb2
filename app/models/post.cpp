#include "app/models/post.hpp"

#include <utility>

#include "app/base/error.hpp"
#include "app/models/listing.hpp"
#include "app/models/post_row.hpp"
#include "app/models/totals.hpp"

namespace app::models {

namespace {

using base::Code;
using base::Error;

Error no_post(std::int64_t id) { return Error(Code::not_found, "there is no post " + std::to_string(id)); }

const ListSql& all_posts() {
    static const ListSql sql(select_post() + "WHERE ", "posts.id");
    return sql;
}

const ListSql& posts_of_author() {
    static const ListSql sql(select_post() + "WHERE posts.author_id = ? AND ", "posts.id");
    return sql;
}

std::int64_t count_posts_of(db::Connection& connection, std::int64_t author_id) {
    return connection.integer("SELECT post_count FROM users WHERE id = ?", author_id);
}

// False if there is no such author.
bool change_post_count(db::Connection& connection, std::int64_t author_id, std::int64_t change) {
    return connection
               .execute("UPDATE users SET post_count = post_count + ?, version = version + 1 WHERE id = ?", change, author_id)
               .rows_changed > 0;
}

}  // namespace

const std::string& select_post() {
    static const std::string sql =
        "SELECT posts.id, posts.body, posts.body_html, posts.created_at, posts.updated_at, posts.author_id, "
        "(SELECT users.username FROM users WHERE users.id = posts.author_id), posts.comment_count, posts.version "
        "FROM posts ";
    return sql;
}

Post to_post(const db::Row& row) {
    return {.id = row.integer(0),
            .body = std::string{row.text(1)},
            .body_html = std::string{row.text(2)},
            .created_at = row.time(3),
            .updated_at = row.time(4),
            .author_id = row.integer(5),
            .author_username = std::string{row.text(6)},
            .comment_count = row.integer(7),
            .version = row.integer(8)};
}

Post add_post(db::Connection& connection, std::int64_t author_id, const PostBody& body, base::Timestamp now) {
    if (!change_post_count(connection, author_id, 1)) {
        throw Error(Code::not_found, "there is no user " + std::to_string(author_id));
    }
    const auto added = connection.execute(
        "INSERT INTO posts (author_id, body, body_html, created_at, updated_at, comment_count) VALUES (?, ?, ?, ?, ?, 0)",
        author_id, body.source(), body.html(), now, now);
    change_total(connection, Total::posts, author_id, 1);
    return get_post(connection, added.last_insert_id);
}

Post change_post_body(db::Connection& connection, std::int64_t id, const PostBody& body, base::Timestamp now) {
    connection.execute("UPDATE posts SET body = ?, body_html = ?, updated_at = ?, version = version + 1 WHERE id = ?",
                       body.source(), body.html(), now, id);
    return get_post(connection, id);
}

void remove_post(db::Connection& connection, std::int64_t id) {
    // Locks the row, so that the number of its comments stays as it is read.
    const auto locked = connection.execute("UPDATE posts SET version = version + 1 WHERE id = ?", id);
    if (locked.rows_changed == 0) throw no_post(id);
    const auto [author_id, comment_count] = *connection.find(
        "SELECT author_id, comment_count FROM posts WHERE id = ?",
        [](const db::Row& row) { return std::pair{row.integer(0), row.integer(1)}; }, id);
    connection.execute("DELETE FROM posts WHERE id = ?", id);
    change_post_count(connection, author_id, -1);
    change_total(connection, Total::comments, id, -comment_count);
    change_total(connection, Total::posts, author_id, -1);
}

std::optional<Post> find_post(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_post() + "WHERE posts.id = ?";
    return connection.find(sql, to_post, id);
}

Post get_post(db::Connection& connection, std::int64_t id) {
    if (auto post = find_post(connection, id)) return *std::move(post);
    throw no_post(id);
}

Post lock_post(db::Connection& connection, std::int64_t id) {
    connection.execute("UPDATE posts SET version = version WHERE id = ?", id);
    return get_post(connection, id);
}

Page<Post> list_posts(db::Connection& connection, PageRequest request) {
    return list_page(connection, request, get_total(connection, Total::posts), all_posts(), Order::ascending, to_post);
}

Slice<Post> list_posts_after(db::Connection& connection, CursorRequest request) {
    return list_slice(connection, request, get_total(connection, Total::posts), all_posts(), Order::ascending, to_post);
}

Page<Post> list_newest_posts(db::Connection& connection, PageRequest request) {
    return list_page(connection, request, get_total(connection, Total::posts), all_posts(), Order::descending, to_post);
}

Page<Post> list_posts_of_author(db::Connection& connection, std::int64_t author_id, PageRequest request) {
    const std::int64_t total = count_posts_of(connection, author_id);
    return list_page(connection, request, total, posts_of_author(), Order::descending, to_post, author_id);
}

Slice<Post> list_posts_of_author_after(db::Connection& connection, std::int64_t author_id, CursorRequest request) {
    const std::int64_t total = count_posts_of(connection, author_id);
    return list_slice(connection, request, total, posts_of_author(), Order::descending, to_post, author_id);
}

}  // namespace app::models
