#include "app/models/account_tokens.hpp"

#include <atomic>
#include <thread>

#include "app/base/secret.hpp"
#include "app/base/text.hpp"
#include "app/models/authentication.hpp"
#include "tests/support/checks.hpp"
#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

constexpr base::Timestamp noon{std::chrono::seconds{1795348800}};

struct Accounts : Blog {
    base::Signer signer{std::string(32, 'k'), {}};
    User ann = add("ann", false), bob = add("bob", true);

    User add(const std::string& name, bool confirmed) {
        return write([&](db::Connection& c) {
            return add_user(
                c,
                {.email = name + "@example.com", .username = name, .password_hash = "hash", .role = {}, .confirmed = confirmed},
                "");
        });
    }
    User now_of(const User& user) {
        return read([&](db::Connection& c) { return get_user(c, user.id); });
    }
    std::string confirmation(const User& user) const {
        return make_confirmation_token(signer, user.email, user.token_version, noon);
    }
    std::string reset(const User& user) const { return make_reset_token(signer, user.email, user.token_version, noon); }
    std::string change(const User& user, const std::string& email = "new@example.com") const {
        return make_email_change_token(signer, user, email, noon);
    }

    std::optional<User> confirm(const std::string& token, base::Timestamp now = noon) {
        return write([&](db::Connection& c) { return use_confirmation(c, signer, token, now); });
    }
    std::optional<User> set_password(const std::string& token, base::Timestamp now = noon) {
        return write([&](db::Connection& c) { return use_reset(c, signer, token, "new hash", now); });
    }
    std::optional<ChangedEmail> change_email(const std::string& token, base::Timestamp now = noon) {
        return write([&](db::Connection& c) { return use_email_change(c, signer, token, now); });
    }

    // Whether any of the three takes it, or would.
    bool is_good(const std::string& token, base::Timestamp now = noon) {
        const bool would = read([&](db::Connection& c) {
            return find_user_to_confirm(c, signer, token, now) || find_user_to_reset(c, signer, token, now) ||
                   find_email_change(c, signer, token, now);
        });
        return would || confirm(token, now) || set_password(token, now) || change_email(token, now);
    }
};

}  // namespace

TEST_CASE("a confirmation confirms its account, once") {
    Accounts blog;
    const std::string token = blog.confirmation(blog.ann);
    CHECK(blog.read([&](db::Connection& c) { return find_user_to_confirm(c, blog.signer, token, noon); })->id == blog.ann.id);
    CHECK_FALSE(blog.now_of(blog.ann).confirmed);
    const auto confirmed = blog.confirm(token);
    REQUIRE(confirmed);
    CHECK(confirmed->id == blog.ann.id);
    CHECK(blog.now_of(blog.ann).confirmed);
    CHECK_FALSE(blog.is_good(token));
}

TEST_CASE("a reset sets the password, confirms the account, ends its tokens, and works once") {
    Accounts blog;
    const std::string token = blog.reset(blog.ann), confirmation = blog.confirmation(blog.ann), change = blog.change(blog.ann);
    const std::string api = make_api_token(blog.signer, blog.ann, noon);
    CHECK(blog.set_password(token)->id == blog.ann.id);
    const auto credentials = blog.read([&](db::Connection& c) { return find_credentials(c, "ann@example.com"); });
    CHECK(credentials->password_hash == "new hash");
    CHECK(credentials->user.confirmed);
    CHECK(credentials->user.token_version == 1);
    for (const std::string& old : {token, confirmation, change}) CHECK_FALSE(blog.is_good(old));
    CHECK_FALSE(blog.read([&](db::Connection& c) { return find_token_user(c, blog.signer, api, noon); }));
}

TEST_CASE(
    "a change of address gives the account the new one, ends its tokens, and works once, also when the old one comes back") {
    Accounts blog;
    const std::string token = blog.change(blog.bob), reset = blog.reset(blog.bob);
    const auto changed = blog.change_email(token);
    REQUIRE(changed);
    CHECK(changed->old_email == "bob@example.com");
    CHECK(changed->user.email == "new@example.com");
    CHECK(blog.change_email(blog.change(changed->user, "bob@example.com"))->user.email == "bob@example.com");
    CHECK_FALSE(blog.is_good(token));
    CHECK_FALSE(blog.is_good(reset));
}

