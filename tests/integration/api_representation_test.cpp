// What HTTP makes of a document: its tag, conditional requests, what may be kept and by whom.
// backends: sqlite mysql
// labels: concurrent
#include <algorithm>
#include <thread>
#include <vector>

#include "app/web/json.hpp"
#include "tests/decode.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::Answer;
using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.0/posts/";
constexpr const char* first_post = "/api/v1.0/posts/1";

// Two authors, a post with a comment, a post without.
struct Blog {
    LiveApp live;
    tests::Account ann = live.add_user("ann"), bob = live.add_user("bob");
    app::models::Post post = live.add_post(ann, "one"), other = live.add_post(bob, "two");
    app::models::Comment comment = live.add_comment(post, bob, "three");
    tests::Client client = live.client(ann);

    std::string tag(const std::string& target) const { return client.get(target).header("ETag"); }
};

// Every resource that GET serves in v1.0.
const std::string resources[] = {posts,
                                 first_post,
                                 "/api/v1.0/posts/1/comments/",
                                 "/api/v1.0/comments/",
                                 "/api/v1.0/comments/1",
                                 "/api/v1.0/users/1",
                                 "/api/v1.0/users/1/posts/",
                                 "/api/v1.0/users/1/timeline/"};

std::string headers_of(const Answer& answer) {
    std::string text;
    for (const auto& [name, value] : answer.headers) {
        if (name != "Date" && name != "X-Request-Id") text += name + ": " + value + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("every resource has a strong tag, is private, and says what the answer depends on") {
    const Blog blog;
    for (const std::string& target : resources) {
        CAPTURE(target);
        const Answer answer = blog.client.get(target);
        REQUIRE(answer.status == 200);
        const std::string tag = answer.header("ETag");
        CHECK(tag.size() == 34);
        CHECK(tag.starts_with('"'));
        CHECK(tag.ends_with('"'));
        CHECK(answer.header("Cache-Control") == "private, no-cache");
        CHECK(answer.header("Vary") == "Accept, Authorization, Accept-Encoding");
        CHECK(headers_of(blog.client.head(target)) == headers_of(answer));
    }
}

TEST_CASE("who has the state already gets a 304 with the same tag, Cache-Control and Vary, and no body") {
    const Blog blog;
    for (const std::string& target : resources) {
        CAPTURE(target);
        const Answer first = blog.client.get(target);
        const tests::Headers condition{{"If-None-Match", "\"x\", " + first.header("ETag")}};
        const Answer again = blog.client.get(target, condition);
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK_FALSE(again.has("Content-Type"));
        for (const char* name : {"ETag", "Cache-Control", "Vary"}) CHECK(again.header(name) == first.header(name));
        CHECK(headers_of(blog.client.head(target, condition)) == headers_of(again));
        CHECK(blog.client.get(target, {{"If-None-Match", "\"x\""}}).body == first.body);
    }
}

TEST_CASE("the tag of a post changes with its text and its comments, and with nothing else") {
    const Blog blog;
    const std::string first = blog.tag(first_post), other = blog.tag("/api/v1.0/posts/2");
    CHECK(blog.tag(first_post) == first);
    CHECK(blog.live.client(blog.bob).get("/api/v1.0/posts/0001").header("ETag") == first);

    const Answer changed = blog.client.put(first_post, R"({"body": "one more"})");
    const std::string second = blog.tag(first_post);
    CHECK(second != first);
    CHECK(changed.header("ETag") == second);

    CHECK(blog.client.put(first_post, "{}").header("ETag") == second);
    CHECK(blog.tag(first_post) == second);

    blog.client.post("/api/v1.0/posts/1/comments/", R"({"body": "four"})");
    CHECK(blog.tag(first_post) != second);
    blog.client.post(posts, R"({"body": "three"})");
    CHECK(blog.tag("/api/v1.0/posts/2") == other);
    CHECK(blog.client.get(first_post, {{"If-None-Match", first}}).status == 200);
}

TEST_CASE("the tag of a list changes with its rows, their number and the page that is shown") {
    const Blog blog;
    for (const std::string& target : {std::string{posts}, std::string{"/api/v1.0/users/1/posts/"}}) {
        CAPTURE(target);
        const std::string before = blog.tag(target);
        CHECK(blog.tag(target + "?page=1") == before);
        CHECK(blog.tag(target + "?page=2") != before);
        blog.client.put(first_post, R"({"body": "changed for )" + target + "\"}");
        const std::string changed = blog.tag(target);
        CHECK(changed != before);
        blog.client.post(posts, R"({"body": "one more"})");
        CHECK(blog.tag(target) != changed);
    }
    const std::string empty_page = blog.tag("/api/v1.0/posts/?page=7");
    blog.client.post(posts, R"({"body": "and another"})");
    CHECK(blog.tag("/api/v1.0/posts/?page=7") != empty_page);  // its `count` is another
}

TEST_CASE("the tag of a list of comments changes with a comment, and with one that a moderator disables") {
    Blog blog;
    const std::string lists[] = {"/api/v1.0/comments/", "/api/v1.0/posts/1/comments/"};
    for (const std::string& target : lists) {
        CAPTURE(target);
        const std::string before = blog.tag(target);
        const Answer added = blog.client.post("/api/v1.0/posts/1/comments/", R"({"body": "four"})");
        CHECK(added.status == 201);
        CHECK(blog.tag(added.header("Location")) == added.header("ETag"));
        const std::string with = blog.tag(target);
        CHECK(with != before);
        const std::int64_t id = std::stoll(added.header("Location").substr(added.header("Location").rfind('/') + 1));
        blog.live.database().write([&](app::db::Connection& c) { app::models::change_comment_disabled(c, id, true); });
        CHECK(blog.tag(target) != with);
    }
}

TEST_CASE("the tag of a user changes with the posts and with a login") {
    const Blog blog;
    const std::string target = "/api/v1.0/users/1", before = blog.tag(target);
    CHECK(blog.tag(target) == before);
    blog.client.post(posts, R"({"body": "one more"})");
    const std::string with_post = blog.tag(target);
    CHECK(with_post != before);
    CHECK(blog.client.request("POST", "/api/v1.0/tokens/").status == 200);
    CHECK(blog.tag(target) != with_post);
}

TEST_CASE("a compressed document has a tag of its own, and both are understood") {
    const Blog blog;
    blog.client.put(first_post, R"({"body": ")" + std::string(9000, 'a') + "\"}");
    const Answer plain = blog.client.get(first_post);
    const std::string tag = plain.header("ETag"), stem = tag.substr(0, tag.size() - 1);
    for (const std::string coding : {"gzip", "br"}) {
        CAPTURE(coding);
        const tests::Header accept{"Accept-Encoding", coding};
        const Answer answer = blog.client.get(first_post, {accept});
        CHECK(answer.header("Content-Encoding") == coding);
        CHECK(answer.header("ETag") == stem + "-" + coding + "\"");
        CHECK(tests::decode(answer.body, coding) == plain.body);
        CHECK(answer.header("Vary") == plain.header("Vary"));
        CHECK(headers_of(blog.client.head(first_post, {accept})) == headers_of(answer));
        const Answer again = blog.client.get(first_post, {accept, {"If-None-Match", answer.header("ETag")}});
        CHECK(again.status == 304);
        CHECK(again.header("ETag") == answer.header("ETag"));
        CHECK(again.header("Vary") == answer.header("Vary"));
        CHECK(blog.client.get(first_post, {accept, {"If-None-Match", tag}}).status == 304);
        CHECK(blog.client.get(first_post, {{"If-None-Match", answer.header("ETag")}}).status == 304);
        CHECK(blog.client.put(first_post, "{}", {{"If-Match", answer.header("ETag")}}).status == 200);
    }
}

