#include "manage/administrator.hpp"

#include "app/models/names.hpp"
#include "app/models/user.hpp"
#include "manage/accounts.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::db::Connection;
using app::db::Database;

constexpr std::string_view role = "Administrator";

// A username that nobody has, made of the address's local part.
std::string free_username(Connection& connection, const std::string& email) {
    constexpr std::size_t bytes_max = 60;  // leaves room for a number
    std::string name;
    for (const char letter : email.substr(0, email.find('@'))) {
        const std::string longer = name + letter;
        if (app::models::is_username(longer))
            name = longer;
        else if (!name.empty())
            name += '_';
        if (name.size() == bytes_max) break;
    }
    if (name.empty()) name = "admin";
    std::string candidate = name;
    for (int number = 2; app::models::find_user_by_username(connection, candidate); ++number)
        candidate = name + std::to_string(number);
    return candidate;
}

std::string how_to_add(const std::string& email) {
    return "add one with `manage user add " + email + " --username NAME --role Administrator`";
}

// What there is to tell if the account exists; it is given the role if it lacks it.
std::optional<std::string> promote(Connection& connection, const std::string& email) {
    const auto existing = app::models::find_user_by_email(connection, email);
    if (!existing) return {};
    if (existing->role_name == role) return "nothing to do";
    app::models::change_role(connection, existing->id, role);
    return email + " is one now";
}

// Looks again, for another deploy may have been faster since the password was asked for.
std::string add(Connection& connection, const std::string& email, const std::string& hash) {
    if (const auto told = promote(connection, email)) return *told;
    const app::models::User user = app::models::add_user(connection,
                                                         {.email = email,
                                                          .username = free_username(connection, email),
                                                          .password_hash = hash,
                                                          .role = std::string(role),
                                                          .confirmed = true},
                                                         email);
    return "added " + user.username + " <" + user.email + ">";
}

}  // namespace

void add_administrator(const config::Config& config, Database& database, Progress& progress) {
    const std::string email = app::models::canonical_email(config.admin.email);
    if (email.empty()) {
        progress.left_out("administrator: APP_ADMIN is not set; " + how_to_add("EMAIL"));
        return;
    }
    if (const auto told = database.write([&](Connection& connection) { return promote(connection, email); })) {
        progress.done("administrator: " + *told);
        return;
    }
    std::string password = config.admin.password;
    if (password.empty() && can_ask()) password = ask_password("Password for the administrator " + email);
    if (password.empty()) {
        progress.left_out("administrator: no APP_ADMIN_PASSWORD, and no terminal to ask at; " + how_to_add(email));
        return;
    }
    const std::string hash = hash_password(config, password);
    progress.done("administrator: " + database.write([&](Connection& connection) { return add(connection, email, hash); }));
}

std::string plan_administrator(const config::Config& config) {
    const std::string email = app::models::canonical_email(config.admin.email);
    return email.empty() ? "APP_ADMIN is not set: none is made" : email + " is made one, if it is none";
}

}  // namespace manage