TEST_CASE("an address that another account has by now is a conflict, and nothing is changed") {
    Accounts blog;
    const std::string token = blog.change(blog.bob, "ann@example.com");
    const auto error = tests::error_of([&] { blog.change_email(token); });
    REQUIRE(error);
    CHECK(error->code() == base::Code::conflict);
    CHECK(blog.now_of(blog.bob).email == "bob@example.com");
    CHECK(blog.now_of(blog.bob).token_version == 0);
}

TEST_CASE("each token ends at its time") {
    Accounts blog;
    const base::Timestamp second{std::chrono::seconds{1}};
    const auto just_before = [&](base::Timestamp end) { return end - second.time_since_epoch(); };
    CHECK_FALSE(blog.is_good(blog.confirmation(blog.ann), noon + confirmation_lifetime));
    CHECK_FALSE(blog.is_good(blog.reset(blog.ann), noon + reset_lifetime));
    CHECK_FALSE(blog.is_good(blog.change(blog.bob), noon + email_change_lifetime));
    CHECK(blog.is_good(blog.change(blog.bob), just_before(noon + email_change_lifetime)));
    CHECK(blog.is_good(blog.reset(blog.ann), just_before(noon + reset_lifetime)));
    const auto invited = blog.now_of(blog.ann);
    const std::string invitation = make_reset_token(blog.signer, invited.email, invited.token_version, noon, invitation_lifetime);
    CHECK(blog.is_good(invitation, just_before(noon + invitation_lifetime)));
}

TEST_CASE("a token is good for its purpose alone, and none is an API token or made of one") {
    Accounts blog;
    const std::string confirmation = blog.confirmation(blog.ann), reset = blog.reset(blog.ann), change = blog.change(blog.ann),
                      api = make_api_token(blog.signer, blog.ann, noon);
    CHECK_FALSE(blog.set_password(confirmation));
    CHECK_FALSE(blog.change_email(confirmation));
    CHECK_FALSE(blog.confirm(reset));
    CHECK_FALSE(blog.change_email(reset));
    CHECK_FALSE(blog.confirm(change));
    CHECK_FALSE(blog.set_password(change));
    for (const std::string& token : {confirmation, reset, change}) {
        const std::string signed_part = token.substr(token.find('.') + 1);
        for (const std::string& text : {token, signed_part})
            CHECK_FALSE(blog.read([&](db::Connection& c) { return find_token_user(c, blog.signer, text, noon); }));
    }
    CHECK_FALSE(blog.is_good(api));
    CHECK_FALSE(blog.is_good(base::base64url_encode("ann@example.com") + "." + api));
}

TEST_CASE("a token that was tampered with is none") {
    Accounts blog;
    for (const std::string& token : {blog.confirmation(blog.ann), blog.reset(blog.ann), blog.change(blog.bob)}) {
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            INFO(changed);
            CHECK_FALSE(blog.is_good(changed));
        }
        CHECK_FALSE(blog.is_good(token + "A"));
        CHECK_FALSE(blog.is_good(token.substr(0, token.size() - 1)));
        CHECK_FALSE(blog.is_good(base::base64url_encode("bob@example.com") + token.substr(token.find('.'))));
    }
    for (const char* text : {"", ".", "..", "\xff", "a.b.c"}) CHECK_FALSE(blog.is_good(text));
    const base::Signer other{std::string(32, 'x'), {}};
    CHECK_FALSE(blog.is_good(make_reset_token(other, blog.ann.email, 0, noon)));
}

TEST_CASE("a token of an address that no account has is none, until one has it") {
    Accounts blog;
    const std::string token = make_confirmation_token(blog.signer, "eve@example.com", 0, noon);
    CHECK_FALSE(blog.is_good(token));
    const User eve = blog.add("eve", false);
    CHECK(blog.confirm(token)->id == eve.id);
}

TEST_CASE("of many who use one token at once, one succeeds") {
    Accounts blog;
    for (const std::string& token : {blog.confirmation(blog.ann), blog.reset(blog.bob)}) {
        std::atomic<int> succeeded = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                if (blog.confirm(token) || blog.set_password(token)) ++succeeded;
            });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK(succeeded == 1);
    }
}
