// The documents and lists of API v1.1.
// backends: sqlite mysql
#include "app/models/follow.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

std::string link_of(const app::web::Value& list, const char* name) {
    const auto* link = list.find("links")->find(name);
    return link->string() ? *link->string() : std::string(link->is_null() ? "null" : "?");
}

std::string links_of(const tests::Answer& answer) {
    const auto list = answer.json();
    std::string text;
    for (const char* name : {"first", "prev", "self", "next", "last"}) text += link_of(list, name) + " ";
    return text;
}

// The ids of a list's items, in their order.
std::string ids_of(const tests::Answer& answer) {
    std::string text;
    const auto list = answer.json();
    for (const auto& item : *list.find("items")->list()) text += std::to_string(*item.find("id")->integer()) + " ";
    return text;
}

// The name of the query's parameter that the answer says is wrong.
std::string wrong_parameter(const tests::Answer& answer) {
    REQUIRE(answer.status == 400);
    return *answer.json().find("errors")->list()->at(0).find("parameter")->string();
}

void follow(LiveApp& live, const tests::Account& follower, const tests::Account& followed) {
    live.database().write([&](app::db::Connection& c) { app::models::follow(c, follower.id(), followed.id()); });
}

}  // namespace

TEST_CASE("a post is these members and no other, sorted, with its author and its comments as objects") {
    LiveApp live;
    live.add_user("ann");
    const auto bob = live.add_user("bob");
    const auto post = live.add_post(bob, "Hello *world*");
    live.add_comment(post, bob);
    const auto answer = live.client(bob).get("/api/v1.1/posts/1");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.body ==
          R"({"author":{"id":2,"url":"/api/v1.1/users/2","username":"bob"},"body":"Hello *world*",)"
          R"("body_html":"<p>Hello <em>world</em></p>","comments":{"count":1,"url":"/api/v1.1/posts/1/comments/"},)"
          R"("created_at":"2026-11-22T08:59:06.123Z","id":1,"updated_at":"2026-11-22T08:59:06.123Z",)"
          R"("url":"/api/v1.1/posts/1"})");
}

TEST_CASE("a comment is these members and no other, with its author and its post as objects") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann), ann, "so *true*");
    CHECK(live.client(ann).get("/api/v1.1/comments/1").body ==
          R"({"author":{"id":1,"url":"/api/v1.1/users/1","username":"ann"},"body":"so *true*","body_html":"so <em>true</em>",)"
          R"("created_at":"2026-11-22T08:59:06.123Z","disabled":false,"id":1,"post":{"id":1,"url":"/api/v1.1/posts/1"},)"
          R"("updated_at":"2026-11-22T08:59:06.123Z","url":"/api/v1.1/comments/1"})");
}

TEST_CASE("a user is these members and no other: no address, no role, no hash") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    follow(live, ann, bob);
    live.add_post(ann);
    CHECK(live.client(ann).get("/api/v1.1/users/1").body ==
          R"({"followers":{"count":0,"url":"/api/v1.1/users/1/followers/"},)"
          R"("following":{"count":1,"url":"/api/v1.1/users/1/following/"},"id":1,"last_seen":"2026-11-22T08:59:06.123Z",)"
          R"("member_since":"2026-11-22T08:59:06.123Z","posts":{"count":1,"url":"/api/v1.1/users/1/posts/"},)"
          R"("timeline":{"url":"/api/v1.1/users/1/timeline/"},"url":"/api/v1.1/users/1","username":"ann"})");
}

TEST_CASE("v1.0 goes on telling its own documents beside") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "x");
    CHECK(
        live.client(ann).get("/api/v1.0/posts/1").body ==
        R"({"author_url":"/api/v1.0/users/1","body":"x","body_html":"<p>x</p>","comment_count":0,)"
        R"("comments_url":"/api/v1.0/posts/1/comments/","timestamp":"Sun, 22 Nov 2026 08:59:06 GMT","url":"/api/v1.0/posts/1"})");
}

TEST_CASE("a list is its items, its links and the total") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "one");
    live.add_post(ann, "two");
    const auto client = live.client(ann);
    const auto answer = client.get("/api/v1.1/posts/");
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"items":[)" + client.get("/api/v1.1/posts/1").body + "," + client.get("/api/v1.1/posts/2").body +
                             R"(],"links":{"first":"/api/v1.1/posts/?page=1","last":"/api/v1.1/posts/?page=1","next":null,)"
                             R"("prev":null,"self":"/api/v1.1/posts/"},"total":2})");
}

