#include "app/models/seed.hpp"

#include <algorithm>

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

void add(Blog& blog, const SeedRequest& request) { seed(*blog.database, request); }

std::string texts_of(Blog& blog) {
    return blog.read([](db::Connection& c) {
        std::string text;
        for (const User& user : list_users(c)) text += user.username + " ";
        for (const Post& post : list_posts(c, {1, 10'000}).items) text += post.body + std::to_string(post.author_id);
        for (const Comment& comment : list_newest_comments(c, {1, 10'000}).items) text += comment.body;
        return text;
    });
}

}  // namespace

TEST_CASE("as many rows are added as were asked for, beside those there are, and every count is right") {
    Blog blog;
    const User ann = blog.user("ann");
    blog.comment(blog.post(ann), ann);
    add(blog, {.users = 700, .posts = 2100, .comments = 3001, .password_hash = {}});
    blog.read([](db::Connection& c) {
        CHECK(c.integer("SELECT COUNT(*) FROM users") == 701);
        CHECK(c.integer("SELECT COUNT(*) FROM posts") == 2101);
        CHECK(c.integer("SELECT COUNT(*) FROM comments") == 3002);
        CHECK(c.integer("SELECT COUNT(*) FROM comments WHERE disabled = 1") > 20);
        CHECK(c.integer("SELECT COUNT(*) FROM follows WHERE follower_id = followed_id") == 701);
        CHECK(c.integer("SELECT COUNT(*) FROM follows") > 3 * 700);
        CHECK(c.integer("SELECT COUNT(*) FROM posts AS later JOIN posts AS earlier ON earlier.id = later.id - 1 "
                        "WHERE later.id > 2 AND earlier.id > 1 AND later.created_at < earlier.created_at") == 0);
    });
    check_counts(blog);
    CHECK(blog.write(mend_counts) == 0);
}

TEST_CASE("the same seed makes the same rows, another seed others") {
    Blog first, second, third;
    SeedRequest request{.users = 30, .posts = 50, .comments = 80, .seed = 7, .password_hash = {}};
    add(first, request);
    add(second, request);
    request.seed = 8;
    add(third, request);
    CHECK(texts_of(first) == texts_of(second));
    CHECK(texts_of(first) != texts_of(third));
}

TEST_CASE("the same seed twice in one database adds as many again") {
    Blog blog;
    const SeedRequest request{.users = 30, .posts = 50, .comments = 80, .password_hash = {}};
    add(blog, request);
    add(blog, request);
    CHECK(blog.read([](db::Connection& c) { return list_users(c).size(); }) == 60);
    CHECK(blog.read([](db::Connection& c) { return get_total(c, Total::posts); }) == 100);
    check_counts(blog);
    CHECK(blog.post(blog.user("ann")).id == 101);
}

TEST_CASE("the texts are Markdown with more than ASCII in it, rendered as any other") {
    Blog blog;
    add(blog, {.users = 5, .posts = 100, .comments = 0, .password_hash = {}});
    const auto posts = blog.read([](db::Connection& c) { return list_posts(c, {1, 100}).items; });
    const auto count = [&](auto is_so) { return std::ranges::count_if(posts, is_so); };
    CHECK(count([](const Post& post) { return post.body_html == PostBody{post.body}.html(); }) == 100);
    CHECK(count([](const Post& post) { return post.body_html.find("<h1>") != std::string::npos; }) > 10);
    CHECK(count([](const Post& post) { return std::ranges::any_of(post.body, [](char c) { return (c & 0x80) != 0; }); }) > 10);
}

TEST_CASE("what cannot be is refused before anything is written") {
    Blog blog;
    for (const SeedRequest& request :
         {SeedRequest{.users = -1, .password_hash = {}}, SeedRequest{.posts = 1, .password_hash = {}},
          SeedRequest{.users = 1, .comments = 1, .password_hash = {}}}) {
        CHECK(error_of([&] { add(blog, request); }).code() == base::Code::invalid);
    }
    CHECK(blog.read([](db::Connection& c) { return list_users(c).size(); }) == 0);
}
