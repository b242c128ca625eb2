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
    check_error(error_of([&] { blog.write([&](db::Connection& c) { return unfollow(c, ann.id, ann.id); }); }),
                base::Code::conflict, "everyone follows themself, for good");
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

TEST_CASE("followers and followed accounts are counted and listed, without oneself") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob"), cat = blog.user("cat");
    blog.write([&](db::Connection& c) {
        follow(c, cat.id, ann.id);
        follow(c, bob.id, ann.id);
        follow(c, bob.id, ann.id);
        follow(c, ann.id, ann.id);
        follow(c, ann.id, cat.id);
    });
    blog.read([&](db::Connection& c) {
        const User found = get_user(c, ann.id);
        CHECK(found.follower_count == 2);
        CHECK(found.following_count == 1);
        CHECK(found.version == ann.version + 3);
        CHECK(ids(list_followers(c, ann.id, {}).items) == Ids{bob.id, cat.id});
        CHECK(list_followers(c, ann.id, {}).total == 2);
        CHECK(list_followers(c, ann.id, {}).items[0].role_name == "User");
        CHECK(ids(list_followers(c, ann.id, {2, 1}).items) == Ids{cat.id});
        CHECK(ids(list_following(c, ann.id, {}).items) == Ids{cat.id});
        CHECK(list_following(c, ann.id, {}).total == 1);
        CHECK(list_followers(c, bob.id, {}).items.empty());
        CHECK(list_followers(c, 99, {}).total == 0);
        const auto slice = list_followers_after(c, ann.id, {{}, 1});
        CHECK(ids(slice.items) == Ids{bob.id});
        CHECK(slice.has_more);
        CHECK(slice.total == 2);
        CHECK(ids(list_followers_after(c, ann.id, {bob.id, 1}).items) == Ids{cat.id});
        CHECK_FALSE(list_followers_after(c, ann.id, {bob.id, 1}).has_more);
        CHECK(ids(list_following_after(c, bob.id, {}).items) == Ids{ann.id});
        CHECK(list_following_after(c, bob.id, {ann.id, 20}).items.empty());
    });
    check_counts(blog);
}

TEST_CASE("unfollowing counts back, once") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    blog.write([&](db::Connection& c) {
        follow(c, ann.id, bob.id);
        unfollow(c, ann.id, bob.id);
        unfollow(c, ann.id, bob.id);
    });
    blog.read([&](db::Connection& c) {
        CHECK(get_user(c, ann.id).following_count == 0);
        CHECK(get_user(c, bob.id).follower_count == 0);
        CHECK(get_user(c, bob.id).version == bob.version + 2);
    });
}
