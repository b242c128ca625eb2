// Changing things in API v1.1: PUT, PATCH and DELETE with If-Match, moderation, following.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* first_post = "/api/v1.1/posts/1";
constexpr const char* first_comment = "/api/v1.1/comments/1";

tests::Answer patch(const tests::Client& client, std::string_view target, std::string_view body, tests::Headers headers = {},
                    const std::string& type = "application/merge-patch+json") {
    headers.emplace_back("Content-Type", type);
    return client.request("PATCH", target, headers, body);
}

tests::Answer remove(const tests::Client& client, std::string_view target, const tests::Headers& headers = {}) {
    return client.request("DELETE", target, headers);
}

std::string text_of(const tests::Answer& answer) { return *answer.json().find("body")->string(); }

std::int64_t total_of(const tests::Answer& answer) { return *answer.json().find("total")->integer(); }

std::string pointer_of(const tests::Answer& answer) {
    REQUIRE(answer.status == 400);
    return *answer.json().find("errors")->list()->at(0).find("pointer")->string();
}

tests::Header if_match(const std::string& tag) { return {"If-Match", tag}; }

}  // namespace

TEST_CASE("PUT changes the text of one's own post and answers its new document and tag") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    const auto client = live.client(ann);
    const auto before = client.get(first_post);
    const auto answer = client.put(first_post, R"({"body":"*new*"})");
    CHECK(answer.status == 200);
    CHECK(text_of(answer) == "*new*");
    CHECK(answer.header("ETag") != before.header("ETag"));
    CHECK(*answer.json().find("created_at")->string() == "2026-11-22T08:59:06.123Z");
    CHECK(*answer.json().find("updated_at")->string() > "2026-11-22T08:59:06.123Z");
    const auto after = client.get(first_post);
    CHECK(after.body == answer.body);
    CHECK(after.header("ETag") == answer.header("ETag"));
}

TEST_CASE("PATCH changes the members that it names, as merge-patch and as plain JSON, and ignores those that a post has not") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    const auto client = live.client(ann);
    for (const std::string type : {"application/merge-patch+json", "application/json", "APPLICATION/JSON; charset=utf-8"}) {
        INFO(type);
        const auto answer =
            patch(client, first_post, R"({"body":")" + type.substr(0, 13) + R"(","id":7,"author":null})", {}, type);
        CHECK(answer.status == 200);
        CHECK(text_of(answer) == type.substr(0, 13));
        CHECK(*answer.json().find("id")->integer() == 1);
    }
}

TEST_CASE("an empty patch and an empty PUT change nothing and answer the document") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann, "old"), ann, "old");
    const auto client = live.client(ann);
    for (const std::string target : {first_post, first_comment}) {
        const auto before = client.get(target);
        for (const auto& answer : {patch(client, target, "{}"), client.put(target, "{}")}) {
            CHECK(answer.status == 200);
            CHECK(answer.body == before.body);
            CHECK(answer.header("ETag") == before.header("ETag"));
        }
    }
}

TEST_CASE("a text that is removed, empty or no text is 400 at its pointer, and nothing is written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann, "old"), ann, "old");
    const auto client = live.client(ann);
    for (const std::string target : {first_post, first_comment}) {
        for (const std::string body : {R"({"body":null})", R"({"body":""})", R"({"body":7})", R"({"body":{"x":1}})"}) {
            INFO(target, body);
            CHECK(pointer_of(patch(client, target, body)) == "/body");
            CHECK(pointer_of(client.put(target, body)) == "/body");
        }
        CHECK(text_of(client.get(target)) == "old");
    }
}

TEST_CASE("a PATCH of another media type is 415, with those that are read") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    for (const std::string type :
         {"application/json-patch+json", "text/plain", "application/x-www-form-urlencoded", "nonsense"}) {
        INFO(type);
        const auto answer = patch(live.client(ann), first_post, R"({"body":"x"})", {}, type);
        CHECK(answer.status == 415);
        CHECK(answer.header("Accept-Patch").starts_with("application/merge-patch+json, application/json"));
    }
    CHECK(text_of(live.client(ann).get(first_post)) == "old");
}