TEST_CASE("a list of nothing has one page, which is empty") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).get("/api/v1.1/posts/").body ==
          R"({"items":[],"links":{"first":"/api/v1.1/posts/?page=1","last":"/api/v1.1/posts/?page=1","next":null,"prev":null,)"
          R"("self":"/api/v1.1/posts/"},"total":0})");
}

TEST_CASE("the links of a page lead to its neighbours and keep per_page") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (int i = 0; i < 5; ++i) live.add_post(ann);
    const auto client = live.client(ann);
    const auto answer = client.get("/api/v1.1/posts/?page=2&per_page=2");
    CHECK(ids_of(answer) == "3 4 ");
    CHECK(*answer.json().find("total")->integer() == 5);
    CHECK(links_of(answer) == "/api/v1.1/posts/?page=1&per_page=2 /api/v1.1/posts/?page=1&per_page=2 "
                              "/api/v1.1/posts/?page=2&per_page=2 /api/v1.1/posts/?page=3&per_page=2 "
                              "/api/v1.1/posts/?page=3&per_page=2 ");
    const auto last = client.get(link_of(answer.json(), "next"));
    CHECK(ids_of(last) == "5 ");
    CHECK(link_of(last.json(), "next") == "null");
}

TEST_CASE("a page past the end is empty, with the true total and a way back") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto answer = live.client(ann).get("/api/v1.1/posts/?page=9223372036854775807&per_page=100");
    CHECK(answer.status == 200);
    CHECK(ids_of(answer).empty());
    CHECK(*answer.json().find("total")->integer() == 1);
    CHECK(link_of(answer.json(), "next") == "null");
    CHECK(link_of(answer.json(), "prev") == "/api/v1.1/posts/?page=9223372036854775806&per_page=100");
}

TEST_CASE("what is no number, out of range or beyond 64 bits is 400 and told by its name") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann);
    for (const std::string list :
         {"/api/v1.1/posts/", "/api/v1.1/comments/", "/api/v1.1/posts/1/comments/", "/api/v1.1/users/1/posts/",
          "/api/v1.1/users/1/timeline/", "/api/v1.1/users/1/followers/", "/api/v1.1/users/1/following/"}) {
        INFO(list);
        for (const std::string page : {"0", "-1", "x", "", "1.0", "%201", "9223372036854775808", "99999999999999999999"}) {
            CHECK_MESSAGE(wrong_parameter(client.get(list + "?page=" + page)) == "page", page);
        }
        for (const std::string per_page : {"0", "101", "-5", "x", "", "18446744073709551617"}) {
            CHECK_MESSAGE(wrong_parameter(client.get(list + "?per_page=" + per_page)) == "per_page", per_page);
        }
        for (const std::string after : {"-1", "x", "", "1x", "1,2", "-0", "9223372036854775808", "%00"}) {
            CHECK_MESSAGE(wrong_parameter(client.get(list + "?after=" + after)) == "after", after);
        }
        CHECK(wrong_parameter(client.get(list + "?after=1&page=1")) == "after");
        CHECK(client.get(list + "?per_page=100").status == 200);
        CHECK(client.get(list + "?per_page=1&other=x").status == 200);
    }
    CHECK(client.get("/api/v1.1/posts/?page=0")
              .json()
              .find("errors")
              ->list()
              ->at(0)
              .find("detail")
              ->string()
              ->starts_with("is not a number from 1 to "));
}

