// Idempotency-Key on the POSTs of API v1.1: what was answered once is answered again, and written once.
// backends: sqlite mysql
#include <optional>

#include "app/db/database.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/mariadb.hpp"

using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.1/posts/";

tests::Header key(const std::string& value) { return {"Idempotency-Key", value}; }

std::int64_t count(LiveApp& live, const std::string& table) {
    return live.database().read([&](app::db::Connection& c) { return c.integer("SELECT COUNT(*) FROM " + table); });
}

// The same answer, but that the second says of itself that it is not the first.
void check_replayed(const tests::Answer& first, const tests::Answer& second) {
    CHECK(second.status == first.status);
    CHECK(second.body == first.body);
    for (const std::string name : {"Location", "ETag", "Content-Type", "Cache-Control", "Vary"}) {
        INFO(name);
        CHECK(second.header(name) == first.header(name));
    }
    CHECK_FALSE(first.has("Idempotency-Replayed"));
    CHECK(second.header("Idempotency-Replayed") == "true");
}

// A new empty database that several applications can open, one after the other or at the same time.
class SharedDatabase {
   public:
    SharedDatabase() {
        if (tests::backend() == "mysql") {
            url_ = tests::new_database_url();
        } else {
            url_ = "sqlite:///" + (folder_ / "shared.sqlite");
            app::db::open({.url = url_, .create = true});
        }
    }
    const std::string& url() const { return url_; }

   private:
    tests::TemporaryFolder folder_;
    std::string url_;
};

std::string wrong_header(const tests::Answer& answer) {
    return *answer.json().find("errors")->list()->at(0).find("header")->string();
}

}  // namespace

TEST_CASE("the same post with the same key is written once and answered alike, as often as it is sent") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann).with(key("abc"));
    const auto first = client.post(posts, R"({"body":"*once*"})");
    CHECK(first.status == 201);
    CHECK(first.header("Location") == "/api/v1.1/posts/1");
    for (int i = 0; i < 3; ++i) check_replayed(first, client.post(posts, R"({"body":"*once*"})"));
    CHECK(count(live, "posts") == 1);
}

TEST_CASE("a comment likewise, also when its post and it are gone by then") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann).with(key("abc"));
    const auto first = client.post("/api/v1.1/posts/1/comments/", R"({"body":"once"})");
    CHECK(first.status == 201);
    check_replayed(first, client.post("/api/v1.1/posts/1/comments/", R"({"body":"once"})"));
    CHECK(count(live, "comments") == 1);
    CHECK(live.client(ann).request("DELETE", "/api/v1.1/posts/1").status == 204);
    check_replayed(first, client.post("/api/v1.1/posts/1/comments/", R"({"body":"once"})"));
    CHECK(count(live, "comments") == 0);
}

TEST_CASE("without a key each POST is one of its own, and another key is another one") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    for (int i = 0; i < 2; ++i) CHECK_FALSE(client.post(posts, R"({"body":"x"})").has("Idempotency-Replayed"));
    CHECK(client.with(key("a")).post(posts, R"({"body":"x"})").header("Location") == "/api/v1.1/posts/3");
    CHECK(client.with(key("A")).post(posts, R"({"body":"x"})").header("Location") == "/api/v1.1/posts/4");
}

TEST_CASE("a key belongs to one account") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto bob = live.add_user("bob");
    CHECK(live.client(ann).with(key("k")).post(posts, R"({"body":"x"})").status == 201);
    const auto answer = live.client(bob).with(key("k")).post(posts, R"({"body":"x"})");
    CHECK(answer.status == 201);
    CHECK(*answer.json().find("author")->find("username")->string() == "bob");
    CHECK(count(live, "posts") == 2);
}

TEST_CASE("a key that comes with another text or another path is 422, and nothing is written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann).with(key("k"));
    CHECK(client.post(posts, R"({"body":"x"})").status == 201);
    for (const auto& answer : {client.post(posts, R"({"body":"y"})"), client.post(posts, R"({ "body":"x"})"),
                               client.post(posts, "{"), client.post("/api/v1.1/posts/1/comments/", R"({"body":"x"})")}) {
        CHECK(answer.status == 422);
        CHECK(answer.header("Content-Type") == "application/problem+json");
        CHECK(*answer.json().find("title")->string() == "Unprocessable Content");
        CHECK(wrong_header(answer) == "Idempotency-Key");
    }
    CHECK(count(live, "posts") == 1);
    CHECK(count(live, "comments") == 0);
}

TEST_CASE("a key that is empty, too long, not printable ASCII or one of two is 400, and nothing is written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    for (const std::string& bad : {std::string(), std::string(256, 'k'), std::string("a\tb"), std::string("k\xc3\xa9y")}) {
        INFO(bad);
        const auto answer = client.with(key(bad)).post(posts, R"({"body":"x"})");
        CHECK(answer.status == 400);
        CHECK(wrong_header(answer) == "Idempotency-Key");
    }
    CHECK(client.with(key("a")).with(key("b")).post(posts, R"({"body":"x"})").status == 400);
    CHECK(count(live, "posts") == 0);
    CHECK(client.with(key(std::string(255, 'k'))).post(posts, R"({"body":"x"})").status == 201);
    CHECK(client.with(key("\"quoted, with blanks\"")).post(posts, R"({"body":"x"})").status == 201);
}

