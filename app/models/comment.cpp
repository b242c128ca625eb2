#include "app/models/comment.hpp"

#include <utility>

#include "app/base/error.hpp"
#include "app/models/listing.hpp"

namespace app::models {

namespace {

using base::Code;
using base::Error;

// Every query for a Comment selects these columns in this order; why the username is a subquery: see post.cpp.
const std::string& select_comment() {
    static const std::string sql = "SELECT comments.id, comments.post_id, comments.author_id, "
                                   "(SELECT users.username FROM users WHERE users.id = comments.author_id), "
                                   "comments.body, comments.body_html, comments.created_at FROM comments ";
    return sql;
}

Comment to_comment(const db::Row& row) {
    return {.id = row.integer(0),
            .post_id = row.integer(1),
            .author_id = row.integer(2),
            .author_username = std::string{row.text(3)},
            .body = std::string{row.text(4)},
            .body_html = std::string{row.text(5)},
            .created_at = row.time(6)};
}

Error no_comment(std::int64_t id) { return Error(Code::not_found, "there is no comment " + std::to_string(id)); }

}  // namespace

Comment add_comment(db::Connection& connection, std::int64_t post_id, std::int64_t author_id, const CommentBody& body,
                    base::Timestamp now) {
    const auto counted = connection.execute("UPDATE posts SET comment_count = comment_count + 1 WHERE id = ?", post_id);
    if (counted.rows_changed == 0) throw Error(Code::not_found, "there is no post " + std::to_string(post_id));
    const auto added = connection.execute(
        "INSERT INTO comments (post_id, author_id, body, body_html, created_at, disabled) VALUES (?, ?, ?, ?, ?, 0)", post_id,
        author_id, body.source(), body.html(), now);
    return get_comment(connection, added.last_insert_id);
}

void change_comment_disabled(db::Connection& connection, std::int64_t id, bool disabled) {
    const auto changed =
        connection.execute("UPDATE comments SET disabled = ? WHERE id = ? AND disabled <> ?", disabled, id, disabled);
    if (changed.rows_changed > 0) {
        connection.execute(
            "UPDATE posts SET comment_count = comment_count + ? WHERE id = (SELECT post_id FROM comments WHERE id = ?)",
            disabled ? -1 : 1, id);
    } else if (connection.integer("SELECT COUNT(*) FROM comments WHERE id = ?", id) == 0) {
        throw no_comment(id);
    }
}

std::optional<Comment> find_comment(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_comment() + "WHERE comments.id = ? AND comments.disabled = 0";
    return connection.find(sql, to_comment, id);
}

Comment get_comment(db::Connection& connection, std::int64_t id) {
    if (auto comment = find_comment(connection, id)) return *std::move(comment);
    throw no_comment(id);
}

Page<Comment> list_comments_of_post(db::Connection& connection, std::int64_t post_id, PageRequest request) {
    static const std::string sql =
        select_comment() + "WHERE comments.post_id = ? AND comments.disabled = 0 ORDER BY comments.id LIMIT ? OFFSET ?";
    const std::int64_t total = connection.integer("SELECT comment_count FROM posts WHERE id = ?", post_id);
    return list_page(connection, request, total, sql, to_comment, post_id);
}

Page<Comment> list_newest_comments(db::Connection& connection, PageRequest request) {
    static const std::string sql = select_comment() + "WHERE comments.disabled = 0 ORDER BY comments.id DESC LIMIT ? OFFSET ?";
    const std::int64_t total = connection.integer("SELECT COUNT(*) FROM comments WHERE disabled = 0");
    return list_page(connection, request, total, sql, to_comment);
}

}  // namespace app::models