TEST_CASE("DELETE removes one's own post with its comments, and a second one finds nothing") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann), ann);
    live.add_post(ann);
    const auto client = live.client(ann);
    const auto answer = remove(client, first_post);
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    CHECK(client.get(first_post).status == 404);
    CHECK(client.get(first_comment).status == 404);
    CHECK(total_of(client.get("/api/v1.1/posts/")) == 1);
    CHECK(total_of(client.get("/api/v1.1/comments/")) == 0);
    CHECK(*client.get("/api/v1.1/users/1").json().find("posts")->find("count")->integer() == 1);
    CHECK(remove(client, first_post).status == 404);
}

TEST_CASE("one's own comment can be put, patched and deleted, and its post counts it no more") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann), ann, "old");
    const auto client = live.client(ann);
    CHECK(text_of(client.put(first_comment, R"({"body":"put"})")) == "put");
    CHECK(text_of(patch(client, first_comment, R"({"body":"patched"})")) == "patched");
    CHECK(text_of(client.get(first_comment)) == "patched");
    CHECK(remove(client, first_comment).status == 204);
    CHECK(client.get(first_comment).status == 404);
    CHECK(*client.get(first_post).json().find("comments")->find("count")->integer() == 0);
}

TEST_CASE("another's post and comment are 403 to users and to moderators, and an administrator's to change and delete") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto root = live.client(live.add_user("root", {.role = "Administrator"}));
    live.add_comment(live.add_post(ann, "old"), ann, "old");
    for (const auto& other : {live.add_user("bob"), live.add_user("mod", {.role = "Moderator"})}) {
        const auto client = live.client(other);
        for (const std::string target : {first_post, first_comment}) {
            INFO(other.user.username, target);
            CHECK(client.put(target, R"({"body":"x"})").status == 403);
            CHECK(patch(client, target, R"({"body":"x"})").status == 403);
            CHECK(remove(client, target).status == 403);
            CHECK(text_of(client.get(target)) == "old");
        }
    }
    CHECK(text_of(patch(root, first_comment, R"({"body":"by root"})")) == "by root");
    CHECK(*root.put(first_post, R"({"body":"by root"})").json().find("author")->find("username")->string() == "ann");
    CHECK(remove(root, first_comment).status == 204);
    CHECK(remove(root, first_post).status == 204);
}

TEST_CASE("the order of checks: credentials, permission, object, author, precondition, body") {
    LiveApp live;
    live.add_role("Reader", 0);
    const auto ann = live.add_user("ann");
    const auto bob = live.client(live.add_user("bob"));
    const auto reader = live.client(live.add_user("reader", {.role = "Reader"}));
    live.add_comment(live.add_post(ann), ann);
    const tests::Header stale = if_match("\"stale\"");
    for (const std::string thing : {"/api/v1.1/posts/", "/api/v1.1/comments/"}) {
        INFO(thing);
        CHECK(live.client().with(stale).put(thing + "9", "{").status == 401);
        CHECK(reader.with(stale).put(thing + "9", "{").status == 403);
        CHECK(patch(reader, thing + "9", "{", {stale}).status == 403);
        CHECK(remove(reader, thing + "9", {stale}).status == 403);
        CHECK(bob.with(stale).put(thing + "9", "{").status == 404);
        CHECK(patch(bob, thing + "9", "{", {stale}).status == 404);
        CHECK(bob.with(stale).put(thing + "1", "{").status == 403);
        CHECK(patch(bob, thing + "1", "{", {stale}).status == 403);
        CHECK(remove(bob, thing + "1", {stale}).status == 403);
        CHECK(live.client(ann).with(stale).put(thing + "1", "{").status == 412);
        CHECK(patch(live.client(ann), thing + "1", "{", {stale}, "text/plain").status == 412);
        CHECK(live.client(ann).put(thing + "1", "{").status == 400);
        CHECK(patch(live.client(ann), thing + "1", "{", {}, "text/plain").status == 415);
    }
}

