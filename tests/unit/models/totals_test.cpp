// The counts that are kept: made by the migration from what is there, and mended by every deploy.
#include "app/models/totals.hpp"

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

// A database as version 1 of the schema leaves it, written as the binaries of that version do.
struct OldBlog {
    std::unique_ptr<db::Database> database = db::open({.url = tests::new_database_url()});

    OldBlog() {
        db::Lease lease(*database);
        db::migrate(lease, db::migrations(database->dialect()), {}, 1);
        database->write([](db::Connection& c) {
            insert_roles(c);
            const auto now = base::from_microseconds(1'800'000'000'000'000);
            for (int i = 1; i <= 40; ++i) {
                const std::string name = "user" + std::to_string(i);
                c.execute(
                    "INSERT INTO users (id, email, username, username_key, password_hash, role_id, member_since, last_seen, "
                    "post_count) VALUES (?, ?, ?, ?, 'hash', (SELECT MIN(id) FROM roles), ?, ?, 1)",
                    i, name + "@example.com", name, name, now, now);
                c.execute("INSERT INTO posts (id, author_id, body, body_html, created_at, updated_at, comment_count) "
                          "VALUES (?, ?, 'body', '<p>body</p>', ?, ?, 1)",
                          i, i, now, now);
                for (const int disabled : {0, 1}) {
                    c.execute("INSERT INTO comments (post_id, author_id, body, body_html, created_at, disabled) "
                              "VALUES (?, 1, 'body', 'body', ?, ?)",
                              i, now, disabled);
                }
                c.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (?, ?, ?)", i, i, now);
                if (i > 1) c.execute("INSERT INTO follows (follower_id, followed_id, created_at) VALUES (?, 1, ?)", i, now);
            }
        });
    }
};

}  // namespace

TEST_CASE("the migration counts what is there, and so it does after it was taken back") {
    OldBlog old;
    Blog blog;
    blog.database = std::move(old.database);
    const auto migrations = db::migrations(blog.database->dialect());
    for (int round = 0; round < 2; ++round) {
        create_tables(*blog.database);
        blog.read([](db::Connection& c) {
            CHECK(get_total(c, Total::posts) == 40);
            CHECK(get_total(c, Total::comments) == 40);
            CHECK(c.integer("SELECT COUNT(*) FROM totals") == 64);
            CHECK(c.integer("SELECT amount FROM totals WHERE name = 'posts' AND slot = 8") == 2);
            CHECK(get_user(c, 1).follower_count == 39);
            CHECK(get_user(c, 1).following_count == 0);
            CHECK(get_user(c, 2).following_count == 1);
            CHECK(get_post(c, 1).version == 1);
            CHECK(get_comment(c, 1).updated_at == get_comment(c, 1).created_at);
        });
        check_counts(blog);
        CHECK(blog.write(mend_counts) == 0);
        if (round == 0) {
            db::Lease lease(*blog.database);
            db::undo(lease, migrations, 1);
        }
    }
}

TEST_CASE("what an older version has written beside is counted afterwards, once") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    const Post post = blog.post(ann);
    blog.write([&](db::Connection& c) {
        c.execute("UPDATE users SET post_count = post_count + 1 WHERE id = ?", ann.id);
        c.execute("INSERT INTO posts (author_id, body, body_html, created_at, updated_at, comment_count) "
                  "SELECT author_id, body, body_html, created_at, updated_at, 0 FROM posts WHERE id = ?",
                  post.id);
        c.execute("UPDATE posts SET comment_count = comment_count + 1 WHERE id = ?", post.id);
        c.execute("INSERT INTO comments (post_id, author_id, body, body_html, created_at, disabled) "
                  "SELECT id, author_id, body, body_html, created_at, 0 FROM posts WHERE id = ?",
                  post.id);
        c.execute("INSERT INTO follows (follower_id, followed_id, created_at) SELECT ?, id, member_since FROM users WHERE id = ?",
                  ann.id, bob.id);
    });
    CHECK(blog.write(mend_counts) == 4);
    check_counts(blog);
    CHECK(blog.write(mend_counts) == 0);
}
