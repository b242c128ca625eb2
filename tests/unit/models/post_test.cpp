#include "app/models/post.hpp"

#include <algorithm>
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

TEST_CASE("each change of a post's text raises its version, a comment does not") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post post = blog.post(ann);
    const PostBody body{"new"};
    const Post changed = blog.write([&](db::Connection& c) { return change_post_body(c, post.id, body, post.updated_at); });
    CHECK(changed.version == post.version + 1);
    CHECK(changed.updated_at == post.updated_at);
    blog.comment(post, ann);
    const Post commented = blog.read([&](db::Connection& c) { return get_post(c, post.id); });
    CHECK(commented.version == changed.version);
    CHECK(commented.comment_count == 1);
}

TEST_CASE("a removed post takes its comments with it and is counted nowhere") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    const Post kept = blog.post(ann), gone = blog.post(ann);
    const Comment on_kept = blog.comment(kept, bob);
    for (int i = 0; i < 3; ++i) blog.comment(gone, bob);
    blog.write([&](db::Connection& c) { change_comment_disabled(c, on_kept.id + 1, true); });
    const std::int64_t version_before = blog.read([&](db::Connection& c) { return get_user(c, ann.id).version; });
    blog.write([&](db::Connection& c) { remove_post(c, gone.id); });
    blog.read([&](db::Connection& c) {
        CHECK_FALSE(find_post(c, gone.id));
        CHECK(ids(list_posts(c, {}).items) == Ids{kept.id});
        CHECK(list_posts(c, {}).total == 1);
        CHECK(ids(list_newest_comments(c, {}).items) == Ids{on_kept.id});
        CHECK(list_newest_comments(c, {}).total == 1);
        CHECK(get_user(c, ann.id).post_count == 1);
        CHECK(get_user(c, ann.id).version == version_before + 1);
    });
    check_counts(blog);
    CHECK(blog.post(ann).id == gone.id + 1);
    check_error(error_of([&] { blog.write([&](db::Connection& c) { remove_post(c, gone.id); }); }), base::Code::not_found,
                "there is no post " + std::to_string(gone.id));
}

TEST_CASE("slices of a list, each behind the last item of the one before, hold all of it once and tell where it ends") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    for (const User& author : {ann, bob, ann, ann, bob, ann, ann}) blog.post(author);
    blog.write([&](db::Connection& c) { follow(c, bob.id, ann.id); });
    const auto walk = [&](auto list) {
        Ids seen;
        std::optional<std::int64_t> after;
        for (bool more = true; more; after = seen.back()) {
            const auto slice = blog.read([&](db::Connection& c) { return list(c, CursorRequest{after, 2}); });
            REQUIRE(!slice.items.empty());
            for (const Post& post : slice.items) seen.push_back(post.id);
            more = slice.has_more;
        }
        return seen;
    };
    CHECK(walk([](db::Connection& c, CursorRequest r) { return list_posts_after(c, r); }) == Ids{1, 2, 3, 4, 5, 6, 7});
    CHECK(walk([&](db::Connection& c, CursorRequest r) { return list_posts_of_author_after(c, ann.id, r); }) ==
          Ids{7, 6, 4, 3, 1});
    CHECK(walk([&](db::Connection& c, CursorRequest r) { return list_timeline_after(c, bob.id, r); }) ==
          Ids{7, 6, 5, 4, 3, 2, 1});
    blog.read([&](db::Connection& c) {
        CHECK(list_posts_after(c, {}).total == 7);
        CHECK(list_posts_of_author_after(c, ann.id, {}).total == 5);
        CHECK(list_timeline_after(c, bob.id, {}).total == 7);
        CHECK(list_posts_after(c, {7, 20}).items.empty());
        CHECK_FALSE(list_posts_after(c, {7, 20}).has_more);
        CHECK(ids(list_posts_after(c, {std::numeric_limits<std::int64_t>::min(), 2}).items) == Ids{1, 2});
        CHECK(list_timeline_after(c, bob.id, {1, 20}).items.empty());
    });
}

TEST_CASE("a cursor whose post was removed goes on behind where it was") {
    Blog blog;
    const User ann = blog.user("ann");
    for (int i = 0; i < 4; ++i) blog.post(ann);
    blog.write([](db::Connection& c) { remove_post(c, 2); });
    blog.read([&](db::Connection& c) {
        CHECK(ids(list_posts_after(c, {2, 20}).items) == Ids{3, 4});
        CHECK(ids(list_posts_of_author_after(c, ann.id, {2, 20}).items) == Ids{1});
        CHECK(ids(list_timeline_after(c, ann.id, {2, 20}).items) == Ids{1});
    });
}

