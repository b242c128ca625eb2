// `manage user ...`: the accounts, for whoever runs the server. A password comes from the terminal or from standard input, never
// from the arguments: those are seen by everybody on the machine.
#include "app/models/user.hpp"

#include "app/accounts/mails.hpp"
#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/models/account_tokens.hpp"
#include "app/models/names.hpp"
#include "app/models/outbox.hpp"
#include "app/web/json.hpp"
#include "manage/accounts.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::db::Connection;
using app::models::User;

std::string asked_password(const Invocation& invocation, const std::string& email) {
    if (invocation.has("--password-stdin")) return read_password();
    if (can_ask()) return ask_password("New password for " + email);
    throw UsageError("there is no terminal to ask for the password: give it on standard input, with --password-stdin");
}

User get_user(Connection& connection, const std::string& email) {
    if (auto user = app::models::find_user_by_email(connection, email)) return *std::move(user);
    throw app::base::Error(app::base::Code::not_found,
                           "there is no account with the address " + email + "; `manage user list` shows those there are");
}

// Without a password that anybody knows: the mail lets its reader set one, which confirms the account.
int invite_user(Invocation& invocation) {
    for (const char* option : {"--password-stdin", "--unconfirmed"}) {
        if (invocation.has(option)) throw UsageError(std::string(option) + " means nothing beside --invite");
    }
    invocation.database();  // with the schema of this binary, or not at all
    const auto app = app::create_app(invocation.config());
    app::Services& services = app->services();
    if (const auto obstacle = app::accounts::find_obstacle(services.config, services.mail))
        throw app::base::Error(app::base::Code::unavailable, "no invitation can be sent: " + *obstacle);
    const app::models::NewUser wanted{.email = invocation.get("EMAIL"),
                                      .username = invocation.get("--username"),
                                      .password_hash = std::string(app::models::no_password),
                                      .role = invocation.find("--role"),
                                      .confirmed = false};
    const app::mail::Message mail =
        app::accounts::Mails(app->site(), services).invitation(app::models::canonical_email(wanted.email), 0);
    const User user = services.database->write([&](Connection& connection) {
        User added = app::models::add_user(connection, wanted, services.config.admin.email);
        app::models::add_mail(connection, mail, mail.date);
        return added;
    });
    invocation.print("Added " + user.username + " <" + user.email + ">, " + user.role_name +
                     ", not confirmed. A running server sends the invitation, which is good for " +
                     std::to_string(app::models::invitation_lifetime.count() / 24) + " days.\n");
    return 0;
}

int add_user(Invocation& invocation) {
    if (invocation.has("--invite")) return invite_user(invocation);
    app::db::Database& database = invocation.database();
    const std::string email = invocation.get("EMAIL");
    const app::models::NewUser wanted{.email = email,
                                      .username = invocation.get("--username"),
                                      .password_hash = hash_password(invocation.config(), asked_password(invocation, email)),
                                      .role = invocation.find("--role"),
                                      .confirmed = !invocation.has("--unconfirmed")};
    const std::string& admin_email = invocation.config().admin.email;
    const User user =
        database.write([&](Connection& connection) { return app::models::add_user(connection, wanted, admin_email); });
    invocation.print("Added " + user.username + " <" + user.email + ">, " + user.role_name +
                     (user.confirmed ? "" : ", not confirmed") + ".\n");
    return 0;
}

int change_password(Invocation& invocation) {
    app::db::Database& database = invocation.database();
    const User user = database.read([&](Connection& connection) { return get_user(connection, invocation.get("EMAIL")); });
    const std::string hash = hash_password(invocation.config(), asked_password(invocation, user.email));
    database.write([&](Connection& connection) { app::models::change_password(connection, user.id, hash); });
    invocation.print("Changed the password of " + user.email + "; its tokens no longer work.\n");
    return 0;
}

