// A blog in a database of its own for one test, of the backend that the run is for: migrated, with its roles, and with short
// words for what every test needs.
#pragma once

#include <doctest/doctest.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/database.hpp"
#include "app/db/migrate.hpp"
#include "app/models/comment.hpp"
#include "app/models/follow.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/totals.hpp"
#include "app/models/user.hpp"
#include "tests/support/mariadb.hpp"

namespace app::models {

inline void create_tables(db::Database& database) {
    db::Lease lease(database);
    db::migrate(lease, db::migrations(database.dialect()));
}

// With a log that is there before the threads that may write to it.
inline std::unique_ptr<db::Database> open_new_database() {
    base::set_up_log({.stream = &std::cerr});
    return db::open({.url = tests::new_database_url()});
}

struct Blog {
    std::unique_ptr<db::Database> database = open_new_database();

    Blog() {
        create_tables(*database);
        database->write([](db::Connection& c) { insert_roles(c); });
    }

    template <class Fn>
    auto read(Fn&& fn) {
        return database->read(fn);
    }

    template <class Fn>
    auto write(Fn&& fn) {
        return database->write(fn);
    }

    User user(const std::string& name) {
        const NewUser user{
            .email = name + "@example.com", .username = name, .password_hash = "hash", .role = {}, .confirmed = true};
        return write([&](db::Connection& c) { return add_user(c, user, ""); });
    }

    Post post(const User& author, const std::string& text = "text") {
        const PostBody body{text};
        return write([&](db::Connection& c) { return add_post(c, author.id, body); });
    }

    Comment comment(const Post& post, const User& author, const std::string& text = "text") {
        const CommentBody body{text};
        return write([&](db::Connection& c) { return add_comment(c, post.id, author.id, body); });
    }
};

// Whether every count that is kept is what counting gives.
inline void check_counts(Blog& blog) {
    blog.read([](db::Connection& c) {
        CHECK(get_total(c, Total::posts) == c.integer("SELECT COUNT(*) FROM posts"));
        CHECK(get_total(c, Total::comments) == c.integer("SELECT COUNT(*) FROM comments WHERE disabled = 0"));
        CHECK(
            c.integer("SELECT COUNT(*) FROM posts WHERE comment_count <> (SELECT COUNT(*) FROM comments WHERE post_id = posts.id "
                      "AND disabled = 0)") == 0);
        CHECK(c.integer(
                  "SELECT COUNT(*) FROM users WHERE post_count <> (SELECT COUNT(*) FROM posts WHERE author_id = users.id)") == 0);
        CHECK(c.integer("SELECT COUNT(*) FROM users WHERE follower_count <> (SELECT COUNT(*) FROM follows WHERE followed_id = "
                        "users.id AND follower_id <> users.id)") == 0);
        CHECK(c.integer("SELECT COUNT(*) FROM users WHERE following_count <> (SELECT COUNT(*) FROM follows WHERE follower_id = "
                        "users.id AND followed_id <> users.id)") == 0);
    });
}

// The error that fn throws; fails the test when it throws none.
template <class Fn>
base::Error error_of(Fn&& fn) {
    try {
        fn();
    } catch (const base::Error& error) {
        return error;
    }
    FAIL("no error was thrown");
    throw std::logic_error("unreachable");
}

inline void check_error(const base::Error& error, base::Code code, const std::string& message) {
    CHECK(std::string{to_string(error.code())} == to_string(code));
    CHECK(error.message() == message);
}

template <class T>
std::vector<std::int64_t> ids(const std::vector<T>& items) {
    std::vector<std::int64_t> found;
    for (const T& item : items) found.push_back(item.id);
    return found;
}

using Ids = std::vector<std::int64_t>;

}  // namespace app::models
