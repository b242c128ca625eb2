#include "app/models/comment.hpp"

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

void disable(Blog& blog, std::int64_t id, bool disabled = true) {
    blog.write([&](db::Connection& c) { change_comment_disabled(c, id, disabled); });
}

std::int64_t count_of(Blog& blog, const Post& post) {
    return blog.read([&](db::Connection& c) { return get_post(c, post.id).comment_count; });
}

}  // namespace

TEST_CASE("a new comment holds its text, post, author and time, and is counted") {
    Blog blog;
    const Post post = blog.post(blog.user("ann"));
    const User bob = blog.user("bob");
    const CommentBody body{"*hi*"};
    const auto now = base::from_microseconds(1'700'000'000'123'456);
    const Comment added = blog.write([&](db::Connection& c) { return add_comment(c, post.id, bob.id, body, now); });
    const Comment comment = blog.read([&](db::Connection& c) { return get_comment(c, added.id); });
    CHECK(comment.post_id == post.id);
    CHECK(comment.author_id == bob.id);
    CHECK(comment.author_username == "bob");
    CHECK(comment.body == "*hi*");
    CHECK(comment.body_html == body.html());
    CHECK(comment.created_at == now);
    CHECK(count_of(blog, post) == 1);
}

TEST_CASE("an empty comment is refused") {
    check_error(error_of([] { CommentBody{""}; }), base::Code::invalid, "comment does not have a body");
}

TEST_CASE("a comment on a missing post is not_found") {
    Blog blog;
    const User ann = blog.user("ann");
    const CommentBody body{"hi"};
    check_error(error_of([&] { blog.write([&](db::Connection& c) { return add_comment(c, 9, ann.id, body); }); }),
                base::Code::not_found, "there is no post 9");
}

TEST_CASE("a comment of a missing author is a conflict and is not counted") {
    Blog blog;
    const Post post = blog.post(blog.user("ann"));
    const CommentBody body{"hi"};
    CHECK(error_of([&] { blog.write([&](db::Connection& c) { return add_comment(c, post.id, 99, body); }); }).code() ==
          base::Code::conflict);
    CHECK(count_of(blog, post) == 0);
}

TEST_CASE("a post's comments are listed oldest first, all comments newest first") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post first = blog.post(ann);
    const Post second = blog.post(ann);
    for (const Post& post : {first, second, first, first}) blog.comment(post, ann);
    blog.read([&](db::Connection& c) {
        CHECK(ids(list_comments_of_post(c, first.id, {1, 2}).items) == Ids{1, 3});
        CHECK(ids(list_comments_of_post(c, first.id, {2, 2}).items) == Ids{4});
        CHECK(list_comments_of_post(c, first.id, {1, 2}).total == 3);
        CHECK(list_comments_of_post(c, 99, {}).total == 0);
        CHECK(ids(list_newest_comments(c, {1, 3}).items) == Ids{4, 3, 2});
        CHECK(ids(list_newest_comments(c, {2, 3}).items) == Ids{1});
        CHECK(list_newest_comments(c, {}).total == 4);
    });
}

TEST_CASE("a disabled comment is not found, not listed and not counted") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post post = blog.post(ann);
    const Comment kept = blog.comment(post, ann);
    const Comment gone = blog.comment(post, ann);
    disable(blog, gone.id);
    blog.read([&](db::Connection& c) {
        CHECK_FALSE(find_comment(c, gone.id));
        CHECK(ids(list_comments_of_post(c, post.id, {}).items) == Ids{kept.id});
        CHECK(list_comments_of_post(c, post.id, {}).total == 1);
        CHECK(ids(list_newest_comments(c, {}).items) == Ids{kept.id});
        CHECK(list_newest_comments(c, {}).total == 1);
    });
    CHECK(count_of(blog, post) == 1);
}

TEST_CASE("disabling and enabling twice counts once") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post post = blog.post(ann);
    const Comment comment = blog.comment(post, ann);
    disable(blog, comment.id, false);
    CHECK(count_of(blog, post) == 1);
    disable(blog, comment.id);
    disable(blog, comment.id);
    CHECK(count_of(blog, post) == 0);
    disable(blog, comment.id, false);
    CHECK(count_of(blog, post) == 1);
    CHECK(blog.read([&](db::Connection& c) { return find_comment(c, comment.id).has_value(); }));
    CHECK(error_of([&] { disable(blog, 99); }).code() == base::Code::not_found);
}