TEST_CASE("If-Match that lists another state is 412, and nothing is written") {
    const Blog blog;
    const std::string tag = blog.tag(first_post);
    CHECK(blog.client.put(first_post, R"({"body": "mine"})", {{"If-Match", tag}}).status == 200);
    for (const std::string& stale : {tag, "W/" + blog.tag(first_post), std::string{"\"x\""}, std::string{"nothing"}}) {
        CAPTURE(stale);
        const Answer answer = blog.client.put(first_post, R"({"body": "too late"})", {{"If-Match", stale}});
        CHECK(answer.status == 412);
        CHECK(*answer.json().find("error")->string() == "precondition failed");
        CHECK(blog.client.put(first_post, "{}", {{"If-Match", stale}}).status == 412);
        CHECK(*blog.client.get(first_post).json().find("body")->string() == "mine");
    }
    CHECK(blog.client.put(first_post, R"({"body": "any"})", {{"If-Match", "*"}}).status == 200);
    CHECK(blog.client.put("/api/v1.0/posts/77", R"({"body": "any"})", {{"If-Match", "*"}}).status == 404);
}

TEST_CASE("of many who change the same state at once one wins, and the others are told") {
    const Blog blog;
    const tests::Client client = blog.live.client_with_token(blog.ann);
    for (int round = 0; round < 5; ++round) {
        const std::string tag = blog.tag(first_post);
        std::vector<int> statuses(8);
        std::vector<std::thread> writers;
        for (std::size_t i = 0; i < statuses.size(); ++i) {
            writers.emplace_back([&, i] {
                const std::string document = R"({"body": ")" + std::to_string(i) + "\"}";
                statuses[i] = client.put(first_post, document, {{"If-Match", tag}}).status;
            });
        }
        for (std::thread& writer : writers) writer.join();
        std::ranges::sort(statuses);
        CHECK(statuses.front() == 200);
        for (std::size_t i = 1; i < statuses.size(); ++i) CHECK(statuses[i] == 412);
    }
}

TEST_CASE("nobody may store a token") {
    const Blog blog;
    const Answer answer = blog.client.request("POST", "/api/v1.0/tokens/");
    CHECK(answer.status == 200);
    CHECK(answer.header("Cache-Control") == "no-store");
    CHECK_FALSE(answer.has("ETag"));
}

TEST_CASE("another config of the pages is another document with another tag") {
    LiveApp few{[](config::Config& config) { config.blog.posts_per_page = 1; }};
    const auto ann = few.add_user("ann");
    few.add_post(ann, "one");
    const std::string tag = few.client(ann).get(posts).header("ETag");
    few.add_post(ann, "two");
    CHECK(few.client(ann).get(posts).header("ETag") != tag);  // the same row, but there is a next page
}