TEST_CASE("with the tag of what is there a write goes through, with any other it is 412 and nothing is written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann, "one"), ann, "one");
    const auto client = live.client(ann);
    for (const std::string target : {first_comment, first_post}) {
        INFO(target);
        const std::string first = client.get(target).header("ETag");
        const auto changed = client.with(if_match(first)).put(target, R"({"body":"two"})");
        CHECK(changed.status == 200);
        for (const std::string& stale : {first, std::string("\"x\""), "W/" + changed.header("ETag"), std::string("nonsense")}) {
            INFO(stale);
            CHECK(client.with(if_match(stale)).put(target, R"({"body":"three"})").status == 412);
            CHECK(client.with(if_match(stale)).put(target, "{}").status == 412);
            CHECK(patch(client, target, R"({"body":"three"})", {if_match(stale)}).status == 412);
            const auto answer = remove(client, target, {if_match(stale)});
            CHECK(answer.status == 412);
            CHECK(answer.header("Content-Type") == "application/problem+json");
        }
        CHECK(text_of(client.get(target)) == "two");
        const std::string several = "\"x\", " + changed.header("ETag");
        const auto patched = patch(client, target, R"({"body":"three"})", {if_match(several)});
        CHECK(text_of(patched) == "three");
        CHECK(patch(client, target, R"({"body":"four"})", {if_match("*")}).status == 200);
        CHECK(remove(client, target, {if_match(patched.header("ETag"))}).status == 412);
        CHECK(remove(client, target, {if_match("*")}).status == 204);
        CHECK(remove(client, target, {if_match("*")}).status == 404);
    }
}

TEST_CASE("a new comment makes the tag of its post stale, for the document tells how many there are") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann, "one");
    const auto client = live.client(ann);
    const auto tag = if_match(client.get(first_post).header("ETag"));
    live.add_comment(post, ann);
    CHECK(client.with(tag).put(first_post, R"({"body":"two"})").status == 412);
}

TEST_CASE("of writers who all have the same tag one writes") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "one");
    const auto client = live.client_with_token(ann);
    const auto tag = if_match(client.get(first_post).header("ETag"));
    std::vector<std::thread> threads;
    std::vector<int> statuses(8);
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        threads.emplace_back(
            [&, i] { statuses[i] = client.with(tag).put(first_post, R"({"body":"by )" + std::to_string(i) + "\"}").status; });
    }
    for (std::thread& thread : threads) thread.join();
    std::ranges::sort(statuses);
    CHECK(statuses.front() == 200);
    for (std::size_t i = 1; i < statuses.size(); ++i) CHECK(statuses[i] == 412);
}

TEST_CASE("a moderator disables a comment, which then is found, listed and counted nowhere, and enables it again") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto mod = live.client(live.add_user("mod", {.role = "Moderator"}));
    live.add_comment(live.add_post(ann), ann, "spam");
    const auto client = live.client(ann);
    const auto disabled = patch(mod, first_comment, R"({"disabled":true})");
    CHECK(disabled.status == 200);
    CHECK(*disabled.json().find("disabled")->boolean());
    CHECK(text_of(disabled) == "spam");
    for (const auto& who : {client, mod}) {
        CHECK(who.get(first_comment).status == 404);
        CHECK(who.get("/api/v1.0/comments/1").status == 404);
        CHECK(total_of(who.get("/api/v1.1/comments/")) == 0);
        CHECK(total_of(who.get("/api/v1.1/posts/1/comments/")) == 0);
        CHECK(*who.get(first_post).json().find("comments")->find("count")->integer() == 0);
    }
    const auto enabled = patch(mod, first_comment, R"({"disabled":false})");
    CHECK(enabled.status == 200);
    CHECK_FALSE(*enabled.json().find("disabled")->boolean());
    CHECK(client.get(first_comment).body == enabled.body);
    CHECK(total_of(client.get("/api/v1.1/comments/")) == 1);
}