int change_role(Invocation& invocation) {
    const User user = invocation.database().write([&](Connection& connection) {
        const std::int64_t id = get_user(connection, invocation.get("EMAIL")).id;
        app::models::change_role(connection, id, invocation.get("ROLE"));
        return app::models::get_user(connection, id);
    });
    invocation.print(user.email + " is now " + user.role_name + ".\n");
    return 0;
}

int confirm_user(Invocation& invocation) {
    const User before = invocation.database().write([&](Connection& connection) {
        User user = get_user(connection, invocation.get("EMAIL"));
        app::models::confirm_user(connection, user.id);
        return user;
    });
    invocation.print(before.email + (before.confirmed ? " was confirmed already.\n" : " is now confirmed.\n"));
    return 0;
}

std::string as_json(const std::vector<User>& users) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_array();
    for (const User& user : users) {
        json.begin_object()
            .field("confirmed", user.confirmed)
            .field("email", user.email)
            .field("id", user.id)
            .field("last_seen", app::base::rfc3339(user.last_seen))
            .field("member_since", app::base::rfc3339(user.member_since))
            .field("role", user.role_name)
            .field("username", user.username)
            .end_object();
    }
    json.end_array();
    return text + "\n";
}

std::string as_table(const std::vector<User>& users) {
    std::vector<std::vector<std::string>> rows{{"EMAIL", "USERNAME", "ROLE", "CONFIRMED", "MEMBER SINCE"}};
    for (const User& user : users) {
        rows.push_back(
            {user.email, user.username, user.role_name, user.confirmed ? "yes" : "no", app::base::rfc3339(user.member_since)});
    }
    return aligned(rows);
}

int list_users(Invocation& invocation) {
    const std::vector<User> users = invocation.database().read(app::models::list_users);
    invocation.print(invocation.has("--json") ? as_json(users) : as_table(users));
    return 0;
}

}  // namespace

std::vector<Command> user() {
    using Kind = Option::Kind;
    const std::vector<std::string> roles{"User", "Moderator", "Administrator"};
    const Option email{.name = "EMAIL", .kind = Kind::positional, .help = "the account's address", .required = true};
    const Option password_stdin{.name = "--password-stdin", .kind = Kind::flag, .help = "read the password from standard input"};
    return {
        {.name = "user", .help = "Add, list and change accounts"},
        {.name = "user add",
         .help = "Add an account, confirmed and with a password that is asked for; or invite somebody by mail",
         .example = "  manage user add ann@example.com --username ann --role Moderator",
         .options = {email,
                     {.name = "--username", .value_name = "NAME", .help = "the name that others see", .required = true},
                     {.name = "--role",
                      .value_name = "ROLE",
                      .help = "User (the default), Moderator or Administrator",
                      .choices = roles},
                     {.name = "--unconfirmed", .kind = Kind::flag, .help = "let the account confirm its address first"},
                     {.name = "--invite",
                      .kind = Kind::flag,
                      .help = "send a mail with which its reader confirms the account and sets the password"},
                     password_stdin},
         .run = add_user},
        {.name = "user password",
         .help = "Change a password, which ends all tokens of the account",
         .example = "  manage user password ann@example.com",
         .options = {email, password_stdin},
         .run = change_password},
        {.name = "user role",
         .help = "Change what an account may do",
         .example = "  manage user role ann@example.com Administrator",
         .options = {email,
                     {.name = "ROLE",
                      .kind = Kind::positional,
                      .help = "User, Moderator or Administrator",
                      .required = true,
                      .choices = roles}},
         .run = change_role},
        {.name = "user confirm",
         .help = "Take an account's address as confirmed",
         .example = "  manage user confirm ann@example.com",
         .options = {email},
         .run = confirm_user},
        {.name = "user list",
         .help = "List all accounts",
         .example = "  manage user list --json",
         .options = {{.name = "--json", .kind = Kind::flag, .help = "as JSON"}},
         .run = list_users},
    };
}

}  // namespace manage
