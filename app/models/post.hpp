// A post: a text by one author, at one time. Posts are numbered in the order they were written, so that ordering by id is
// ordering by time and needs no sort.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/body.hpp"
#include "app/models/pagination.hpp"

namespace app::models {

struct Post {
    std::int64_t id = 0;
    std::string body;       // Markdown, as it was written
    std::string body_html;  // sanitised; safe to put into a page as it is
    base::Timestamp created_at;
    base::Timestamp updated_at;
    std::int64_t author_id = 0;
    std::string author_username;
    std::int64_t comment_count = 0;  // without disabled ones
    std::int64_t version = 0;        // raised by every change of body, body_html and updated_at; not by comment_count
};

// Adds a post and raises its author's post_count. Throws not_found when there is no such author.
Post add_post(db::Connection& connection, std::int64_t author_id, const PostBody& body, base::Timestamp now = base::now());

// Replaces the text; author and created_at stay. Throws not_found.
Post change_post_body(db::Connection& connection, std::int64_t id, const PostBody& body, base::Timestamp now = base::now());

// Removes the post with its comments. Its id is not given out again. Throws not_found.
void remove_post(db::Connection& connection, std::int64_t id);

// find_: nothing for an id that no post has, 0 and negative ones included. get_ throws not_found instead.
std::optional<Post> find_post(db::Connection& connection, std::int64_t id);
Post get_post(db::Connection& connection, std::int64_t id);

// The post, which nobody else changes before the end of this write: for who compares it with something first. Throws not_found.
Post lock_post(db::Connection& connection, std::int64_t id);

// A page or a slice of all posts, ascending id (the API) or newest first (the main page).
Page<Post> list_posts(db::Connection& connection, PageRequest request);
Slice<Post> list_posts_after(db::Connection& connection, CursorRequest request);
Page<Post> list_newest_posts(db::Connection& connection, PageRequest request);

// A page or a slice of a user's posts, newest first. Empty for a user who does not exist: ask get_user first where that is to be an
// error.
Page<Post> list_posts_of_author(db::Connection& connection, std::int64_t author_id, PageRequest request);
Slice<Post> list_posts_of_author_after(db::Connection& connection, std::int64_t author_id, CursorRequest request);

// The same of the posts of those that a user follows, newest first. It costs one look into an index per followed author and at most
// one query per post shown, however many posts there are.
Page<Post> list_timeline(db::Connection& connection, std::int64_t user_id, PageRequest request);
Slice<Post> list_timeline_after(db::Connection& connection, std::int64_t user_id, CursorRequest request);

}  // namespace app::models
