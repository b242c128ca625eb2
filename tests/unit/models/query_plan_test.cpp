// Every list and look-up goes through an index. The SQL is not repeated here: a connection that explains each statement before it
// runs it is put between the models and the database.
#include <doctest/doctest.h>

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

class ExplainingConnection final : public db::Connection {
   public:
    explicit ExplainingConnection(db::Connection& connection) : connection_(connection) {}

    const db::Dialect& dialect() const override { return connection_.dialect(); }

    db::Outcome run(std::string_view sql, const db::Value* values, std::size_t value_count,
                    base::FunctionRef<void(const db::Row&)> each) override {
        auto note = [this](const db::Row& row) { plan += std::string{row.text(3)} + "\n"; };  // id, parent, notused, detail
        connection_.run("EXPLAIN QUERY PLAN " + std::string{sql}, values, value_count, note);
        return connection_.run(sql, values, value_count, each);
    }

    std::string plan;

   private:
    db::Connection& connection_;
};

// The plans of all statements that `fn` runs.
template <class Fn>
std::string plan_of(Blog& blog, Fn fn) {
    return blog.read([&](db::Connection& c) {
        ExplainingConnection explaining{c};
        fn(explaining);
        return explaining.plan;
    });
}

struct FilledBlog : Blog {
    FilledBlog() {
        const User ann = user("ann");
        const Post first = post(ann);
        comment(first, ann);
    }
};

void check_no_scan_and_no_sort(const std::string& plan) {
    CAPTURE(plan);
    CHECK(plan.find("SEARCH") != std::string::npos);
    CHECK(plan.find("SCAN") == std::string::npos);
    CHECK(plan.find("TEMP B-TREE") == std::string::npos);
}

}  // namespace

TEST_CASE("looking something up reads its row through an index") {
    FilledBlog blog;
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { find_user(c, 1); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { find_user_by_email(c, "ann@example.com"); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { find_user_by_username(c, "ann"); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { find_post(c, 1); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { find_comment(c, 1); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { is_following(c, 1, 1); }));
}

TEST_CASE("an author's posts and a post's comments come out of their index in order") {
    FilledBlog blog;
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { list_posts_of_author(c, 1, {}); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { list_comments_of_post(c, 1, {}); }));
    check_no_scan_and_no_sort(plan_of(blog, [](db::Connection& c) { list_newest_comments(c, {}); }));
}

TEST_CASE("all posts are read in the order of their ids, without a sort") {
    FilledBlog blog;
    for (const auto list : {list_posts, list_newest_posts}) {
        const std::string plan = plan_of(blog, [&](db::Connection& c) { list(c, {}); });
        CAPTURE(plan);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
}

TEST_CASE("a timeline reads no table from end to end") {
    FilledBlog blog;
    const std::string plan = plan_of(blog, [](db::Connection& c) { list_timeline(c, 1, {}); });
    CAPTURE(plan);
    CHECK(plan.find("SEARCH posts USING COVERING INDEX posts_author_id_id (author_id=? AND id<?)") != std::string::npos);
    CHECK(plan.find("SEARCH posts USING INTEGER PRIMARY KEY") != std::string::npos);
    CHECK(plan.find("SCAN follow") == std::string::npos);
    CHECK(plan.find("SCAN posts") == std::string::npos);
    CHECK(plan.find("SCAN users") == std::string::npos);
}

TEST_CASE("a timeline's plan stays when the database has learned its statistics") {
    FilledBlog blog;
    for (int i = 0; i < 50; ++i) blog.user("user" + std::to_string(i));
    blog.write([](db::Connection& c) {
        c.execute("INSERT INTO follows (follower_id, followed_id, created_at) SELECT 1, id, 0 FROM users WHERE id <> 1");
        c.execute("ANALYZE");
    });
    const std::string plan = plan_of(blog, [](db::Connection& c) { list_timeline(c, 1, {}); });
    CAPTURE(plan);
    CHECK(plan.find("SEARCH posts USING COVERING INDEX posts_author_id_id (author_id=? AND id<?)") != std::string::npos);
}