TEST_CASE("what was refused is not kept: the key is free for the next try") {
    LiveApp live;
    live.add_role("Reader", 3);
    const auto ann = live.add_user("ann");
    const auto reader = live.client(live.add_user("reader", {.role = "Reader"})).with(key("k"));
    const auto client = live.client(ann).with(key("k"));
    CHECK(client.post(posts, R"({"body":""})").status == 400);
    CHECK(client.request("POST", posts, {{"Content-Type", "text/plain"}}, "x").status == 415);
    CHECK(client.post("/api/v1.1/posts/9/comments/", R"({"body":"x"})").status == 404);
    CHECK(reader.post(posts, R"({"body":"x"})").status == 403);
    CHECK(count(live, "idempotency_keys") == 0);
    const auto answer = client.post(posts, R"({"body":"x"})");
    CHECK(answer.status == 201);
    CHECK_FALSE(answer.has("Idempotency-Replayed"));
}

TEST_CASE("after a day a key is as good as new") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann).with(key("k"));
    client.post(posts, R"({"body":"x"})");
    const auto age = [&](std::chrono::minutes by) {
        live.database().write(
            [&](app::db::Connection& c) { c.execute("UPDATE idempotency_keys SET created_at = ?", app::base::now() - by); });
    };
    age(std::chrono::hours(24) - std::chrono::minutes(1));
    CHECK(client.post(posts, R"({"body":"x"})").header("Idempotency-Replayed") == "true");
    age(std::chrono::hours(24));
    const auto answer = client.post(posts, R"({"body":"another"})");
    CHECK(answer.status == 201);
    CHECK(answer.header("Location") == "/api/v1.1/posts/2");
    CHECK(client.post(posts, R"({"body":"another"})").header("Idempotency-Replayed") == "true");
}

TEST_CASE("the account's permission is asked before its key") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_role("Reader", 3);
    const auto client = live.client(ann).with(key("k"));
    CHECK(client.post(posts, R"({"body":"x"})").status == 201);
    live.database().write([&](app::db::Connection& c) { app::models::change_role(c, ann.id(), "Reader"); });
    CHECK(client.post(posts, R"({"body":"x"})").status == 403);
}

TEST_CASE("of requests with one key at the same time one writes and all are answered alike") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (int round = 0; round < 10; ++round) {
        const auto client = live.client(ann).with(key("round " + std::to_string(round)));
        std::vector<tests::Answer> answers(4);
        std::vector<std::thread> threads;
        for (auto& answer : answers) threads.emplace_back([&] { answer = client.post(posts, R"({"body":"x"})"); });
        for (std::thread& thread : threads) thread.join();
        int first = 0;
        for (const auto& answer : answers) {
            CHECK(answer.status == 201);
            CHECK(answer.body == answers[0].body);
            first += !answer.has("Idempotency-Replayed");
        }
        CHECK(first == 1);
        CHECK(count(live, "posts") == round + 1);
    }
}

TEST_CASE("two instances over one database know each other's keys, also of requests at the same time") {
    const SharedDatabase database;
    const auto shared = [&](config::Config& config) { config.database.url = database.url(); };
    LiveApp one(shared), two(shared);
    const auto ann = one.add_user("ann");
    const LiveApp* instances[] = {&one, &two};
    for (int round = 0; round < 10; ++round) {
        const auto name = key("round " + std::to_string(round));
        tests::Answer answers[2];
        std::thread threads[2];
        for (int i = 0; i < 2; ++i) {
            threads[i] =
                std::thread([&, i] { answers[i] = instances[i]->client(ann).with(name).post(posts, R"({"body":"x"})"); });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK(answers[0].status == 201);
        CHECK(answers[1].status == 201);
        CHECK(answers[0].body == answers[1].body);
        CHECK(answers[0].has("Idempotency-Replayed") != answers[1].has("Idempotency-Replayed"));
        check_replayed(answers[answers[0].has("Idempotency-Replayed")],
                       two.client(ann).with(name).post(posts, R"({"body":"x"})"));
    }
    CHECK(count(one, "posts") == 10);
}

TEST_CASE("a key holds after a restart") {
    const SharedDatabase database;
    const auto shared = [&](config::Config& config) { config.database.url = database.url(); };
    std::optional<LiveApp> before;
    before.emplace(shared);
    const auto ann = before->add_user("ann");
    const auto first = before->client(ann).with(key("k")).post(posts, R"({"body":"x"})");
    before.reset();
    LiveApp after(shared);
    check_replayed(first, after.client(ann).with(key("k")).post(posts, R"({"body":"x"})"));
    CHECK(count(after, "posts") == 1);
}

TEST_CASE("a key means nothing to v1.0, and nothing to a request that makes no row") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann).with(key("k"));
    for (int i = 0; i < 2; ++i) {
        CHECK(client.post("/api/v1.0/posts/", R"({"body":"x"})").status == 201);
        CHECK_FALSE(client.post("/api/v1.1/tokens/", "").has("Idempotency-Replayed"));
        CHECK(client.put("/api/v1.1/posts/1", R"({"body":"y"})").status == 200);
    }
    CHECK(count(live, "posts") == 2);
    CHECK(count(live, "idempotency_keys") == 0);
}
