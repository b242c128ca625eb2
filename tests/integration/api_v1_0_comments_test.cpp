// Comments of API v1.0.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* comments = "/api/v1.0/comments/";
constexpr const char* of_first_post = "/api/v1.0/posts/1/comments/";

// The bodies of a list, joined.
std::string texts(const tests::Answer& answer) {
    std::string joined;
    const auto document = answer.json();
    for (const auto& comment : *document.find("comments")->list()) joined += *comment.find("body")->string() + " ";
    return joined;
}

void disable(LiveApp& live, std::int64_t id) {
    live.database().write([&](app::db::Connection& c) { app::models::change_comment_disabled(c, id, true); });
}

}  // namespace

TEST_CASE("a comment is these fields and no other, sorted, with links of the host") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    live.add_comment(live.add_post(ann), bob, "Well *said*");
    const auto answer = live.client(ann).get("/api/v1.0/comments/1");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.body ==
          R"({"author_url":"/api/v1.0/users/2","body":"Well *said*","body_html":"Well <em>said</em>",)"
          R"("post_url":"/api/v1.0/posts/1","timestamp":"Sun, 22 Nov 2026 08:59:06 GMT","url":"/api/v1.0/comments/1"})");
}

TEST_CASE("a new comment is 201 with its document and where it is, and counts") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    live.add_post(ann);
    const auto client = live.client(bob);
    const auto answer =
        client.post(of_first_post, R"({"body":"你好","author_url":"/api/v1.0/users/1","post_url":"/api/v1.0/posts/9"})");
    CHECK(answer.status == 201);
    CHECK(answer.header("Location") == "/api/v1.0/comments/1");
    const auto stored = live.database().read([](app::db::Connection& c) { return app::models::get_comment(c, 1); });
    CHECK(answer.body ==
          R"({"author_url":"/api/v1.0/users/2","body":"你好","body_html":"你好","post_url":"/api/v1.0/posts/1","timestamp":")" +
              app::base::http_date(stored.created_at) + R"(","url":"/api/v1.0/comments/1"})");
    CHECK(client.get("/api/v1.0/comments/1").body == answer.body);
    CHECK(*client.get("/api/v1.0/posts/1").json().find("comment_count")->integer() == 1);
}

TEST_CASE("a post's comments come oldest first, all comments newest first") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann), other = live.add_post(ann);
    live.add_comment(post, ann, "one");
    live.add_comment(other, ann, "two");
    live.add_comment(post, ann, "three");
    const auto client = live.client(ann);
    CHECK(texts(client.get(of_first_post)) == "one three ");
    CHECK(texts(client.get(comments)) == "three two one ");
    CHECK(client.get("/api/v1.0/posts/2/comments/").body ==
          R"({"comments":[)" + client.get("/api/v1.0/comments/2").body + R"(],"count":1,"next":null,"prev":null})");
}

TEST_CASE("the comments of a post without any are an empty list, those of no post are 404") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    CHECK(live.client(ann).get(of_first_post).body == R"({"comments":[],"count":0,"next":null,"prev":null})");
    CHECK(live.client(ann).get(comments).body == R"({"comments":[],"count":0,"next":null,"prev":null})");
    const auto answer = live.client(ann).get("/api/v1.0/posts/2/comments/", {tests::accept_json});
    CHECK(answer.status == 404);
    CHECK(answer.body == R"({"error":"not found"})");
}

TEST_CASE("a disabled comment is not served, not listed and not counted") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann);
    for (const std::string text : {"one", "two", "three"}) live.add_comment(post, ann, text);
    disable(live, 2);
    const auto admin = live.add_user("root", {.role = "Administrator"});
    for (const auto& client : {live.client(ann), live.client(admin)}) {
        CHECK(client.get("/api/v1.0/comments/2").status == 404);
        CHECK(texts(client.get(of_first_post)) == "one three ");
        CHECK(texts(client.get(comments)) == "three one ");
        CHECK(*client.get(of_first_post).json().find("count")->integer() == 2);
        CHECK(*client.get(comments).json().find("count")->integer() == 2);
        CHECK(*client.get("/api/v1.0/posts/1").json().find("comment_count")->integer() == 2);
    }
}

TEST_CASE("the permission is asked before the post, the post before the body") {
    LiveApp live;
    live.add_role("Silent", 5);
    const auto ann = live.add_user("ann");
    const auto silent = live.add_user("silent", {.role = "Silent"});
    live.add_post(ann);
    const char* bad = "{no JSON";
    const char* absent = "/api/v1.0/posts/999/comments/";
    CHECK(live.client().post(absent, bad).status == 401);
    CHECK(live.client(silent).post(absent, bad).body == R"({"error":"forbidden","message":"Insufficient permissions"})");
    CHECK(live.client(silent).post(of_first_post, R"({"body":"x"})").status == 403);
    CHECK(live.client(ann).post(absent, bad).status == 404);
    CHECK(live.client(ann).post(of_first_post, bad).status == 400);
    CHECK(*live.client(silent).get(comments).json().find("count")->integer() == 0);
}

TEST_CASE("a comment's id is ASCII digits that fit 64 bits; all else is 404") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann), ann);
    CHECK(live.client(ann).get("/api/v1.0/comments/001").status == 200);
    for (const std::string id : {"0", "2", "-1", "9223372036854775807", "9223372036854775808", "x", "%D9%A1"}) {
        INFO(id);
        CHECK(live.client(ann).get(std::string(comments) + id, {tests::accept_json}).body == R"({"error":"not found"})");
    }
}

TEST_CASE("v1.0 neither changes nor removes comments") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann), ann);
    for (const std::string method : {"PUT", "PATCH", "DELETE", "POST"}) {
        const auto answer = live.client(ann).request(method, "/api/v1.0/comments/1", {}, R"({"body":"x"})");
        CHECK(answer.status == 405);
        CHECK(answer.header("Allow") == "GET, HEAD, OPTIONS");
    }
}