TEST_CASE("no comment is found for 0, negative and absent ids") {
    Blog blog;
    blog.read([](db::Connection& c) {
        CHECK_FALSE(find_comment(c, 0));
        CHECK_FALSE(find_comment(c, -1));
        CHECK_FALSE(find_comment(c, 1));
    });
    check_error(error_of([&] { blog.read([](db::Connection& c) { return get_comment(c, 1); }); }), base::Code::not_found,
                "there is no comment 1");
}

TEST_CASE("a changed comment keeps its post, author and creation time, and its version is raised") {
    Blog blog;
    const User ann = blog.user("ann");
    const Comment comment = blog.comment(blog.post(ann), ann, "old");
    CHECK(comment.updated_at == comment.created_at);
    const CommentBody body{"*new*"};
    const auto later = comment.created_at + std::chrono::microseconds{1};
    const Comment changed = blog.write([&](db::Connection& c) { return change_comment_body(c, comment.id, body, later); });
    CHECK(changed.body == "*new*");
    CHECK(changed.body_html == body.html());
    CHECK(changed.created_at == comment.created_at);
    CHECK(changed.updated_at == later);
    CHECK(changed.version == comment.version + 1);
    CHECK(changed.post_id == comment.post_id);
    disable(blog, comment.id);
    for (const std::int64_t id : {comment.id, std::int64_t{99}}) {
        CHECK(error_of([&] { blog.write([&](db::Connection& c) { change_comment_body(c, id, body); }); }).code() ==
              base::Code::not_found);
    }
}

TEST_CASE("a moderator finds a disabled comment, and disabling raises its version") {
    Blog blog;
    const User ann = blog.user("ann");
    const Comment comment = blog.comment(blog.post(ann), ann);
    disable(blog, comment.id);
    disable(blog, comment.id);
    const Comment found = blog.read([&](db::Connection& c) { return get_any_comment(c, comment.id); });
    CHECK(found.disabled);
    CHECK(found.version == comment.version + 1);
    CHECK(found.body == comment.body);
    disable(blog, comment.id, false);
    CHECK(blog.read([&](db::Connection& c) { return get_comment(c, comment.id).version; }) == comment.version + 2);
    CHECK_FALSE(blog.read([](db::Connection& c) { return find_any_comment(c, 99); }));
    check_error(error_of([&] { blog.read([](db::Connection& c) { return get_any_comment(c, 99); }); }), base::Code::not_found,
                "there is no comment 99");
}

TEST_CASE("a removed comment is counted no more, a disabled one only once") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post post = blog.post(ann);
    const Comment first = blog.comment(post, ann), second = blog.comment(post, ann), third = blog.comment(post, ann);
    disable(blog, second.id);
    const auto remove = [&](std::int64_t id) { blog.write([&](db::Connection& c) { remove_comment(c, id); }); };
    remove(first.id);
    remove(second.id);
    CHECK(count_of(blog, post) == 1);
    CHECK(blog.read([](db::Connection& c) { return list_newest_comments(c, {}).total; }) == 1);
    CHECK(blog.read([&](db::Connection& c) { return ids(list_comments_of_post(c, post.id, {}).items); }) == Ids{third.id});
    check_counts(blog);
    check_error(error_of([&] { remove(first.id); }), base::Code::not_found, "there is no comment " + std::to_string(first.id));
}

TEST_CASE("slices of comments hold all enabled ones once, a post's oldest first, all newest first") {
    Blog blog;
    const User ann = blog.user("ann");
    const Post post = blog.post(ann), other = blog.post(ann);
    for (const Post& of : {post, post, other, post, other, post}) blog.comment(of, ann);
    disable(blog, 2);
    blog.read([&](db::Connection& c) {
        const auto first = list_comments_of_post_after(c, post.id, {{}, 2});
        CHECK(ids(first.items) == Ids{1, 4});
        CHECK(first.total == 3);
        CHECK(first.has_more);
        const auto second = list_comments_of_post_after(c, post.id, {4, 2});
        CHECK(ids(second.items) == Ids{6});
        CHECK_FALSE(second.has_more);
        CHECK(ids(list_newest_comments_after(c, {{}, 3}).items) == Ids{6, 5, 4});
        CHECK(list_newest_comments_after(c, {{}, 3}).has_more);
        CHECK(ids(list_newest_comments_after(c, {4, 3}).items) == Ids{3, 1});
        CHECK(list_newest_comments_after(c, {4, 3}).total == 5);
        CHECK_FALSE(list_newest_comments_after(c, {4, 2}).has_more);
    });
}