TEST_CASE("a moderator sees a disabled comment by an empty patch; its author finds it no more") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto mod = live.client(live.add_user("mod", {.role = "Moderator"}));
    live.add_comment(live.add_post(ann), ann, "spam");
    patch(mod, first_comment, R"({"disabled":true})");
    const auto seen = patch(mod, first_comment, "{}");
    CHECK(seen.status == 200);
    CHECK(*seen.json().find("disabled")->boolean());
    CHECK(patch(mod, first_comment, R"({"disabled":false})", {if_match("\"stale\"")}).status == 412);
    CHECK(patch(mod, first_comment, R"({"disabled":false})", {if_match(seen.header("ETag"))}).status == 200);
    patch(mod, first_comment, R"({"disabled":true})");
    const auto client = live.client(ann);
    CHECK(client.put(first_comment, R"({"body":"x"})").status == 404);
    CHECK(patch(client, first_comment, R"({"body":"x"})").status == 404);
    CHECK(remove(client, first_comment).status == 404);
}

TEST_CASE("disabling twice changes nothing, neither the count nor the tag") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto mod = live.client(live.add_user("mod", {.role = "Moderator"}));
    const auto post = live.add_post(ann);
    live.add_comment(post, ann);
    live.add_comment(post, ann);
    const auto once = patch(mod, first_comment, R"({"disabled":true})");
    const auto twice = patch(mod, first_comment, R"({"disabled":true})");
    CHECK(twice.status == 200);
    CHECK(twice.header("ETag") == once.header("ETag"));
    CHECK(*mod.get(first_post).json().find("comments")->find("count")->integer() == 1);
}

TEST_CASE("who may not moderate is 403 for `disabled`, with the text beside it unwritten") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.client(live.add_user("bob"));
    live.add_comment(live.add_post(ann), ann, "old");
    CHECK(patch(bob, first_comment, R"({"disabled":true})").status == 403);
    CHECK(patch(live.client(ann), first_comment, R"({"disabled":true})").status == 403);
    CHECK(patch(live.client(ann), first_comment, R"({"body":"new","disabled":true})").status == 403);
    CHECK(text_of(bob.get(first_comment)) == "old");
}

TEST_CASE("a moderator without COMMENT may disable, and an administrator may change both at once") {
    LiveApp live;
    live.add_role("Warden", 8);
    const auto ann = live.add_user("ann");
    const auto warden = live.client(live.add_user("warden", {.role = "Warden"}));
    const auto root = live.client(live.add_user("root", {.role = "Administrator"}));
    live.add_comment(live.add_post(ann), ann, "old");
    CHECK(patch(warden, first_comment, R"({"disabled":true})").status == 200);
    CHECK(patch(warden, first_comment, R"({"body":"x"})").status == 403);
    const auto both = patch(root, first_comment, R"({"body":"new","disabled":false})");
    CHECK(both.status == 200);
    CHECK(text_of(live.client(ann).get(first_comment)) == "new");
    const auto hidden = patch(root, first_comment, R"({"body":"newer","disabled":true})");
    CHECK(hidden.status == 200);
    CHECK(text_of(hidden) == "newer");
    CHECK(text_of(patch(root, first_comment, R"({"body":"newest","disabled":false})")) == "newest");
}

TEST_CASE("`disabled` that is neither true nor false is 400 at its pointer") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto mod = live.client(live.add_user("mod", {.role = "Moderator"}));
    live.add_comment(live.add_post(ann), ann);
    for (const std::string value : {"null", "1", "\"true\"", "[]"}) {
        INFO(value);
        CHECK(pointer_of(patch(mod, first_comment, R"({"disabled":)" + value + "}")) == "/disabled");
    }
    CHECK(mod.get(first_comment).status == 200);
}

