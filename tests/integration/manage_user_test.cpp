// `manage user ...`, with the password from standard input.
#include <doctest/doctest.h>

#include "app/base/secret.hpp"
#include "app/db/database.hpp"
#include "app/models/account_tokens.hpp"
#include "app/models/authentication.hpp"
#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/mailbox.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() { REQUIRE(manage({"deploy"}).exit_code == 0); }

    Finished add(const std::string& email, const std::string& username, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"user", "add", email, "--username", username, "--password-stdin"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return manage(arguments, "correct horse\n");
    }

    // The account's line of `user list --json`.
    app::web::Value find(const std::string& email) const {
        const app::web::Value users = app::web::parse_json(manage({"user", "list", "--json"}).out);
        for (const app::web::Value& user : *users.list()) {
            if (*user.find("email")->string() == email) return user;
        }
        return {};
    }

    bool can_sign_in(const std::string& email, const std::string& password) const {
        const auto database = app::db::open({.url = "sqlite:///" + (path() / "blog.sqlite").string()});
        app::base::Passwords passwords({.memory_kib = 64, .iterations = 1, .parallelism = 1});
        return app::models::check_password(*database, passwords, email, password).has_value();
    }
};

}  // namespace

TEST_CASE("user add makes a confirmed account that can sign in, and shows no password") {
    const Deployed here;
    const Finished result = here.add("Ann@Example.com", "ann");
    CHECK(result.exit_code == 0);
    CHECK(result.out == "Added ann <ann@example.com>, User.\n");
    CHECK(result.err.empty());
    const app::web::Value ann = here.find("ann@example.com");
    CHECK(*ann.find("username")->string() == "ann");
    CHECK(*ann.find("role")->string() == "User");
    CHECK(*ann.find("confirmed")->boolean());
    CHECK(here.can_sign_in("ann@example.com", "correct horse"));
}

TEST_CASE("user add --invite queues a mail with which its reader confirms the account and sets the password") {
    Deployed here;
    const auto invite = [&](std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"user", "add",    "Ann@Example.com", "--username",
                                           "ann",  "--role", "Moderator",       "--invite"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return here.manage(arguments);
    };
    CHECK(invite({"--unconfirmed"}).exit_code == 2);
    const Finished unset = invite();
    CHECK(unset.exit_code == 1);
    CHECK(contains(unset.err, "no invitation can be sent: no mail server is set"));
    here.environment["MAIL_SUPPRESS_SEND"] = "true";
    here.environment["PUBLIC_URL"] = "https://blog.example";
    const Finished result = invite();
    CHECK(result.exit_code == 0);
    CHECK(result.out == "Added ann <ann@example.com>, Moderator, not confirmed. A running server sends the invitation, which is "
                        "good for 7 days.\n");
    CHECK_FALSE(here.can_sign_in("ann@example.com", "none"));
    const auto database = app::db::open({.url = "sqlite:///" + (here.path() / "blog.sqlite").string()});
    const Mailbox box{*database};
    CHECK(box.size() == 1);
    const std::string token = token_of(box.newest_to("ann@example.com"));
    const app::base::Signer signer{here.environment["SECRET_KEY"], {}};
    const auto user = database->write(
        [&](app::db::Connection& c) { return app::models::use_reset(c, signer, token, "hash", app::base::now()); });
    REQUIRE(user);
    CHECK(user->confirmed);
    CHECK(user->role_name == "Moderator");
    CHECK(invite().exit_code == 1);  // there is one now, and no second mail
    CHECK(box.size() == 1);
}

TEST_CASE("user add takes a role, and an account that is yet to be confirmed") {
    const Deployed here;
    CHECK(here.add("ann@example.com", "ann", {"--role", "Moderator", "--unconfirmed"}).out ==
          "Added ann <ann@example.com>, Moderator, not confirmed.\n");
    CHECK_FALSE(*here.find("ann@example.com").find("confirmed")->boolean());
    CHECK(here.manage({"user", "confirm", "ann@example.com"}).out == "ann@example.com is now confirmed.\n");
    CHECK(*here.find("ann@example.com").find("confirmed")->boolean());
    CHECK(here.manage({"user", "confirm", "ann@example.com"}).out == "ann@example.com was confirmed already.\n");
}

