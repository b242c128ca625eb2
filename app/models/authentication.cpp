#include "app/models/authentication.hpp"

#include <utility>

#include "app/base/secret.hpp"

namespace app::models {

namespace {

// What a token is good for; each kind has its own, so that none passes as another.
constexpr std::string_view api_purpose = "api";

}  // namespace

std::string make_api_token(const base::Signer& signer, const User& user, base::Timestamp now) {
    return signer.sign(api_purpose, {.subject = user.id, .version = user.token_version, .expires = now + api_token_lifetime});
}

std::optional<User> find_token_user(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                    base::Timestamp now) {
    const auto claims = signer.verify(api_purpose, token, now);
    if (!claims) return std::nullopt;
    auto user = find_user(connection, claims->subject);
    if (!user || user->token_version != claims->version) return std::nullopt;
    return user;
}

std::optional<User> check_password(db::Database& database, base::Passwords& passwords, std::string_view email,
                                   std::string_view password) {
    auto credentials = database.read([&](db::Connection& connection) { return find_credentials(connection, email); });
    if (!credentials) {
        passwords.verify_nobody(password);
        return std::nullopt;
    }
    if (!passwords.verify(password, credentials->password_hash)) return std::nullopt;
    return std::move(credentials->user);
}

}  // namespace app::models
