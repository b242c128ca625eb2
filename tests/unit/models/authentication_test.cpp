#include "app/models/authentication.hpp"

#include <ctime>

#include "app/base/secret.hpp"
#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

struct Accounts : Blog {
    base::Signer signer{std::string(32, 'k'), {}};
    base::Passwords passwords{{.memory_kib = 8, .iterations = 1, .parallelism = 1}};
    User ann;

    Accounts() {
        const std::string hash = passwords.hash("correct horse");
        ann = write([&](db::Connection& c) {
            return add_user(
                c, {.email = "ann@example.com", .username = "ann", .password_hash = hash, .role = {}, .confirmed = true}, "");
        });
    }

    std::optional<User> user_of(std::string_view token, base::Timestamp now) {
        return read([&](db::Connection& c) { return find_token_user(c, signer, token, now); });
    }
};

// What this thread has computed so far, whatever else the machine does meanwhile.
std::int64_t computed_ns() {
    timespec time{};
    REQUIRE(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

}  // namespace

TEST_CASE("the right password signs in, with the e-mail in any case") {
    Accounts blog;
    const auto user = check_password(*blog.database, blog.passwords, " ANN@Example.com", "correct horse");
    REQUIRE(user);
    CHECK(user->id == blog.ann.id);
}

TEST_CASE("a wrong password or an unknown e-mail signs nobody in") {
    Accounts blog;
    for (const std::string_view password : {"Correct horse", "correct horse ", ""}) {
        CHECK_FALSE(check_password(*blog.database, blog.passwords, "ann@example.com", password));
    }
    CHECK_FALSE(check_password(*blog.database, blog.passwords, "ann@example.com", std::string_view{"correct horse\0", 14}));
    CHECK_FALSE(check_password(*blog.database, blog.passwords, "bob@example.com", "correct horse"));
    CHECK_FALSE(check_password(*blog.database, blog.passwords, "", "correct horse"));
}

TEST_CASE("an unknown e-mail costs about as much as a wrong password") {
    Blog blog;
    base::Passwords passwords{{.memory_kib = 8192, .iterations = 4, .parallelism = 1}};
    const std::string hash = passwords.hash("correct horse");
    blog.write([&](db::Connection& c) {
        add_user(c, {.email = "ann@example.com", .username = "ann", .password_hash = hash, .role = {}, .confirmed = true}, "");
    });
    const auto cost_of = [&](std::string_view email) {
        const std::int64_t start = computed_ns();
        CHECK_FALSE(check_password(*blog.database, passwords, email, "wrong password"));
        return computed_ns() - start;
    };
    cost_of("bob@example.com");  // the first pays for what is made once
    CHECK(cost_of("bob@example.com") * 2 > cost_of("ann@example.com"));
}

TEST_CASE("an API token finds its user for an hour") {
    Accounts blog;
    const auto now = base::from_microseconds(1'700'000'000'000'000);
    const std::string token = make_api_token(blog.signer, blog.ann, now);
    REQUIRE(blog.user_of(token, now + std::chrono::seconds{3599}));
    CHECK(blog.user_of(token, now)->id == blog.ann.id);
    CHECK_FALSE(blog.user_of(token, now + std::chrono::seconds{3600}));
}

TEST_CASE("an API token ends with a password change") {
    Accounts blog;
    const std::string token = make_api_token(blog.signer, blog.ann, base::now());
    blog.write([&](db::Connection& c) { change_password(c, blog.ann.id, "hash"); });
    CHECK_FALSE(blog.user_of(token, base::now()));
}

TEST_CASE("a token of another purpose, another key or another account is nobody's") {
    Accounts blog;
    const auto now = base::now();
    const base::Claims claims{.subject = blog.ann.id, .version = 0, .expires = now + std::chrono::hours{1}};
    CHECK(blog.user_of(blog.signer.sign("api", claims), now));
    CHECK_FALSE(blog.user_of(blog.signer.sign("confirm", claims), now));
    CHECK_FALSE(blog.user_of(base::Signer(std::string(32, 'x'), {}).sign("api", claims), now));
    CHECK_FALSE(blog.user_of(blog.signer.sign("api", {.subject = 99, .version = 0, .expires = claims.expires}), now));
    CHECK_FALSE(blog.user_of("", now));
    CHECK_FALSE(blog.user_of("token", now));
}