TEST_CASE("following and not following are 204, once or twice, and show in both accounts") {
    LiveApp live;
    const auto ann = live.client(live.add_user("ann"));
    const auto bob = live.add_user("bob");
    live.add_post(bob);
    constexpr const char* follow = "/api/v1.1/users/2/follow";
    const auto counts = [&] {
        return std::pair{total_of(ann.get("/api/v1.1/users/2/followers/")), total_of(ann.get("/api/v1.1/users/1/timeline/"))};
    };
    for (int i = 0; i < 2; ++i) {
        const auto answer = ann.request("PUT", follow);
        CHECK(answer.status == 204);
        CHECK(answer.body.empty());
        CHECK((counts() == std::pair<std::int64_t, std::int64_t>{1, 1}));
        CHECK(*ann.get("/api/v1.1/users/1").json().find("following")->find("count")->integer() == 1);
    }
    for (int i = 0; i < 2; ++i) {
        CHECK(remove(ann, follow).status == 204);
        CHECK((counts() == std::pair<std::int64_t, std::int64_t>{0, 0}));
        CHECK(*ann.get("/api/v1.1/users/2").json().find("followers")->find("count")->integer() == 0);
    }
}

TEST_CASE("everyone follows themself: to ask for it is 204, to end it 409") {
    LiveApp live;
    const auto ann = live.client(live.add_user("ann"));
    CHECK(ann.request("PUT", "/api/v1.1/users/1/follow").status == 204);
    const auto answer = remove(ann, "/api/v1.1/users/1/follow");
    CHECK(answer.status == 409);
    CHECK(*answer.json().find("detail")->string() == "everyone follows themself, for good");
    CHECK(*ann.get("/api/v1.1/users/1").json().find("followers")->find("count")->integer() == 0);
}

TEST_CASE("following needs FOLLOW and somebody who is there") {
    LiveApp live;
    live.add_role("Writer", 6);
    const auto ann = live.client(live.add_user("ann"));
    const auto writer = live.client(live.add_user("writer", {.role = "Writer"}));
    for (const std::string method : {"PUT", "DELETE"}) {
        CHECK(ann.request(method, "/api/v1.1/users/9/follow").status == 404);
        CHECK(ann.request(method, "/api/v1.1/users/0/follow").status == 404);
        CHECK(writer.request(method, "/api/v1.1/users/1/follow").status == 403);
        CHECK(writer.request(method, "/api/v1.1/users/9/follow").status == 403);
        CHECK(live.client().request(method, "/api/v1.1/users/1/follow").status == 401);
    }
    CHECK(ann.get("/api/v1.1/users/1/follow").header("Allow") == "PUT, DELETE, OPTIONS");
}

TEST_CASE("a member that occurs twice is 400 with the pointer to it in v1.1; v1.0 takes the last") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    const std::pair<std::string, std::string> table[] = {
        {R"({"body":"a","body":"b"})", "/body"},
        {R"({"body":"a","b\u006fdy":"b"})", "/body"},
        {R"({"x":[1,{"y":{"a/b~":1,"z":2,"a/b~":3}}],"body":"a"})", "/x/1/y/a~1b~0"},
    };
    for (const auto& [body, pointer] : table) {
        INFO(body);
        CHECK(pointer_of(client.post("/api/v1.1/posts/", body)) == pointer);
        CHECK(client.post("/api/v1.0/posts/", body).status == 201);
    }
    CHECK(text_of(client.get(first_post)) == "b");
}

TEST_CASE("what is no object, malformed, too deep or missing is 400 that says where") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    const std::pair<std::string, std::string> table[] = {
        {"[]", "the JSON document is not an object"},
        {"\"body\"", "the JSON document is not an object"},
        {"{", "malformed JSON at byte 2"},
        {R"({"body":"\ud800"})", "malformed JSON at byte "},
        {std::string(100'000, '['), "JSON nested deeper than 64 levels"},
        {R"({"body":"x","y":)" + std::string(100'000, '['), "JSON nested deeper than 64 levels"},
        {"", "the request has no body"},
    };
    for (const auto& [body, detail] : table) {
        INFO(body.substr(0, 40));
        const auto answer = client.post("/api/v1.1/posts/", body);
        CHECK(answer.status == 400);
        CHECK(answer.json().find("detail")->string()->starts_with(detail));
    }
    CHECK(client.request("POST", "/api/v1.1/posts/").status == 400);
    CHECK(client.request("POST", "/api/v1.1/posts/", {}, R"({"body":"x"})").status == 415);
    CHECK(total_of(client.get("/api/v1.1/posts/")) == 0);
}
