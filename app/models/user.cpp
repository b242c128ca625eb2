#include "app/models/user.hpp"

#include <utility>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/models/follow.hpp"
#include "app/models/listing.hpp"
#include "app/models/names.hpp"
#include "app/models/user_row.hpp"

namespace app::models {

namespace {

using base::Code;
using base::Error;

constexpr std::string_view administrator = "Administrator";
constexpr std::size_t password_hash_bytes_max = 255;  // base::Passwords makes at most 128

Credentials to_credentials(const db::Row& row) { return {to_user(row), std::string{row.text(14)}}; }

Error invalid_user(std::vector<base::FieldError> fields) {
    const std::string message = fields.front().message;  // before the move: arguments are evaluated in any order
    return Error(Code::invalid, message, {}, std::move(fields));
}

Role get_role(db::Connection& connection, std::string_view name) {
    if (auto role = find_role(connection, name)) return *std::move(role);
    std::string known;
    for (const Role& role : list_roles(connection)) known += (known.empty() ? "" : ", ") + role.name;
    throw invalid_user({{"/role", "there is no role \"" + std::string{name} + "\"; the roles are: " + known}});
}

Role role_of_new(db::Connection& connection, const NewUser& user, std::string_view email, std::string_view admin_email) {
    if (user.role) return get_role(connection, *user.role);
    if (!email.empty() && email == canonical_email(admin_email)) return get_role(connection, administrator);
    return default_role(connection);
}

void check_names(const NewUser& user, std::string_view email) {
    std::vector<base::FieldError> fields = find_name_faults(email, user.username);
    if (!fields.empty()) throw invalid_user(std::move(fields));
}

// The database refused a row as a duplicate without saying, portably, of what.
[[noreturn]] void throw_taken(db::Connection& connection, const NewUser& user, std::string_view email) {
    if (find_user_by_email(connection, email)) {
        throw Error(Code::conflict, "e-mail address " + std::string{email} + " is already in use", {},
                    {{"/email", "is already in use"}});
    }
    if (find_user_by_username(connection, user.username)) {
        throw Error(Code::conflict, "username " + user.username + " is already in use", {}, {{"/username", "is already in use"}});
    }
    throw;
}

}  // namespace

const std::string& select_user() {
    static const std::string sql =
        "SELECT users.id, users.email, users.username, users.confirmed, users.role_id, "
        "(SELECT roles.name FROM roles WHERE roles.id = users.role_id), "
        "(SELECT roles.permissions FROM roles WHERE roles.id = users.role_id), "
        "users.member_since, users.last_seen, users.token_version, users.post_count, users.follower_count, "
        "users.following_count, users.version, users.password_hash FROM users ";
    return sql;
}

User to_user(const db::Row& row) {
    return {.id = row.integer(0),
            .email = std::string{row.text(1)},
            .username = std::string{row.text(2)},
            .confirmed = row.boolean(3),
            .role_id = row.integer(4),
            .role_name = std::string{row.text(5)},
            .permissions = row.integer(6),
            .member_since = row.time(7),
            .last_seen = row.time(8),
            .token_version = row.integer(9),
            .post_count = row.integer(10),
            .follower_count = row.integer(11),
            .following_count = row.integer(12),
            .version = row.integer(13)};
}

// SQLite would store it at any length.
void check_password_hash(std::string_view password_hash) {
    if (password_hash.size() <= password_hash_bytes_max && base::is_utf8(password_hash)) return;
    throw invalid_user({{"/password_hash", "a password hash is text of at most 255 bytes"}});
}

User add_user(db::Connection& connection, const NewUser& user, std::string_view admin_email, base::Timestamp now) {
    const std::string email = canonical_email(user.email);
    check_names(user, email);
    check_password_hash(user.password_hash);
    const Role role = role_of_new(connection, user, email, admin_email);
    std::int64_t id = 0;
    try {
        id =
            connection
                .execute("INSERT INTO users (email, username, username_key, password_hash, confirmed, role_id, member_since, "
                         "last_seen, token_version, post_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                         email, user.username, username_key(user.username), user.password_hash, user.confirmed, role.id, now, now)
                .last_insert_id;
    } catch (const Error& error) {
        if (error.code() != Code::conflict) throw;
        throw_taken(connection, user, email);
    }
    follow(connection, id, id, now);
    return get_user(connection, id);
}

std::optional<User> find_user(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_user() + "WHERE users.id = ?";
    return connection.find(sql, to_user, id);
}

User get_user(db::Connection& connection, std::int64_t id) {
    if (auto user = find_user(connection, id)) return *std::move(user);
    throw Error(Code::not_found, "there is no user " + std::to_string(id));
}

User get_confirmed_user(db::Connection& connection, std::int64_t id) {
    auto user = find_user(connection, id);
    if (!user || !user->confirmed) throw Error(Code::not_found, "there is no user " + std::to_string(id));
    return *std::move(user);
}

std::optional<User> find_user_by_email(db::Connection& connection, std::string_view email) {
    auto credentials = find_credentials(connection, email);
    if (!credentials) return std::nullopt;
    return std::move(credentials->user);
}

std::optional<User> find_user_by_username(db::Connection& connection, std::string_view username) {
    static const std::string sql = select_user() + "WHERE users.username_key = ?";
    if (!is_username(username)) return std::nullopt;  // also keeps bytes that are no text from the database
    return connection.find(sql, to_user, username_key(username));
}

std::optional<Credentials> find_credentials(db::Connection& connection, std::string_view email) {
    static const std::string sql = select_user() + "WHERE users.email = ?";
    const std::string canonical = canonical_email(email);
    if (!is_email(canonical)) return std::nullopt;  // as above
    return connection.find(sql, to_credentials, canonical);
}

std::vector<User> list_users(db::Connection& connection) {
    static const std::string sql = select_user() + "ORDER BY users.id";
    return connection.list(sql, to_user);
}

std::vector<User> list_users_after(db::Connection& connection, CursorRequest request) {
    static const std::string sql = select_user() + "WHERE users.id > ? ORDER BY users.id LIMIT ?";
    return connection.list(sql, to_user, request.after.value_or(before_first(Order::ascending)), request.limit);
}

void change_password(db::Connection& connection, std::int64_t id, std::string_view password_hash) {
    check_password_hash(password_hash);
    get_user(connection, id);
    connection.execute("UPDATE users SET password_hash = ?, token_version = token_version + 1 WHERE id = ?", password_hash, id);
}

void change_role(db::Connection& connection, std::int64_t id, std::string_view role_name) {
    get_user(connection, id);
    connection.execute("UPDATE users SET role_id = ?, version = version + 1 WHERE id = ?", get_role(connection, role_name).id,
                       id);
}

void confirm_user(db::Connection& connection, std::int64_t id) {
    get_user(connection, id);
    connection.execute("UPDATE users SET confirmed = 1 WHERE id = ?", id);
}

void touch_last_seen(db::Connection& connection, std::int64_t id, base::Timestamp now) {
    connection.execute("UPDATE users SET last_seen = ?, version = version + 1 WHERE id = ? AND last_seen < ?", now, id, now);
}

}  // namespace app::models
