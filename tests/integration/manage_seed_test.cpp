// `manage seed` as whoever tries a blog of some size uses it.
// backends: sqlite mysql
#include "app/web/json.hpp"
#include "tests/integration/live_blog.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

std::string rows_checksum(const Installation& here) {
    const Finished result = here.manage({"dump", "sum.gz", "--json"});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return *app::web::parse_json(result.out).find("rows_checksum")->string();
}

std::int64_t wrong_kept_counts(const DeployedBlog& here) {
    return here.wrong_counts() +
           here.integer(
               "SELECT count(*) FROM posts WHERE comment_count <> (SELECT count(*) FROM comments WHERE post_id = posts.id "
               "AND disabled = 0)") +
           here.integer("SELECT CAST((SELECT count(*) FROM posts) - (SELECT SUM(amount) FROM totals WHERE name = 'posts') AS "
                        "SIGNED)");
}

void check_refused(const Finished& result, std::string_view part) {
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

}  // namespace

TEST_CASE("seed adds what was asked for, says so, and leaves every count right") {
    const DeployedBlog here;
    const Finished result = here.manage({"seed", "--users", "60", "--posts", "2500", "--comments", "900"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(result.out.starts_with("Added 60 users, 2,500 posts and 900 comments in "));
    CHECK(contains(result.out, "No password signs these users in"));
    CHECK(result.err.empty());
    CHECK(here.posts() == 2500);
    CHECK(wrong_kept_counts(here) == 0);
    CHECK(contains(here.manage({"deploy"}).out, "kept counts: nothing to do"));
}

TEST_CASE("the same seed gives the same rows on SQLite and on the backend of this run") {
    const DeployedBlog here;
    Installation there;  // on SQLite
    REQUIRE(there.manage({"deploy"}).exit_code == 0);
    const std::vector<std::string> seed{"seed", "--users", "40", "--posts", "300", "--comments", "500", "--seed", "42"};
    REQUIRE(here.manage(seed).exit_code == 0);
    REQUIRE(there.manage(seed).exit_code == 0);
    CHECK(rows_checksum(here) == rows_checksum(there));
}

TEST_CASE("with a password from standard input all of them can sign in, without one none can") {
    const DeployedBlog here;
    REQUIRE(here.manage({"seed", "--users", "2", "--posts", "0", "--comments", "0"}).exit_code == 0);
    CHECK(here.integer("SELECT count(*) FROM users WHERE password_hash = ''") == 2);
    const Finished result =
        here.manage({"seed", "--users", "3", "--posts", "0", "--comments", "0", "--password-stdin"}, DeployedBlog::password);
    CHECK(contains(result.out, "The users sign in with the password that was given"));
    CHECK(here.integer("SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$%'") == 3);
    CHECK_FALSE(contains(result.out + result.err, DeployedBlog::password));
}

TEST_CASE("a config for production is left alone unless it is forced") {
    const DeployedBlog here;
    const std::vector<std::string> seed{"seed", "--users", "1", "--posts", "0", "--comments", "0", "--config", "standalone"};
    check_refused(here.manage(seed),
                  "the config standalone is for production, and made-up rows do not go away again: say --force");
    CHECK(here.integer("SELECT count(*) FROM users") == 0);
    std::vector<std::string> forced = seed;
    forced.emplace_back("--force");
    CHECK(here.manage(forced).exit_code == 0);
    CHECK(here.integer("SELECT count(*) FROM users") == 1);
}

TEST_CASE("numbers that are none, and posts that nobody would write, are refused in one line") {
    const DeployedBlog here;
    check_refused(here.manage({"seed", "--posts", "many"}), "seed: --posts is a number from 0 to 100,000,000, not many");
    check_refused(here.manage({"seed", "--users", "-1"}), "--users is a number from 0");
    const Finished result = here.manage({"seed", "--users", "0"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "posts need users who write them"));
}

TEST_CASE("on a terminal a bar shows how far it has come, and goes") {
    const DeployedBlog here;
    Terminal terminal(here, {"seed", "--users", "600", "--posts", "6000", "--comments", "0"});
    CHECK(terminal.wait() == 0);
    CHECK(contains(terminal.shown(), "\rSeeding ["));
    CHECK(contains(terminal.shown(), "\r\x1b[KAdded 600 users, 6,000 posts and 0 comments in "));
}
