#include "app/models/follow.hpp"

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

TEST_CASE("following is one way and is said once") {
    Blog blog;
    const User ann = blog.user("ann");
    const User bob = blog.user("bob");
    CHECK(blog.write([&](db::Connection& c) { return follow(c, ann.id, bob.id); }));
    CHECK_FALSE(blog.write([&](db::Connection& c) { return follow(c, ann.id, bob.id); }));
    blog.read([&](db::Connection& c) {
        CHECK(is_following(c, ann.id, bob.id));
        CHECK_FALSE(is_following(c, bob.id, ann.id));
    });
    CHECK(blog.write([&](db::Connection& c) { return unfollow(c, ann.id, bob.id); }));
    CHECK_FALSE(blog.write([&](db::Connection& c) { return unfollow(c, ann.id, bob.id); }));
    CHECK_FALSE(blog.read([&](db::Connection& c) { return is_following(c, ann.id, bob.id); }));
}

TEST_CASE("nobody follows an account that does not exist") {
    Blog blog;
    const User ann = blog.user("ann");
    check_error(error_of([&] { blog.write([&](db::Connection& c) { return follow(c, ann.id, 99); }); }), base::Code::not_found,
                "user 1 cannot follow user 99: no such account");
    CHECK(error_of([&] { blog.write([&](db::Connection& c) { return follow(c, 99, ann.id); }); }).code() ==
          base::Code::not_found);
}

TEST_CASE("nobody stops following themself") {
    Blog blog;
    const User ann = blog.user("ann");
    CHECK(error_of([&] { blog.write([&](db::Connection& c) { return unfollow(c, ann.id, ann.id); }); }).code() ==
          base::Code::invalid);
    CHECK(blog.read([&](db::Connection& c) { return is_following(c, ann.id, ann.id); }));
}

TEST_CASE("accounts without a self-follow are given one, once") {
    Blog blog;
    const User ann = blog.user("ann");
    const User bob = blog.user("bob");
    blog.user("cat");
    blog.write([&](db::Connection& c) {
        follow(c, ann.id, bob.id);
        c.execute("DELETE FROM follows WHERE follower_id = followed_id AND follower_id <= ?", bob.id);
    });
    CHECK(blog.write([](db::Connection& c) { return add_self_follows(c); }) == 2);
    CHECK(blog.write([](db::Connection& c) { return add_self_follows(c); }) == 0);
    CHECK(blog.read([&](db::Connection& c) { return is_following(c, ann.id, ann.id) && is_following(c, bob.id, bob.id); }));
}
