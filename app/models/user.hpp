// An account: who may sign in, and as what. Its password hash never enters the struct, so that no document, log line or shell
// can show it by accident; only find_credentials hands it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/pagination.hpp"
#include "app/models/role.hpp"

namespace app::models {

struct User {
    std::int64_t id = 0;
    std::string email;  // canonical, see names.hpp
    std::string username;
    bool confirmed = false;
    std::int64_t role_id = 0;
    std::string role_name;
    std::int64_t permissions = 0;  // of the role
    base::Timestamp member_since;
    base::Timestamp last_seen;
    std::int64_t token_version = 0;  // raised by a password change: older tokens end
    std::int64_t post_count = 0;
    std::int64_t follower_count = 0;  // without themself, as following_count
    std::int64_t following_count = 0;
    std::int64_t version = 0;  // raised by every change of username, role, last_seen and the three counts

    bool can(Permission permission) const noexcept { return has_permission(permissions, permission); }
};

struct NewUser {
    std::string email;                // any case, blanks around it are dropped
    std::string username;             // kept as written
    std::string password_hash;        // base::Passwords::hash, computed before the write: hashing is slow by design
    std::optional<std::string> role;  // a role's name; nothing: the default, or Administrator for the admin's address
    bool confirmed = false;
};

// The password hash of an account that was invited and has not set a password yet: no password fits it.
inline constexpr std::string_view no_password = "none";

struct Credentials {
    User user;
    std::string password_hash;
};

// Adds an account that follows itself and returns it. The one whose address is `admin_email` (the configured administrator's;
// "" for none) becomes Administrator, unless a role is named. Throws invalid, one field error for each of /email, /username and
// /role that is wrong, or for /password_hash when it is longer than 255 bytes, and conflict when the address or the name
// (ignoring case) is taken, also when another writer was first.
User add_user(db::Connection& connection, const NewUser& user, std::string_view admin_email, base::Timestamp now = base::now());

// find_: nothing for an id or a name that no account has, 0 and negative ids included; e-mail and name in any case.
std::optional<User> find_user(db::Connection& connection, std::int64_t id);
std::optional<User> find_user_by_email(db::Connection& connection, std::string_view email);
std::optional<User> find_user_by_username(db::Connection& connection, std::string_view username);
std::optional<Credentials> find_credentials(db::Connection& connection, std::string_view email);

// Throws not_found instead.
User get_user(db::Connection& connection, std::int64_t id);

// Also when the account is not confirmed: for what others see, who must not learn that somebody registered.
User get_confirmed_user(db::Connection& connection, std::int64_t id);

// All accounts, ascending id.
std::vector<User> list_users(db::Connection& connection);

// Part of them.
std::vector<User> list_users_after(db::Connection& connection, CursorRequest request);

// Throws invalid for a hash that is longer than 255 bytes.
void check_password_hash(std::string_view password_hash);

// Each throws not_found when there is no such account; change_role throws invalid for a name that is no role's,
// change_password for a hash that is longer than 255 bytes.
void change_password(db::Connection& connection, std::int64_t id, std::string_view password_hash);  // ends older tokens
void change_role(db::Connection& connection, std::int64_t id, std::string_view role_name);
void confirm_user(db::Connection& connection, std::int64_t id);

// Sets last_seen; it never goes back. Does nothing for an account that is gone.
void touch_last_seen(db::Connection& connection, std::int64_t id, base::Timestamp now);

}  // namespace app::models
