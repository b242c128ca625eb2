// Tokens that travel in mails: who has one has read the mail. Each is signed, timed and bound to one purpose, to an address and to what
// using it changes, so that it works once although nothing about it is stored: a confirmation to the account's being unconfirmed, the
// others to its token version, which they raise. That version also ends them all when the password changes. None is an API token (see
// authentication.hpp), nor the other way round.
//
// A token is the address in base64url, a dot and a text of base::Signer, whose purpose has the address in it: safe in a URL, at most 420
// characters.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/models/user.hpp"

namespace app::base {
class Signer;
}  // namespace app::base

namespace app::models {

inline constexpr std::chrono::hours confirmation_lifetime{24};
inline constexpr std::chrono::hours reset_lifetime{1};
inline constexpr std::chrono::hours invitation_lifetime{7 * 24};
inline constexpr std::chrono::hours email_change_lifetime{24};

// Of an account that is not confirmed: `email` is its canonical address, `token_version` its version, 0 for one that is yet to be added.
std::string make_confirmation_token(const base::Signer& signer, std::string_view email, std::int64_t token_version,
                                    base::Timestamp now);

// With which somebody who reads the account's mail sets a password without knowing the old one; `version` and `email` as above. It also
// confirms the account, so that an invitation is a reset with more time.
std::string make_reset_token(const base::Signer& signer, std::string_view email, std::int64_t token_version, base::Timestamp now,
                             std::chrono::hours lifetime = reset_lifetime);

// With which the address of `user` becomes `new_email`, a canonical one, to which the token is sent.
std::string make_email_change_token(const base::Signer& signer, const User& user, std::string_view new_email,
                                    base::Timestamp now);

struct EmailChange {
    User user;          // with the address that it has now
    std::string email;  // that the token was sent to
};

// Whom a token is for, changing nothing: nothing when it is forged, expired, used, of another purpose or from before a password change.
std::optional<User> find_user_to_confirm(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                         base::Timestamp now);
std::optional<User> find_user_to_reset(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                       base::Timestamp now);
std::optional<EmailChange> find_email_change(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                             base::Timestamp now);

// Use it: of any number of users of one token, at once or one after the other, one succeeds; the others get nothing, as above. Each
// returns the account as it is then, use_email_change with the address that it had. A reset and a change of address end the account's
// tokens. use_email_change throws conflict when another account has the address by now, use_reset invalid as change_password does.
std::optional<User> use_confirmation(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                     base::Timestamp now);
std::optional<User> use_reset(db::Connection& connection, const base::Signer& signer, std::string_view token,
                              std::string_view password_hash, base::Timestamp now);
struct ChangedEmail {
    User user;
    std::string old_email;
};
std::optional<ChangedEmail> use_email_change(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                             base::Timestamp now);

}  // namespace app::models
