// Posts of API v1.0: documents, writing, who may write, what cannot be asked.
// backends: sqlite mysql
#include "app/web/json.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.0/posts/";
constexpr const char* first_post = "/api/v1.0/posts/1";

std::string document_of(std::string_view body) {
    std::string text;
    app::web::JsonWriter(text).begin_object().field("body", body).end_object();
    return text;
}

std::string body_of(const tests::Answer& answer) { return *answer.json().find("body")->string(); }

}  // namespace

TEST_CASE("a post is these fields and no other, sorted, with links of the host") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    live.add_post(ann, "the first");
    const auto post = live.add_post(bob, "Hello *world*");
    live.add_comment(post, ann);
    const auto answer = live.client(ann).get("/api/v1.0/posts/2");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(
        answer.body ==
        R"({"author_url":"/api/v1.0/users/2","body":"Hello *world*","body_html":"<p>Hello <em>world</em></p>","comment_count":1,)"
        R"("comments_url":"/api/v1.0/posts/2/comments/","timestamp":"Sun, 22 Nov 2026 08:59:06 GMT","url":"/api/v1.0/posts/2"})");
}

TEST_CASE("the list of posts is in ascending order, with nothing on either side of a single page") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "one");
    live.add_post(ann, "two");
    const auto client = live.client(ann);
    const auto answer = client.get(posts);
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"count":2,"next":null,"posts":[)" + client.get(first_post).body + "," +
                             client.get("/api/v1.0/posts/2").body + R"(],"prev":null})");
}

TEST_CASE("the list of no posts is an empty one") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).get(posts).body == R"({"count":0,"next":null,"posts":[],"prev":null})");
}

TEST_CASE("a new post is 201 with its document and where it is") {
    LiveApp live;
    live.add_user("ann");
    const auto bob = live.add_user("bob");
    const auto client = live.client(bob);
    const auto before = app::base::now();
    const auto answer = client.post(posts, R"({"body": "Hi"})");
    CHECK(answer.status == 201);
    CHECK(answer.reason == "Created");
    CHECK(answer.header("Location") == first_post);
    const auto stored = live.database().read([](app::db::Connection& c) { return app::models::get_post(c, 1); });
    CHECK(stored.created_at >= before);
    CHECK(stored.created_at <= app::base::now());
    CHECK(answer.body == R"({"author_url":"/api/v1.0/users/2","body":"Hi","body_html":"<p>Hi</p>","comment_count":0,)"
                         R"("comments_url":"/api/v1.0/posts/1/comments/","timestamp":")" +
                             app::base::http_date(stored.created_at) + R"(","url":"/api/v1.0/posts/1"})");
    CHECK(client.get(first_post).body == answer.body);
}

TEST_CASE("the author is the caller and unknown members are ignored, on POST and on PUT") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_user("bob");
    const auto client = live.client(ann);
    const std::string sent =
        R"({"author_url":"/api/v1.0/users/2","author":2,"author_id":2,"id":77,"url":"/x","timestamp":"Thu, 01 Jan 1970 00:00:00 GMT",)"
        R"("body_html":"<script>","comment_count":9,"body":"text","zzz":[{"deep":null}]})";
    const auto created = client.post(posts, sent);
    CHECK(created.status == 201);
    const auto edited = client.put(first_post, sent);
    CHECK(edited.status == 200);
    for (const auto& answer : {created, edited}) {
        CHECK(*answer.json().find("author_url")->string() == "/api/v1.0/users/1");
        CHECK(*answer.json().find("url")->string() == first_post);
        CHECK(*answer.json().find("body_html")->string() == "<p>text</p>");
        CHECK(*answer.json().find("comment_count")->integer() == 0);
        CHECK(answer.json().find("timestamp")->string()->find("1970") == std::string::npos);
    }
}

TEST_CASE("PUT changes the text, keeps author and time, and says no Location") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann, "old");
    live.add_comment(post, ann);
    const auto answer = live.client(ann).put(first_post, R"({"body":"new"})");
    CHECK(answer.status == 200);
    CHECK_FALSE(answer.has("Location"));
    CHECK(
        answer.body ==
        R"({"author_url":"/api/v1.0/users/1","body":"new","body_html":"<p>new</p>","comment_count":1,)"
        R"("comments_url":"/api/v1.0/posts/1/comments/","timestamp":"Sun, 22 Nov 2026 08:59:06 GMT","url":"/api/v1.0/posts/1"})");
    CHECK(live.client(ann).get(first_post).body == answer.body);
}

TEST_CASE("PUT of an object without a body changes nothing and answers the post") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    const std::string document = live.client(ann).get(first_post).body;
    for (const std::string sent : {"{}", R"({"Body":"new","text":"new"})"}) {
        const auto answer = live.client(ann).put(first_post, sent);
        CHECK(answer.status == 200);
        CHECK(answer.body == document);
    }
    CHECK(live.client(ann).get(first_post).body == document);
}

TEST_CASE("an administrator may change a post of another author and does not become its author") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto admin = live.add_user("root", {.role = "Administrator"});
    live.add_post(ann, "old");
    const auto answer = live.client(admin).put(first_post, R"({"body":"new"})");
    CHECK(answer.status == 200);
    CHECK(*answer.json().find("author_url")->string() == "/api/v1.0/users/1");
    CHECK(body_of(answer) == "new");
}