TEST_CASE("user add refuses what is taken or wrong in one line") {
    const Deployed here;
    here.add("ann@example.com", "ann");
    const auto refused = [](const Finished& result, const std::string& message) {
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK(result.err == "manage: " + message + "\n");
    };
    refused(here.add("ANN@example.com", "bob"), "e-mail address ann@example.com is already in use");
    refused(here.add("bob@example.com", "Ann"), "username Ann is already in use");
    refused(here.add("bob", "bob"), "the e-mail address does not look like one: name@domain is needed");
    refused(here.add("bob@example.com", "b b"),
            "a username is a letter, then letters, digits, dots and underscores: at most 64 characters");
    const std::vector<std::string> add{"user", "add", "bob@example.com", "--username", "bob", "--password-stdin"};
    refused(here.manage(add, "short"), "the password must be 8 to 1024 bytes long");
    refused(here.manage(add, ""), "the password must be 8 to 1024 bytes long");
    refused(here.manage(add, std::string(5000, 'x')), "the password must be 8 to 1024 bytes long");
    refused(here.manage(add, "correct\nhorse\n"), "the password on standard input must be one line");
    CHECK(here.find("bob@example.com").is_null());
}

TEST_CASE("Without a terminal and without --password-stdin a password is not asked for") {
    const Deployed here;
    here.add("ann@example.com", "ann");
    const std::string message =
        "manage: there is no terminal to ask for the password: give it on standard input, with --password-stdin\n";
    const Finished add = here.manage({"user", "add", "bob@example.com", "--username", "bob"}, "correct horse\n");
    CHECK(add.exit_code == 2);
    CHECK(add.err == message);
    const Finished change = here.manage({"user", "password", "ann@example.com"}, "another horse\n");
    CHECK(change.exit_code == 2);
    CHECK(change.err == message);
}

TEST_CASE("user password changes it, with or without a line end") {
    const Deployed here;
    here.add("ann@example.com", "ann");
    const Finished result = here.manage({"user", "password", "ann@example.com", "--password-stdin"}, "another horse\r\n");
    CHECK(result.exit_code == 0);
    CHECK(result.out == "Changed the password of ann@example.com; its tokens no longer work.\n");
    CHECK(here.can_sign_in("ann@example.com", "another horse"));
    CHECK_FALSE(here.can_sign_in("ann@example.com", "correct horse"));
}

TEST_CASE("user role changes what an account may do") {
    const Deployed here;
    here.add("ann@example.com", "ann");
    CHECK(here.manage({"user", "role", "Ann@Example.com", "Administrator"}).out == "ann@example.com is now Administrator.\n");
    CHECK(*here.find("ann@example.com").find("role")->string() == "Administrator");
}

TEST_CASE("An account that does not exist is told in one line") {
    const Deployed here;
    const std::vector<std::vector<std::string>> commands{{"user", "password", "ann@example.com", "--password-stdin"},
                                                         {"user", "role", "ann@example.com", "User"},
                                                         {"user", "confirm", "ann@example.com"}};
    for (const auto& command : commands) {
        const Finished result = here.manage(command, "correct horse");
        CHECK(result.exit_code == 1);
        CHECK(result.err ==
              "manage: there is no account with the address ann@example.com; `manage user list` shows those there are\n");
    }
}

TEST_CASE("user list is a table under headings") {
    const Deployed here;
    here.add("ann@example.com", "ann");
    const std::string table = here.manage({"user", "list"}).out;
    CHECK(table.starts_with(
        "EMAIL            USERNAME  ROLE  CONFIRMED  MEMBER SINCE\nann@example.com  ann       User  yes        20"));
}

TEST_CASE("A database that was never deployed is refused with the command that mends it") {
    const Installation here;
    const Finished result = here.manage({"user", "list"});
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(contains(result.err, "`manage deploy`"));
    CHECK(std::filesystem::is_empty(here.path()));
}
