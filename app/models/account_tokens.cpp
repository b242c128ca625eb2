#include "app/models/account_tokens.hpp"

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"

namespace app::models {

namespace {

constexpr std::string_view confirmation = "confirm", reset = "reset", email_change = "change e-mail to";
constexpr std::int64_t nobody = 0;  // the subject of a token whose account is found by its address

std::string purpose_of(std::string_view kind, std::string_view email) { return std::string{kind} + ' ' + std::string{email}; }

std::string sign(const base::Signer& signer, std::string_view kind, std::string_view email, const base::Claims& claims) {
    return base::base64url_encode(email) + '.' + signer.sign(purpose_of(kind, email), claims);
}

struct Verified {
    std::string email;
    base::Claims claims;
};

std::optional<Verified> verify(const base::Signer& signer, std::string_view kind, std::string_view token, base::Timestamp now) {
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    auto email = base::base64url_decode(token.substr(0, dot));
    if (!email) return std::nullopt;
    const auto claims = signer.verify(purpose_of(kind, *email), token.substr(dot + 1), now);
    if (!claims) return std::nullopt;
    return Verified{*std::move(email), *claims};
}

std::optional<User> find_by_address(db::Connection& connection, const std::optional<Verified>& token) {
    if (!token) return std::nullopt;
    auto user = find_user_by_email(connection, token->email);
    if (!user || user->token_version != token->claims.version) return std::nullopt;
    return user;
}

}  // namespace

std::string make_confirmation_token(const base::Signer& signer, std::string_view email, std::int64_t token_version,
                                    base::Timestamp now) {
    return sign(signer, confirmation, email,
                {.subject = nobody, .version = token_version, .expires = now + confirmation_lifetime});
}

std::string make_reset_token(const base::Signer& signer, std::string_view email, std::int64_t token_version, base::Timestamp now,
                             std::chrono::hours lifetime) {
    return sign(signer, reset, email, {.subject = nobody, .version = token_version, .expires = now + lifetime});
}

std::string make_email_change_token(const base::Signer& signer, const User& user, std::string_view new_email,
                                    base::Timestamp now) {
    return sign(signer, email_change, new_email,
                {.subject = user.id, .version = user.token_version, .expires = now + email_change_lifetime});
}

std::optional<User> find_user_to_confirm(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                         base::Timestamp now) {
    auto user = find_by_address(connection, verify(signer, confirmation, token, now));
    if (!user || user->confirmed) return std::nullopt;
    return user;
}

std::optional<User> find_user_to_reset(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                       base::Timestamp now) {
    return find_by_address(connection, verify(signer, reset, token, now));
}

std::optional<EmailChange> find_email_change(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                             base::Timestamp now) {
    auto verified = verify(signer, email_change, token, now);
    if (!verified) return std::nullopt;
    auto user = find_user(connection, verified->claims.subject);
    if (!user || user->token_version != verified->claims.version) return std::nullopt;
    return EmailChange{*std::move(user), std::move(verified->email)};
}

// The conditions of each token stand in the UPDATE itself, so that the row's lock decides between two that use it at once.
std::optional<User> use_confirmation(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                     base::Timestamp now) {
    const auto verified = verify(signer, confirmation, token, now);
    if (!verified) return std::nullopt;
    const auto result =
        connection.execute("UPDATE users SET confirmed = 1 WHERE email = ? AND confirmed = 0 AND token_version = ?",
                           verified->email, verified->claims.version);
    if (result.rows_changed != 1) return std::nullopt;
    return find_user_by_email(connection, verified->email);
}

std::optional<User> use_reset(db::Connection& connection, const base::Signer& signer, std::string_view token,
                              std::string_view password_hash, base::Timestamp now) {
    const auto verified = verify(signer, reset, token, now);
    if (!verified) return std::nullopt;
    check_password_hash(password_hash);
    const auto result = connection.execute("UPDATE users SET password_hash = ?, confirmed = 1, token_version = token_version + 1 "
                                           "WHERE email = ? AND token_version = ?",
                                           password_hash, verified->email, verified->claims.version);
    if (result.rows_changed != 1) return std::nullopt;
    return find_user_by_email(connection, verified->email);
}

std::optional<ChangedEmail> use_email_change(db::Connection& connection, const base::Signer& signer, std::string_view token,
                                             base::Timestamp now) {
    const auto verified = verify(signer, email_change, token, now);
    if (!verified) return std::nullopt;
    const auto& [subject, version, expires] = verified->claims;
    // First, before anything is read: what is read behind a row's lock is as it is.
    const auto locked =
        connection.execute("UPDATE users SET version = version WHERE id = ? AND token_version = ?", subject, version);
    if (locked.rows_changed != 1) return std::nullopt;
    std::string old_email = get_user(connection, subject).email;
    try {
        connection.execute("UPDATE users SET email = ?, confirmed = 1, token_version = token_version + 1 WHERE id = ?",
                           verified->email, subject);
    } catch (const base::Error& error) {
        if (error.code() != base::Code::conflict) throw;
        throw base::Error(base::Code::conflict, "another account has this e-mail address by now");
    }
    return ChangedEmail{get_user(connection, subject), std::move(old_email)};
}

}  // namespace app::models