TEST_CASE("a list that is read by a cursor from the beginning to its end gives every item once") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto first = live.add_post(ann);
    for (int i = 0; i < 6; ++i) live.add_post(ann);
    for (int i = 0; i < 7; ++i) live.add_comment(first, ann);
    const auto client = live.client(ann);
    const std::pair<std::string, std::string> table[] = {
        {"/api/v1.1/posts/?after=0", "1 2 3 4 5 6 7 "},
        {"/api/v1.1/posts/1/comments/?after=0", "1 2 3 4 5 6 7 "},
        {"/api/v1.1/comments/?after=9223372036854775807", "7 6 5 4 3 2 1 "},
        {"/api/v1.1/users/1/posts/?after=9223372036854775807", "7 6 5 4 3 2 1 "},
        {"/api/v1.1/users/1/timeline/?after=9223372036854775807", "7 6 5 4 3 2 1 "},
    };
    for (const auto& [start, expected] : table) {
        INFO(start);
        std::string ids;
        std::string url = start + "&per_page=3";
        for (int parts = 0; url != "null" && parts < 9; ++parts) {
            const auto answer = client.get(url);
            REQUIRE(answer.status == 200);
            CHECK(*answer.json().find("total")->integer() == 7);
            ids += ids_of(answer);
            url = link_of(answer.json(), "next");
        }
        CHECK(ids == expected);
    }
}

TEST_CASE("the links of a cursor's part: on from its last item, and back to the beginning") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (int i = 0; i < 4; ++i) live.add_post(ann);
    const auto client = live.client(ann);
    CHECK(links_of(client.get("/api/v1.1/posts/?after=1&per_page=2")) ==
          "/api/v1.1/posts/?per_page=2 null /api/v1.1/posts/?after=1&per_page=2 /api/v1.1/posts/?after=3&per_page=2 null ");
    CHECK(links_of(client.get("/api/v1.1/posts/?after=2")) == "/api/v1.1/posts/ null /api/v1.1/posts/?after=2 null null ");
}

TEST_CASE("a cursor whose item is gone goes on behind it") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (int i = 0; i < 4; ++i) live.add_post(ann);
    live.database().write([](app::db::Connection& c) { app::models::remove_post(c, 2); });
    CHECK(ids_of(live.client(ann).get("/api/v1.1/posts/?after=2")) == "3 4 ");
    CHECK(ids_of(live.client(ann).get("/api/v1.1/posts/?after=999")).empty());
}

TEST_CASE("items that come or go meanwhile move nothing that a cursor has not reached") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (int i = 0; i < 4; ++i) live.add_post(ann);
    const auto client = live.client(ann);
    const auto part = client.get("/api/v1.1/users/1/posts/?after=9223372036854775807&per_page=2");
    CHECK(ids_of(part) == "4 3 ");
    live.add_post(ann);
    live.database().write([](app::db::Connection& c) { app::models::remove_post(c, 4); });
    CHECK(ids_of(client.get(link_of(part.json(), "next"))) == "2 1 ");
}

TEST_CASE("followers and followed are lists of users, without oneself") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    const auto cid = live.add_user("cid");
    follow(live, ann, bob);
    follow(live, cid, bob);
    follow(live, bob, ann);
    const auto client = live.client(ann);
    const auto followers = client.get("/api/v1.1/users/2/followers/");
    CHECK(ids_of(followers) == "1 3 ");
    CHECK(*followers.json().find("total")->integer() == 2);
    CHECK(*followers.json().find("items")->list()->at(1).find("username")->string() == "cid");
    CHECK(ids_of(client.get("/api/v1.1/users/2/following/")) == "1 ");
    CHECK(ids_of(client.get("/api/v1.1/users/3/followers/")).empty());
    CHECK(ids_of(client.get("/api/v1.1/users/2/followers/?after=1")) == "3 ");
    CHECK(client.get("/api/v1.1/users/9/followers/").status == 404);
    CHECK(client.get("/api/v1.1/users/9/following/").status == 404);
}

TEST_CASE("the entity tag of a list changes with the total though the page stays") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann);
    const auto before = client.get("/api/v1.1/posts/?per_page=1");
    CHECK(client.get("/api/v1.1/posts/?per_page=1", {{"If-None-Match", before.header("ETag")}}).status == 304);
    live.add_post(ann);
    CHECK(client.get("/api/v1.1/posts/?per_page=1", {{"If-None-Match", before.header("ETag")}}).status == 200);
}

TEST_CASE("a row of another version's tag is not a row of this one's") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann);
    const std::string old = client.get("/api/v1.0/posts/1").header("ETag");
    const auto answer = client.get("/api/v1.1/posts/1", {{"If-None-Match", old}});
    CHECK(answer.status == 200);
    CHECK(answer.header("ETag") != old);
}
