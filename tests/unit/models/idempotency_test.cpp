#include "app/models/idempotency.hpp"

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

const base::Timestamp now = base::from_microseconds(1'800'000'000'000'000);

StoredAnswer answer(const std::string& body) {
    return {.fingerprint = request_fingerprint("POST", "/posts/", body),
            .status = 201,
            .location = "/posts/1",
            .etag = "\"1\"",
            .media_type = "application/json",
            .body = body};
}

void store(Blog& blog, const User& user, const std::string& key, base::Timestamp when, const std::string& body = "first") {
    blog.write([&](db::Connection& c) { store_answer(c, user.id, key, answer(body), when); });
}

std::optional<StoredAnswer> find(Blog& blog, const User& user, const std::string& key, base::Timestamp when) {
    return blog.read([&](db::Connection& c) { return find_stored_answer(c, user.id, key, when); });
}

std::int64_t stored_count(Blog& blog) {
    return blog.read([](db::Connection& c) { return c.integer("SELECT COUNT(*) FROM idempotency_keys"); });
}

}  // namespace

TEST_CASE("a stored answer is found whole for a day by its account and key, and by no other") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    const std::string key("k\0\xff", 3);
    store(blog, ann, key, now);
    const auto found = find(blog, ann, key, now + answer_lifetime - std::chrono::microseconds{1});
    REQUIRE(found);
    CHECK(found->fingerprint == answer("first").fingerprint);
    CHECK(found->status == 201);
    CHECK(found->location == "/posts/1");
    CHECK(found->etag == "\"1\"");
    CHECK(found->media_type == "application/json");
    CHECK(found->body == "first");
    CHECK_FALSE(find(blog, ann, key, now + answer_lifetime));
    CHECK_FALSE(find(blog, ann, "k", now));
    CHECK_FALSE(find(blog, bob, key, now));
}

TEST_CASE("a second answer under the same key is a conflict until the first is a day old") {
    Blog blog;
    const User ann = blog.user("ann");
    store(blog, ann, "key", now);
    CHECK(error_of([&] { store(blog, ann, "key", now + answer_lifetime - std::chrono::microseconds{1}, "second"); }).code() ==
          base::Code::conflict);
    store(blog, ann, "key", now + answer_lifetime, "third");
    CHECK(find(blog, ann, "key", now + answer_lifetime)->body == "third");
    CHECK(stored_count(blog) == 1);
}

TEST_CASE("each store removes a few answers that are too old") {
    Blog blog;
    const User ann = blog.user("ann"), bob = blog.user("bob");
    for (int i = 0; i < 20; ++i) store(blog, ann, "key" + std::to_string(i), now);
    store(blog, bob, "a", now + answer_lifetime);
    CHECK(stored_count(blog) == 20 + 1 - 8);
    store(blog, bob, "b", now + answer_lifetime);
    store(blog, bob, "c", now + answer_lifetime);
    CHECK(stored_count(blog) == 3);
}

TEST_CASE("a key has 1 to 255 bytes") {
    Blog blog;
    const User ann = blog.user("ann");
    store(blog, ann, std::string(255, 'k'), now);
    for (const std::string& key : {std::string{}, std::string(256, 'k')}) {
        const auto error = error_of([&] { find(blog, ann, key, now); });
        check_error(error, base::Code::invalid, "an Idempotency-Key has 1 to 255 bytes");
        CHECK(error_of([&] { store(blog, ann, key, now); }).code() == base::Code::invalid);
    }
}

TEST_CASE("a request's fingerprint tells method, path and body apart") {
    const std::string first = request_fingerprint("POST", "/posts/", "{}");
    CHECK(first.size() == 64);
    CHECK(request_fingerprint("POST", "/posts/", "{}") == first);
    CHECK(request_fingerprint("PUT", "/posts/", "{}") != first);
    CHECK(request_fingerprint("POST", "/posts", "/{}") != first);
    CHECK(request_fingerprint("POST", "/posts/", "{ }") != first);
}
