// Who is it? By e-mail and password, or by a token made after that. A token is signed, timed, bound to one purpose and to the
// account's token version, so that a password change ends it; nothing about it is stored.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/user.hpp"

namespace app::base {
class Passwords;
class Signer;
}  // namespace app::base

namespace app::models {

inline constexpr std::chrono::seconds api_token_lifetime{3600};

// A token with which `user` is found again for api_token_lifetime from `now` on.
std::string make_api_token(const base::Signer& signer, const User& user, base::Timestamp now);

// The user of an API token, or nothing: forged, expired, of another purpose, from before a password change, or of an account
// that is gone.
std::optional<User> find_token_user(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                    base::Timestamp now);

// The user with that e-mail (any case) and password, or nothing. An e-mail that nobody has takes as long as a wrong password.
// Reads the database by itself and hashes after that, so that no connection is held meanwhile: never call it inside a read or
// a write, nor on a loop thread.
std::optional<User> check_password(db::Database& database, base::Passwords& passwords, std::string_view email,
                                   std::string_view password);

}  // namespace app::models
