#include "app/models/post.hpp"

#include <limits>
#include <thread>

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;
using namespace std::string_literals;

TEST_CASE("a new post holds its text verbatim and as HTML, its author and its time") {
    Blog blog;
    const User ann = blog.user("ann");
    const std::string text = "# Caf\xc3\xa9 \xf0\x9f\x90\xb3\r\n\0 'quoted'; DROP TABLE posts"s;
    const PostBody body{text};
    const auto now = base::from_microseconds(1'700'000'000'123'456);
    const Post added = blog.write([&](db::Connection& c) { return add_post(c, ann.id, body, now); });
    const Post post = blog.read([&](db::Connection& c) { return get_post(c, added.id); });
    CHECK(post.body == text);
    CHECK(post.body_html == body.html());
    CHECK(post.body_html.find("<h1>") != std::string::npos);
    CHECK(post.author_id == ann.id);
    CHECK(post.author_username == "ann");
    CHECK(post.created_at == now);
    CHECK(post.updated_at == now);
    CHECK(post.comment_count == 0);
    CHECK(blog.read([&](db::Connection& c) { return get_user(c, ann.id).post_count; }) == 1);
}

TEST_CASE("an empty post is refused") {
    const auto error = error_of([] { PostBody{""}; });
    check_error(error, base::Code::invalid, "post does not have a body");
    REQUIRE(error.fields().size() == 1);
    CHECK(error.fields()[0].pointer == "/body");
}

TEST_CASE("a text that is not UTF-8 is refused") {
    check_error(error_of([] { PostBody{"caf\xe9"}; }), base::Code::invalid, "post is not UTF-8 text");
    CHECK(error_of([] { PostBody{"\xed\xa0\x80"}; }).code() == base::Code::invalid);
}

TEST_CASE("a text of 4 MiB is kept whole and one byte more is too large") {
    Blog blog;
    const User ann = blog.user("ann");
    std::string text(body_bytes_max, 'a');
    for (std::size_t i = 99; i < text.size(); i += 100) text[i] = '\n';
    CHECK(blog.post(ann, text).body == text);
    check_error(error_of([&] { PostBody{text + "a"}; }), base::Code::too_large, "post is longer than 4 MiB");
}

TEST_CASE("a post of nobody is not_found and leaves nothing behind") {
    Blog blog;
    const PostBody body{"text"};
    check_error(error_of([&] { blog.write([&](db::Connection& c) { return add_post(c, 9, body); }); }), base::Code::not_found,
                "there is no user 9");
    CHECK(blog.read([](db::Connection& c) { return list_posts(c, {}).total; }) == 0);
}

TEST_CASE("a changed post keeps its author and its creation time") {
    Blog blog;
    const Post post = blog.post(blog.user("ann"), "old");
    const PostBody body{"*new*"};
    const auto later = post.created_at + std::chrono::seconds{1};
    const Post changed = blog.write([&](db::Connection& c) { return change_post_body(c, post.id, body, later); });
    CHECK(changed.body == "*new*");
    CHECK(changed.body_html == body.html());
    CHECK(changed.created_at == post.created_at);
    CHECK(changed.updated_at == later);
    CHECK(changed.author_id == post.author_id);
    CHECK(error_of([&] { blog.write([&](db::Connection& c) { return change_post_body(c, 9, body); }); }).code() ==
          base::Code::not_found);
}

TEST_CASE("no post is found for 0, negative and absent ids") {
    Blog blog;
    blog.post(blog.user("ann"));
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2}, std::numeric_limits<std::int64_t>::max()}) {
        CHECK_FALSE(blog.read([&](db::Connection& c) { return find_post(c, id); }));
    }
    check_error(error_of([&] { blog.read([](db::Connection& c) { return get_post(c, 2); }); }), base::Code::not_found,
                "there is no post 2");
}

TEST_CASE("all posts are listed by id, or newest first, page by page") {
    Blog blog;
    const User ann = blog.user("ann");
    for (int i = 0; i < 5; ++i) blog.post(ann);
    blog.read([](db::Connection& c) {
        CHECK(ids(list_posts(c, {1, 2}).items) == Ids{1, 2});
        CHECK(ids(list_posts(c, {3, 2}).items) == Ids{5});
        CHECK(ids(list_newest_posts(c, {1, 2}).items) == Ids{5, 4});
        CHECK(ids(list_newest_posts(c, {2, 2}).items) == Ids{3, 2});
        CHECK(list_posts(c, {1, 2}).total == 5);
        CHECK(list_posts(c, {1, 2}).next() == 2);
        CHECK(list_posts(c, {1, 2}).items[0].author_username == "ann");
    });
}

TEST_CASE("a page past the end is empty with the true total") {
    Blog blog;
    blog.post(blog.user("ann"));
    const auto page = blog.read([](db::Connection& c) { return list_posts(c, {std::numeric_limits<std::int64_t>::max(), 20}); });
    CHECK(page.items.empty());
    CHECK(page.total == 1);
    CHECK(page.prev() == std::numeric_limits<std::int64_t>::max() - 1);
    CHECK_FALSE(page.next());
}

TEST_CASE("an author's posts are listed newest first") {
    Blog blog;
    const User ann = blog.user("ann");
    const User bob = blog.user("bob");
    for (const User& author : {ann, bob, ann, ann}) blog.post(author);
    blog.read([&](db::Connection& c) {
        CHECK(ids(list_posts_of_author(c, ann.id, {1, 2}).items) == Ids{4, 3});
        CHECK(ids(list_posts_of_author(c, ann.id, {2, 2}).items) == Ids{1});
        CHECK(list_posts_of_author(c, ann.id, {}).total == 3);
        CHECK(list_posts_of_author(c, 99, {}).total == 0);
        CHECK(list_posts_of_author(c, 99, {}).items.empty());
    });
}

TEST_CASE("a timeline holds the posts of those a user follows, themself included, newest first") {
    Blog blog;
    const User ann = blog.user("ann");
    const User bob = blog.user("bob");
    const User cat = blog.user("cat");
    for (const User& author : {ann, bob, cat, bob, ann}) blog.post(author);
    blog.write([&](db::Connection& c) { follow(c, ann.id, bob.id); });
    blog.read([&](db::Connection& c) {
        CHECK(ids(list_timeline(c, ann.id, {}).items) == Ids{5, 4, 2, 1});
        CHECK(list_timeline(c, ann.id, {}).total == 4);
        CHECK(ids(list_timeline(c, ann.id, {2, 3}).items) == Ids{1});
        CHECK(list_timeline(c, ann.id, {2, 3}).items[0].author_username == "ann");
        CHECK(ids(list_timeline(c, bob.id, {}).items) == Ids{4, 2});
        CHECK(list_timeline(c, 99, {}).total == 0);
    });
}

TEST_CASE("writers at the same time lose no count") {
    Blog blog;
    const User ann = blog.user("ann");
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&] {
            for (int i = 0; i < 25; ++i) blog.post(ann);
        });
    }
    for (auto& writer : writers) writer.join();
    blog.read([&](db::Connection& c) {
        CHECK(get_user(c, ann.id).post_count == 100);
        CHECK(list_posts(c, {}).total == 100);
    });
}
