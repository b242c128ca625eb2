// What lists and counts cost at the models' seam, in microseconds, and whether that grows with the number of posts.
// Usage: bench_lists DATABASE_URL POSTS, an SQLite file that is made or an empty MySQL database: fills it, unless it did so
// before, with 1,000 users, so many posts and as many comments, and prints a line per call: the median of its runs and what it
// is. Run it with 1000, 100000 and 1000000, and compare.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "app/base/text.hpp"
#include "app/db/database.hpp"
#include "app/db/migrate.hpp"
#include "app/models/comment.hpp"
#include "app/models/follow.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/seed.hpp"
#include "app/models/totals.hpp"
#include "app/models/user.hpp"

namespace {

using app::db::Connection;
using app::db::Database;
using Clock = std::chrono::steady_clock;
using namespace app::models;

constexpr int users = 1'000;
constexpr int runs_max = 1'000;
constexpr std::chrono::seconds time_max{2};

// Who follows five authors of one post each, the oldest of all.
constexpr std::int64_t rare_reader = 6;
constexpr std::int64_t busy_reader = 7;   // twenty authors who write much
constexpr std::int64_t mixed_reader = 8;  // both
constexpr std::int64_t wide_reader = 9;   // everybody

User add(Connection& c, const std::string& name) {
    return add_user(c, {.email = name + "@bench.example", .username = name, .password_hash = "", .role = {}, .confirmed = true},
                    "");
}

void fill(Database& database, std::int64_t posts) {
    {
        app::db::Lease lease(database);
        app::db::migrate(lease, app::db::migrations(database.dialect()));
    }
    if (database.read([](Connection& c) { return find_user_by_username(c, "rare1").has_value(); })) return;  // by an earlier run
    const PostBody body{"One post, long ago."};
    database.write([&](Connection& c) {
        insert_roles(c);
        for (const char* name : {"rare1", "rare2", "rare3", "rare4", "rare5"}) add_post(c, add(c, name).id, body);
        for (const char* name : {"rare_reader", "busy_reader", "mixed_reader", "wide_reader"}) add(c, name);
    });
    seed(database, {.users = users, .posts = posts, .comments = posts, .password_hash = {}});
    database.write([](Connection& c) {
        const auto id = [](const app::db::Row& row) { return row.integer(0); };
        const auto busy = c.list("SELECT id FROM users ORDER BY post_count DESC LIMIT 20", id);
        const auto all = c.list("SELECT id FROM users WHERE id > ?", id, wide_reader);
        for (std::int64_t rare = 1; rare <= 5; ++rare) follow(c, rare_reader, rare), follow(c, mixed_reader, rare);
        for (const std::int64_t author : busy) follow(c, busy_reader, author), follow(c, mixed_reader, author);
        for (const std::int64_t author : all) follow(c, wide_reader, author);
    });
    if (database.dialect().name == "mysql") {
        database.write([](Connection& c) {
            for (const char* table : {"users", "posts", "comments", "follows"}) {
                c.each("ANALYZE TABLE " + std::string(table), [](const app::db::Row&) {});
            }
        });
    }
}

void measure(Database& database, const std::string& what, const std::function<void(Connection&)>& call) {
    database.read(call);
    std::vector<double> times_us;
    const auto end = Clock::now() + time_max;
    while (times_us.size() < runs_max && Clock::now() < end) {
        const auto start = Clock::now();
        database.read(call);
        times_us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    std::ranges::nth_element(times_us, times_us.begin() + std::ssize(times_us) / 2);
    std::printf("%10.0f  %s\n", times_us[times_us.size() / 2], what.c_str());
    std::fflush(stdout);
}

void measure_all(Database& database) {
    const auto [posts, comments, last_post, author, post] = database.read([](Connection& c) {
        const auto of = [&](const char* sql) { return c.integer(sql); };
        return std::tuple(get_total(c, Total::posts), get_total(c, Total::comments), of("SELECT MAX(id) FROM posts"),
                          of("SELECT id FROM users ORDER BY post_count DESC LIMIT 1"),
                          of("SELECT id FROM posts ORDER BY comment_count DESC LIMIT 1"));
    });
    const auto page = [&](const std::string& what, auto list, std::int64_t total) {
        const std::int64_t last = page_count(total, 20);
        measure(database, what + ", first page", [=](Connection& c) { list(c, PageRequest{1, 20}); });
        measure(database, what + ", last page", [=](Connection& c) { list(c, PageRequest{last, 20}); });
        measure(database, what + ", page in the middle", [=](Connection& c) { list(c, PageRequest{(last + 1) / 2, 20}); });
    };
    page("posts", list_posts, posts);
    page("newest comments", list_newest_comments, comments);
    const std::int64_t middle = last_post / 2;
    measure(database, "posts, cursor at the beginning", [](Connection& c) { list_posts_after(c, {}); });
    measure(database, "posts, cursor in the middle", [=](Connection& c) { list_posts_after(c, {middle, 20}); });
    measure(database, "posts, cursor at the end", [=](Connection& c) { list_posts_after(c, {last_post - 20, 20}); });
    measure(database, "a busy author's posts, first page", [=](Connection& c) { list_posts_of_author(c, author, {}); });
    measure(database, "a busy author's posts, cursor in the middle",
            [=](Connection& c) { list_posts_of_author_after(c, author, {middle, 20}); });
    measure(database, "a post's comments, first page", [=](Connection& c) { list_comments_of_post(c, post, {}); });
    measure(database, "timeline of 5 rare authors", [](Connection& c) { list_timeline(c, rare_reader, {}); });
    measure(database, "timeline of 20 busy authors", [](Connection& c) { list_timeline(c, busy_reader, {}); });
    measure(database, "timeline of 20 busy and 5 rare authors", [](Connection& c) { list_timeline(c, mixed_reader, {}); });
    measure(database, "timeline of 1,000 authors", [](Connection& c) { list_timeline(c, wide_reader, {}); });
    const std::int64_t timeline = database.read([](Connection& c) { return list_timeline(c, busy_reader, {}).pages(); });
    measure(database, "timeline of 20 busy authors, last page",
            [=](Connection& c) { list_timeline(c, busy_reader, {timeline, 20}); });
    measure(database, "timeline of 20 busy authors, cursor in the middle",
            [=](Connection& c) { list_timeline_after(c, busy_reader, {middle, 20}); });
    measure(database, "followers, first page", [](Connection& c) { list_followers(c, wide_reader + 1, {}); });
    measure(database, "both totals", [](Connection& c) { get_total(c, Total::posts), get_total(c, Total::comments); });
}

}  // namespace

int main(int count, char** arguments) {
    const auto posts = count == 3 ? app::base::parse_integer(arguments[2]) : std::nullopt;
    if (!posts || *posts < 100) {
        std::fprintf(stderr, "usage: bench_lists DATABASE_URL POSTS, at least 100\n");
        return 2;
    }
    const auto database = app::db::open({.url = arguments[1], .create = true});
    const auto start = Clock::now();
    fill(*database, *posts);
    const std::chrono::duration<double> took = Clock::now() - start;
    std::printf("%lld posts on %s, filled in %.1f s\n        us  median of\n", static_cast<long long>(*posts),
                std::string(database->dialect().name).c_str(), took.count());
    measure_all(*database);
}
