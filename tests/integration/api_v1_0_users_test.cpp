// Users of API v1.0, their posts and their timelines.
// backends: sqlite mysql
#include "app/models/follow.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

std::string texts(const tests::Answer& answer) {
    std::string joined;
    const auto document = answer.json();
    for (const auto& post : *document.find("posts")->list()) joined += *post.find("body")->string() + " ";
    return joined;
}

void follow(LiveApp& live, const tests::Account& follower, const tests::Account& followed) {
    live.database().write([&](app::db::Connection& c) { app::models::follow(c, follower.id(), followed.id()); });
}

}  // namespace

TEST_CASE("a user is these fields and no other: no address, no role, no hash") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("Bob.B", {.role = "Moderator"});
    live.add_post(bob);
    const auto answer = live.client(ann).get("/api/v1.0/users/2");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.body ==
          R"({"followed_posts_url":"/api/v1.0/users/2/timeline/","last_seen":"Sun, 22 Nov 2026 08:59:06 GMT",)"
          R"("member_since":"Sun, 22 Nov 2026 08:59:06 GMT","post_count":1,"posts_url":"/api/v1.0/users/2/posts/",)"
          R"("url":"/api/v1.0/users/2","username":"Bob.B"})");
}

TEST_CASE("a user's posts are theirs alone, newest first, as documents of the list of posts") {
    LiveApp live;
    const auto ann = live.add_user("ann"), bob = live.add_user("bob");
    live.add_post(ann, "one");
    live.add_post(bob, "two");
    live.add_post(ann, "three");
    const auto client = live.client(bob);
    CHECK(client.get("/api/v1.0/users/1/posts/").body == R"({"count":2,"next":null,"posts":[)" +
                                                             client.get("/api/v1.0/posts/3").body + "," +
                                                             client.get("/api/v1.0/posts/1").body + R"(],"prev":null})");
}

TEST_CASE("a timeline holds the posts of those that user follows, themself included, newest first") {
    LiveApp live;
    const auto ann = live.add_user("ann"), bob = live.add_user("bob"), eve = live.add_user("eve");
    live.add_post(ann, "ann1");
    live.add_post(bob, "bob1");
    live.add_post(eve, "eve1");
    live.add_post(ann, "ann2");
    follow(live, ann, bob);
    const auto client = live.client(eve);
    CHECK(texts(client.get("/api/v1.0/users/1/timeline/")) == "ann2 bob1 ann1 ");
    CHECK(*client.get("/api/v1.0/users/1/timeline/").json().find("count")->integer() == 3);
    CHECK(texts(client.get("/api/v1.0/users/2/timeline/")) == "bob1 ");
    CHECK(texts(client.get("/api/v1.0/users/3/timeline/")) == "eve1 ");
}

TEST_CASE("a new post is in its author's timeline at once") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).get("/api/v1.0/users/1/timeline/").body == R"({"count":0,"next":null,"posts":[],"prev":null})");
    live.client(ann).post("/api/v1.0/posts/", R"({"body":"mine"})");
    CHECK(texts(live.client(ann).get("/api/v1.0/users/1/timeline/")) == "mine ");
    CHECK(*live.client(ann).get("/api/v1.0/users/1").json().find("post_count")->integer() == 1);
}

TEST_CASE("a user's id is ASCII digits that fit 64 bits; all else is 404, for the lists too") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (const std::string list : {"", "/posts/", "/timeline/"}) {
        CHECK(live.client(ann).get(std::string("/api/v1.0/users/01") + list).status == 200);
        for (const std::string id : {"0", "2", "-1", "9223372036854775807", "9223372036854775808", "ann", "me", "%D9%A1"}) {
            INFO(id, list);
            const auto answer = live.client(ann).get("/api/v1.0/users/" + id + list, {tests::accept_json});
            CHECK(answer.status == 404);
            CHECK(answer.body == R"({"error":"not found"})");
        }
    }
}

TEST_CASE("there is no list of users, and a user cannot be written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).get("/api/v1.0/users/").status == 404);
    for (const std::string path : {"/api/v1.0/users/1", "/api/v1.0/users/1/posts/", "/api/v1.0/users/1/timeline/"}) {
        const auto answer = live.client(ann).put(path, R"({"username":"x"})");
        CHECK(answer.status == 405);
        CHECK(answer.header("Allow") == "GET, HEAD, OPTIONS");
    }
}