TEST_CASE("every page of a list holds what it should, whichever end it is read from") {
    Blog blog;
    const User ann = blog.user("ann");
    Ids all;
    for (int i = 0; i < 7; ++i) all.push_back(blog.post(ann).id);
    const Ids newest(all.rbegin(), all.rend());
    const auto check = [&](const Ids& whole, auto list) {
        for (int per_page = 1; per_page <= 8; ++per_page) {
            for (std::int64_t page = 1; page <= 8; ++page) {
                CAPTURE(per_page);
                CAPTURE(page);
                const auto first = std::min<std::int64_t>((page - 1) * per_page, std::ssize(whole));
                const auto last = std::min<std::int64_t>(first + per_page, std::ssize(whole));
                const auto found = blog.read([&](db::Connection& c) { return list(c, PageRequest{page, per_page}); });
                CHECK(ids(found.items) == Ids(whole.begin() + first, whole.begin() + last));
            }
        }
    };
    check(all, [](db::Connection& c, PageRequest r) { return list_posts(c, r); });
    check(newest, [](db::Connection& c, PageRequest r) { return list_newest_posts(c, r); });
    check(newest, [&](db::Connection& c, PageRequest r) { return list_posts_of_author(c, ann.id, r); });
    check(newest, [&](db::Connection& c, PageRequest r) { return list_timeline(c, ann.id, r); });
}

TEST_CASE("a timeline merges authors who write much and authors who write seldom") {
    Blog blog;
    std::vector<User> authors;
    for (int i = 0; i < 9; ++i) authors.push_back(blog.user("user" + std::to_string(i)));
    Ids expected;
    for (int i = 0; i < 120; ++i) {
        const int author = i % 40 == 0 ? 1 + i / 40 : i % 7 == 0 ? 5 : i % 3 == 0 ? 6 : 8;
        const Post post = blog.post(authors[static_cast<std::size_t>(author)]);
        if (author != 8) expected.insert(expected.begin(), post.id);
    }
    blog.write([&](db::Connection& c) {
        for (int i = 1; i < 8; ++i) follow(c, authors[0].id, authors[static_cast<std::size_t>(i)].id);
    });
    for (const int limit : {1, 2, 5, 200}) {
        Ids paged, sliced;
        blog.read([&](db::Connection& c) {
            for (std::int64_t page = 1; std::ssize(paged) < std::ssize(expected); ++page) {
                const auto found = list_timeline(c, authors[0].id, {page, limit});
                REQUIRE(!found.items.empty());
                for (const Post& post : found.items) paged.push_back(post.id);
            }
            for (bool more = true; more;) {
                const auto slice =
                    list_timeline_after(c, authors[0].id, {sliced.empty() ? std::nullopt : std::optional{sliced.back()}, limit});
                for (const Post& post : slice.items) sliced.push_back(post.id);
                more = slice.has_more;
            }
        });
        CAPTURE(limit);
        CHECK(paged == expected);
        CHECK(sliced == expected);
    }
}

TEST_CASE("writers at the same time keep every count right") {
    Blog blog;
    std::vector<User> users;
    for (int i = 0; i < 3; ++i) users.push_back(blog.user("user" + std::to_string(i)));
    const CommentBody body{"text"};
    std::vector<std::thread> writers;
    for (std::size_t writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&, writer] {
            for (std::size_t i = 0; i < 12; ++i) {
                const User& author = users[(writer + i) % 3];
                const Post post = blog.post(author);
                blog.write([&](db::Connection& c) {
                    add_comment(c, post.id, author.id, body);
                    change_comment_disabled(c, add_comment(c, post.id, author.id, body).id, true);
                    follow(c, users[i % 3].id, users[(i + 1 + writer % 2) % 3].id);
                });
                blog.write([&](db::Connection& c) { unfollow(c, users[(i + 1) % 3].id, users[i % 3].id); });
                if (i % 3 == 0) blog.write([&](db::Connection& c) { remove_post(c, post.id); });
            }
        });
    }
    for (auto& writer : writers) writer.join();
    CHECK(blog.read([](db::Connection& c) { return get_total(c, Total::posts); }) == 4 * 8);
    check_counts(blog);
}
