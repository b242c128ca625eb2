#include "app/models/comment.hpp"

#include <utility>

#include "app/base/error.hpp"
#include "app/models/listing.hpp"
#include "app/models/totals.hpp"

namespace app::models {

namespace {

using base::Code;
using base::Error;

// Every query for a Comment selects these columns in this order; why the username is a subquery: see post_row.hpp.
const std::string& select_comment() {
    static const std::string sql = "SELECT comments.id, comments.post_id, comments.author_id, "
                                   "(SELECT users.username FROM users WHERE users.id = comments.author_id), "
                                   "comments.body, comments.body_html, comments.created_at, "
                                   "COALESCE(comments.updated_at, comments.created_at), comments.disabled, comments.version "
                                   "FROM comments ";
    return sql;
}

Comment to_comment(const db::Row& row) {
    return {.id = row.integer(0),
            .post_id = row.integer(1),
            .author_id = row.integer(2),
            .author_username = std::string{row.text(3)},
            .body = std::string{row.text(4)},
            .body_html = std::string{row.text(5)},
            .created_at = row.time(6),
            .updated_at = row.time(7),
            .disabled = row.boolean(8),
            .version = row.integer(9)};
}

Error no_comment(std::int64_t id) { return Error(Code::not_found, "there is no comment " + std::to_string(id)); }

// False if there is no such post.
bool change_comment_count(db::Connection& connection, std::int64_t post_id, std::int64_t change) {
    return connection.execute("UPDATE posts SET comment_count = comment_count + ? WHERE id = ?", change, post_id).rows_changed >
           0;
}

const ListSql& comments_of_post() {
    static const ListSql sql(select_comment() + "WHERE comments.post_id = ? AND comments.disabled = 0 AND ", "comments.id");
    return sql;
}

const ListSql& all_comments() {
    static const ListSql sql(select_comment() + "WHERE comments.disabled = 0 AND ", "comments.id");
    return sql;
}

std::int64_t count_comments_of(db::Connection& connection, std::int64_t post_id) {
    return connection.integer("SELECT comment_count FROM posts WHERE id = ?", post_id);
}

void lock_row(db::Connection& connection, std::int64_t id) {
    connection.execute("UPDATE comments SET version = version WHERE id = ?", id);
}

}  // namespace

Comment add_comment(db::Connection& connection, std::int64_t post_id, std::int64_t author_id, const CommentBody& body,
                    base::Timestamp now) {
    if (!change_comment_count(connection, post_id, 1)) {
        throw Error(Code::not_found, "there is no post " + std::to_string(post_id));
    }
    const auto added = connection.execute(
        "INSERT INTO comments (post_id, author_id, body, body_html, created_at, disabled) VALUES (?, ?, ?, ?, ?, 0)", post_id,
        author_id, body.source(), body.html(), now);
    change_total(connection, Total::comments, post_id, 1);
    return get_comment(connection, added.last_insert_id);
}

Comment change_comment_body(db::Connection& connection, std::int64_t id, const CommentBody& body, base::Timestamp now) {
    connection.execute(
        "UPDATE comments SET body = ?, body_html = ?, updated_at = ?, version = version + 1 WHERE id = ? AND disabled = 0",
        body.source(), body.html(), now, id);
    return get_comment(connection, id);
}

void change_comment_disabled(db::Connection& connection, std::int64_t id, bool disabled) {
    const auto changed = connection.execute(
        "UPDATE comments SET disabled = ?, version = version + 1 WHERE id = ? AND disabled <> ?", disabled, id, disabled);
    const Comment comment = get_any_comment(connection, id);
    if (changed.rows_changed == 0) return;
    change_comment_count(connection, comment.post_id, disabled ? -1 : 1);
    change_total(connection, Total::comments, comment.post_id, disabled ? -1 : 1);
}

void remove_comment(db::Connection& connection, std::int64_t id) {
    // Locks the row, so that it stays enabled or disabled as it is read.
    connection.execute("UPDATE comments SET version = version + 1 WHERE id = ?", id);
    const Comment comment = get_any_comment(connection, id);
    connection.execute("DELETE FROM comments WHERE id = ?", id);
    if (comment.disabled) return;
    change_comment_count(connection, comment.post_id, -1);
    change_total(connection, Total::comments, comment.post_id, -1);
}

std::optional<Comment> find_comment(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_comment() + "WHERE comments.id = ? AND comments.disabled = 0";
    return connection.find(sql, to_comment, id);
}

Comment get_comment(db::Connection& connection, std::int64_t id) {
    if (auto comment = find_comment(connection, id)) return *std::move(comment);
    throw no_comment(id);
}

Comment lock_comment(db::Connection& connection, std::int64_t id) {
    lock_row(connection, id);
    return get_comment(connection, id);
}

Comment lock_any_comment(db::Connection& connection, std::int64_t id) {
    lock_row(connection, id);
    return get_any_comment(connection, id);
}

std::optional<Comment> find_any_comment(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_comment() + "WHERE comments.id = ?";
    return connection.find(sql, to_comment, id);
}

Comment get_any_comment(db::Connection& connection, std::int64_t id) {
    if (auto comment = find_any_comment(connection, id)) return *std::move(comment);
    throw no_comment(id);
}

Page<Comment> list_comments_of_post(db::Connection& connection, std::int64_t post_id, PageRequest request) {
    const std::int64_t total = count_comments_of(connection, post_id);
    return list_page(connection, request, total, comments_of_post(), Order::ascending, to_comment, post_id);
}

Slice<Comment> list_comments_of_post_after(db::Connection& connection, std::int64_t post_id, CursorRequest request) {
    const std::int64_t total = count_comments_of(connection, post_id);
    return list_slice(connection, request, total, comments_of_post(), Order::ascending, to_comment, post_id);
}

Page<Comment> list_newest_comments(db::Connection& connection, PageRequest request) {
    return list_page(connection, request, get_total(connection, Total::comments), all_comments(), Order::descending, to_comment);
}

Slice<Comment> list_newest_comments_after(db::Connection& connection, CursorRequest request) {
    return list_slice(connection, request, get_total(connection, Total::comments), all_comments(), Order::descending, to_comment);
}

}  // namespace app::models
