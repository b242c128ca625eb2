// A comment on a post. A moderator may disable one: it stays stored, but is not found, listed or counted until it is enabled
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/body.hpp"
#include "app/models/pagination.hpp"

namespace app::models {

struct Comment {
    std::int64_t id = 0;
    std::int64_t post_id = 0;
    std::int64_t author_id = 0;
    std::string author_username;
    std::string body;       // Markdown, as it was written
    std::string body_html;  // sanitised; safe to put into a page as it is
    base::Timestamp created_at;
    base::Timestamp updated_at;
    bool disabled = false;
    std::int64_t version = 0;  // raised by every change of body, body_html, updated_at and disabled
};

// Adds a comment and raises its post's comment_count. Throws not_found when the post does not exist, and conflict
// when the author does not.
Comment add_comment(db::Connection& connection, std::int64_t post_id, std::int64_t author_id, const CommentBody& body,
                    base::Timestamp now = base::now());

// Replaces the text; post, author and created_at stay. Throws not_found, also for a disabled comment.
Comment change_comment_body(db::Connection& connection, std::int64_t id, const CommentBody& body,
                            base::Timestamp now = base::now());

// Disables or enables a comment and keeps its post's comment_count right; doing so twice changes nothing. Throws not_found.
void change_comment_disabled(db::Connection& connection, std::int64_t id, bool disabled);

// Removes a comment, a disabled one too. Its id is not given out again. Throws not_found.
void remove_comment(db::Connection& connection, std::int64_t id);

// find_: nothing for an id that no enabled comment has, 0 and negative ones included. get_ throws not_found instead.
std::optional<Comment> find_comment(db::Connection& connection, std::int64_t id);
Comment get_comment(db::Connection& connection, std::int64_t id);

// The comment, which nobody else changes before the end of this write: for who compares it with something first. Throws not_found.
Comment lock_comment(db::Connection& connection, std::int64_t id);

// The comment whether it is disabled or not: for who moderates.
std::optional<Comment> find_any_comment(db::Connection& connection, std::int64_t id);
Comment get_any_comment(db::Connection& connection, std::int64_t id);
Comment lock_any_comment(db::Connection& connection, std::int64_t id);

// A page or a slice of a post's comments, oldest first; empty for a post that does not exist: ask get_post first where that is to be
// an error.
Page<Comment> list_comments_of_post(db::Connection& connection, std::int64_t post_id, PageRequest request);
Slice<Comment> list_comments_of_post_after(db::Connection& connection, std::int64_t post_id, CursorRequest request);

// A page or a slice of all comments, newest first.
Page<Comment> list_newest_comments(db::Connection& connection, PageRequest request);
Slice<Comment> list_newest_comments_after(db::Connection& connection, CursorRequest request);

}  // namespace app::models
