#include "app/models/user.hpp"

#include <atomic>
#include <limits>
#include <thread>

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

NewUser ann() { return {.email = "ann@example.com", .username = "Ann", .password_hash = "hash", .role = {}, .confirmed = false}; }

User add(Blog& blog, const NewUser& user, std::string_view admin_email = "") {
    return blog.write([&](db::Connection& c) { return add_user(c, user, admin_email); });
}

std::vector<std::string> pointers(const base::Error& error) {
    std::vector<std::string> found;
    for (const auto& field : error.fields()) found.push_back(field.pointer);
    return found;
}

}  // namespace

TEST_CASE("a new account has the default role, follows itself and has no posts") {
    Blog blog;
    NewUser wanted = ann();
    wanted.email = " Ann@Example.com ";
    const auto now = base::from_microseconds(1'700'000'000'123'456);
    const User user = blog.write([&](db::Connection& c) { return add_user(c, wanted, "", now); });
    CHECK(user.id > 0);
    CHECK(user.email == "ann@example.com");
    CHECK(user.username == "Ann");
    CHECK_FALSE(user.confirmed);
    CHECK(user.role_name == "User");
    CHECK(user.can(Permission::write));
    CHECK_FALSE(user.can(Permission::moderate));
    CHECK(user.member_since == now);
    CHECK(user.last_seen == now);
    CHECK(user.token_version == 0);
    CHECK(user.post_count == 0);
    CHECK(blog.read([&](db::Connection& c) { return is_following(c, user.id, user.id); }));
}

TEST_CASE("the configured admin address becomes Administrator, in any case") {
    Blog blog;
    CHECK(add(blog, ann(), " ANN@example.com").can(Permission::admin));
    NewUser bob{.email = "bob@example.com", .username = "bob", .password_hash = "hash", .role = {}, .confirmed = false};
    CHECK(add(blog, bob, "ann@example.com").role_name == "User");
}

TEST_CASE("a role that is named wins") {
    Blog blog;
    NewUser user = ann();
    user.role = "Moderator";
    CHECK(add(blog, user, "ann@example.com").role_name == "Moderator");
}

TEST_CASE("an unknown role is invalid and the error lists the known ones") {
    Blog blog;
    NewUser user = ann();
    user.role = "King";
    const auto error = error_of([&] { add(blog, user); });
    check_error(error, base::Code::invalid, "there is no role \"King\"; the roles are: User, Moderator, Administrator");
    CHECK(pointers(error) == std::vector<std::string>{"/role"});
}

TEST_CASE("every wrong field of a new account is named") {
    Blog blog;
    NewUser user = ann();
    user.email = "nobody";
    user.username = "1";
    const auto error = error_of([&] { add(blog, user); });
    CHECK(error.code() == base::Code::invalid);
    CHECK(pointers(error) == std::vector<std::string>{"/email", "/username"});
    CHECK(blog.read([](db::Connection& c) { return list_users(c).size(); }) == 0);
}

TEST_CASE("an e-mail address is used once, whatever its case") {
    Blog blog;
    add(blog, ann());
    NewUser other = ann();
    other.email = "ANN@EXAMPLE.COM";
    other.username = "other";
    const auto error = error_of([&] { add(blog, other); });
    check_error(error, base::Code::conflict, "e-mail address ann@example.com is already in use");
    CHECK(pointers(error) == std::vector<std::string>{"/email"});
}

TEST_CASE("a username is used once, whatever its case") {
    Blog blog;
    add(blog, ann());
    NewUser other = ann();
    other.email = "other@example.com";
    other.username = "aNN";
    const auto error = error_of([&] { add(blog, other); });
    check_error(error, base::Code::conflict, "username aNN is already in use");
    CHECK(pointers(error) == std::vector<std::string>{"/username"});
}

TEST_CASE("of two writers who register the same e-mail address at once, exactly one wins") {
    Blog blog;
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> won = 0;
        std::atomic<int> conflicts = 0;
        std::vector<std::thread> writers;
        for (int writer = 0; writer < 4; ++writer) {
            writers.emplace_back([&, writer] {
                NewUser user = ann();
                user.email = "ann" + std::to_string(round) + "@example.com";
                user.username = "ann" + std::to_string(round) + "_" + std::to_string(writer);
                try {
                    add(blog, user);
                    ++won;
                } catch (const base::Error& error) {
                    if (error.code() == base::Code::conflict) ++conflicts;
                }
            });
        }
        for (auto& writer : writers) writer.join();
        CHECK(won == 1);
        CHECK(conflicts == 3);
    }
    const auto users = blog.read([](db::Connection& c) { return list_users(c); });
    CHECK(users.size() == 20);
    for (const User& user : users) CHECK(blog.read([&](db::Connection& c) { return is_following(c, user.id, user.id); }));
}

TEST_CASE("accounts are listed from behind an id on, so many at a time") {
    Blog blog;
    for (const char* name : {"ann", "bob", "cid"})
        add(blog,
            {.email = std::string(name) + "@example.com", .username = name, .password_hash = "x", .role = {}, .confirmed = true});
    const auto names = [&](CursorRequest request) {
        std::string text;
        for (const User& user : blog.read([&](db::Connection& c) { return list_users_after(c, request); }))
            text += user.username + " ";
        return text;
    };
    CHECK(names({.after = {}, .limit = 2}) == "ann bob ");
    CHECK(names({.after = 1, .limit = 2}) == "bob cid ");
    CHECK(names({.after = 3, .limit = 2}) == "");
}