TEST_CASE("a user and a moderator may not change a post of another author") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    for (const auto& other : {live.add_user("bob"), live.add_user("mod", {.role = "Moderator"})}) {
        const auto answer = live.client(other).put(first_post, R"({"body":"new"})");
        CHECK(answer.status == 403);
        CHECK(answer.body == R"({"error":"forbidden","message":"Insufficient permissions"})");
    }
    CHECK(body_of(live.client(ann).get(first_post)) == "old");
}

TEST_CASE("without WRITE a post can be read but neither written nor changed, though it be one's own") {
    LiveApp live;
    live.add_role("Reader", 3);
    const auto reader = live.add_user("reader", {.role = "Reader"});
    live.add_post(reader);
    const auto client = live.client(reader);
    CHECK(client.get(first_post).status == 200);
    for (const auto& answer :
         {client.post(posts, R"({"body":"x"})"), client.put(first_post, R"({"body":"x"})"), client.put(first_post, "{}")}) {
        CHECK(answer.status == 403);
        CHECK(answer.body == R"({"error":"forbidden","message":"Insufficient permissions"})");
    }
    CHECK(*client.get(posts).json().find("count")->integer() == 1);
}

TEST_CASE("the permission is asked before the object, the object before its author, the author before the body") {
    LiveApp live;
    live.add_role("Reader", 3);
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    const auto reader = live.add_user("reader", {.role = "Reader"});
    live.add_post(ann);
    const char* bad = "{no JSON";
    const char* absent = "/api/v1.0/posts/999";
    CHECK(live.client().put(absent, bad).status == 401);
    CHECK(live.client(reader).put(absent, bad).status == 403);
    CHECK(live.client(bob).put(absent, bad).status == 404);
    CHECK(live.client(bob).put(first_post, bad).status == 403);
    CHECK(live.client(ann).put(first_post, bad).status == 400);
    CHECK(live.client(reader).post(posts, bad).status == 403);
}

TEST_CASE("a body comes back as it was sent, whatever it is written in") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    using namespace std::string_literals;
    std::string large;
    while (large.size() < 1'000'000) large += "A line of text, 行, 👍.\n";
    for (const std::string& text : {"你好，世界"s, "😀👩‍👩‍👧‍👦 e\u0301"s, "a\0b\0"s, " blanks around \t\r\n"s,
                                    "\"quoted\" \\ / \x01\x1f\x7f\u2028\u2029"s, " "s, "\uFEFFbom \uFFFF \U0010FFFF"s, large}) {
        INFO(text.substr(0, 60));
        const auto answer = client.post(posts, document_of(text));
        REQUIRE(answer.status == 201);
        CHECK((body_of(answer) == text));
        CHECK((client.get(answer.header("Location")).body == answer.body));
        const auto edited = client.put(first_post, document_of(text));
        CHECK(edited.status == 200);
        CHECK((body_of(edited) == text));
    }
}

TEST_CASE("NUL is written as \\u0000 and escapes in a request are read as what they stand for") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto answer = live.client(ann).post(posts, R"({"body":"\u0000\u4f60\ud83d\ude00\/\u0041"})");
    CHECK(answer.status == 201);
    CHECK(answer.body.find(R"("body":"\u0000你😀/A")") != std::string::npos);
}

TEST_CASE("body_html holds no markup that could do harm") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto answer = live.client(ann).post(
        posts,
        document_of("<script>alert(1)</script>\n\nA <b onclick=x>bold</b> [link](javascript:alert(1)) <img src=x onerror=y>"));
    const std::string html = *answer.json().find("body_html")->string();
    for (const std::string bad : {"<script", "onclick", "javascript:", "<img", "onerror"})
        CHECK(html.find(bad) == std::string::npos);
    CHECK(html.find("<b>bold</b>") != std::string::npos);
}

TEST_CASE("a post's id is ASCII digits that fit 64 bits; all else is 404") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann).with(tests::accept_json);
    for (const std::string id : {"1", "01", "0000000000000000000000000000001", "%31"}) {
        INFO(id);
        CHECK(client.get(std::string(posts) + id).status == 200);
    }
    for (const std::string id : {"0",
                                 "00",
                                 "2",
                                 "-1",
                                 "+1",
                                 "1.0",
                                 "1e0",
                                 "0x1",
                                 "9223372036854775807",
                                 "9223372036854775808",
                                 "18446744073709551616",
                                 "99999999999999999999999999999999999999",
                                 "one",
                                 "1a",
                                 "a1",
                                 "%D9%A1",
                                 "%EF%BC%91",
                                 "1%20",
                                 "%201",
                                 "1%2F",
                                 "%2D1",
                                 "1;2",
                                 "null",
                                 "..",
                                 ".",
                                 "%2E%2E"}) {
        INFO(id);
        const auto answer = client.get(std::string(posts) + id);
        CHECK(answer.status == 404);
        CHECK(answer.body == R"({"error":"not found"})");
        CHECK(client.put(std::string(posts) + id, R"({"body":"x"})").status == 404);
        CHECK(client.get(std::string(posts) + id + "/comments/").status == 404);
    }
}

TEST_CASE("HEAD has the headers of GET and no body") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    for (const std::string path : {posts, first_post, "/api/v1.0/posts/999"}) {
        const auto get = live.client(ann).get(path), head = live.client(ann).head(path);
        CHECK(head.status == get.status);
        CHECK(head.header("Content-Type") == get.header("Content-Type"));
        CHECK(head.header("Content-Length") == std::to_string(get.body.size()));
        CHECK(head.body.empty());
    }
}