TEST_CASE("an account is found by id, by e-mail and by name in any case") {
    Blog blog;
    const User user = add(blog, ann());
    blog.read([&](db::Connection& c) {
        CHECK(find_user(c, user.id)->username == "Ann");
        CHECK(get_user(c, user.id).username == "Ann");
        CHECK(find_user_by_email(c, " ANN@example.com")->id == user.id);
        CHECK(find_user_by_username(c, "ann")->id == user.id);
        CHECK(find_credentials(c, "ann@example.com")->user.id == user.id);
        CHECK(find_credentials(c, "ann@example.com")->password_hash == "hash");
    });
}

TEST_CASE("nothing is found for what no account has, whatever the bytes") {
    Blog blog;
    add(blog, ann());
    blog.read([&](db::Connection& c) {
        for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{99},
                                      std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
            CHECK_FALSE(find_user(c, id));
        }
        CHECK_FALSE(find_user_by_email(c, "bob@example.com"));
        CHECK_FALSE(find_user_by_email(c, ""));
        CHECK_FALSE(find_user_by_email(c, "\xff\xfe"));
        CHECK_FALSE(find_user_by_username(c, std::string_view{"Ann\0", 4}));
        CHECK_FALSE(find_credentials(c, "' OR 1=1 --"));
    });
    check_error(error_of([&] { blog.read([](db::Connection& c) { return get_user(c, 99); }); }), base::Code::not_found,
                "there is no user 99");
}

TEST_CASE("a password change replaces the hash and raises the token version") {
    Blog blog;
    const User user = add(blog, ann());
    blog.write([&](db::Connection& c) { change_password(c, user.id, "new hash"); });
    const auto credentials = blog.read([](db::Connection& c) { return find_credentials(c, "ann@example.com"); });
    REQUIRE(credentials);
    CHECK(credentials->password_hash == "new hash");
    CHECK(credentials->user.token_version == 1);
}

TEST_CASE("a password hash that the table does not hold is invalid, not cut and not stored") {
    Blog blog;
    const User user = add(blog, ann());
    NewUser bob = ann();
    bob.email = "bob@example.com";
    bob.username = "bob";
    for (const std::string& hash : {std::string(256, 'x'), std::string("\xff")}) {
        bob.password_hash = hash;
        for (const auto& error : {error_of([&] { blog.write([&](db::Connection& c) { add_user(c, bob, ""); }); }),
                                  error_of([&] { blog.write([&](db::Connection& c) { change_password(c, user.id, hash); }); })}) {
            check_error(error, base::Code::invalid, "a password hash is text of at most 255 bytes");
            CHECK(error.fields().at(0).pointer == "/password_hash");
        }
    }
    bob.password_hash = std::string(255, 'x');
    add(blog, bob);
    CHECK(blog.read([](db::Connection& c) { return find_credentials(c, "bob@example.com"); })->password_hash ==
          bob.password_hash);
}

TEST_CASE("an account is confirmed and given another role") {
    Blog blog;
    const User user = add(blog, ann());
    blog.write([&](db::Connection& c) {
        confirm_user(c, user.id);
        confirm_user(c, user.id);
        change_role(c, user.id, "Administrator");
    });
    const User changed = blog.read([&](db::Connection& c) { return get_user(c, user.id); });
    CHECK(changed.confirmed);
    CHECK(changed.can(Permission::admin));
    CHECK(error_of([&] { blog.write([&](db::Connection& c) { change_role(c, user.id, "King"); }); }).code() ==
          base::Code::invalid);
}

TEST_CASE("changing an account that does not exist is not_found") {
    Blog blog;
    const auto code_of = [&](auto change) { return error_of([&] { blog.write([&](db::Connection& c) { change(c); }); }).code(); };
    CHECK(code_of([](db::Connection& c) { change_password(c, 9, "hash"); }) == base::Code::not_found);
    CHECK(code_of([](db::Connection& c) { change_role(c, 9, "User"); }) == base::Code::not_found);
    CHECK(code_of([](db::Connection& c) { confirm_user(c, 9); }) == base::Code::not_found);
}

TEST_CASE("last_seen moves forward to the microsecond and never back") {
    Blog blog;
    const User user = add(blog, ann());
    const auto later = user.last_seen + std::chrono::microseconds{1};
    blog.write([&](db::Connection& c) { touch_last_seen(c, user.id, later); });
    CHECK(blog.read([&](db::Connection& c) { return get_user(c, user.id).last_seen; }) == later);
    blog.write([&](db::Connection& c) { touch_last_seen(c, user.id, user.last_seen); });
    CHECK(blog.read([&](db::Connection& c) { return get_user(c, user.id).last_seen; }) == later);
    CHECK(blog.read([&](db::Connection& c) { return get_user(c, user.id).member_since; }) == user.member_since);
}

TEST_CASE("an account's version is raised by what its documents show, not by a password") {
    Blog blog;
    const User user = add(blog, ann());
    const auto version = [&] { return blog.read([&](db::Connection& c) { return get_user(c, user.id).version; }); };
    blog.write([&](db::Connection& c) { change_password(c, user.id, "new hash"); });
    CHECK(version() == user.version);
    blog.write([&](db::Connection& c) { change_role(c, user.id, "Moderator"); });
    CHECK(version() == user.version + 1);
    blog.write([&](db::Connection& c) { touch_last_seen(c, user.id, user.last_seen + std::chrono::microseconds{1}); });
    CHECK(version() == user.version + 2);
    blog.write([&](db::Connection& c) { touch_last_seen(c, user.id, user.last_seen); });
    CHECK(version() == user.version + 2);
    blog.post(user);
    CHECK(version() == user.version + 3);
}
