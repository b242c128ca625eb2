// What people do with their accounts by mail: register, confirm, get a forgotten password back, change the address; and change the
// password. Shared by the API and by the pages under /auth, which differ in how they ask and answer.
//
// What anybody may call with an address tells nobody whether an account has it: the same comes back, and the same is done but for the row
// that stays: a mail that nobody is to get is rendered, queued and taken back in the same transaction. A username that a confirmed account
// has is public and told at once; one of an account that is yet to be confirmed is told by mail. Mails to one address are limited, and
// requests for them (app/throttle/mail_limit.hpp).
//
// Mails are queued in the transaction of what causes them. All of these run on a worker: they write, and some hash a password.
#pragma once

#include <string>
#include <string_view>

#include "app/accounts/mails.hpp"
#include "app/context/context.hpp"

namespace app::accounts {

struct Registration {
    std::string email;
    std::string username;
    std::string password;
};

// Beside what stands there, those that send a mail throw unavailable where Mails does, with a line in the log that says why, too_many for a
// client that asks too often, and invalid ("/email") for a text that is no address.

// What register_account, and each that sends a mail, asks first; for who wants to know before somebody fills in a form.
void require_registration(const Context& ctx);
void require_mails(const Context& ctx);

// Adds an account that waits for its confirmation, and sends the mail for that. An address that has an account is sent a mail that says so,
// or the one with which an account that waits is finished. Throws forbidden where the config has registration off, invalid with all
// fields that are wrong, conflict ("/username") for the name of a confirmed account.
void register_account(Context& ctx, const Registration& wanted);

// Sends the mail for the confirmation again, if an account with that address waits for it.
void request_confirmation(Context& ctx, std::string_view email);

// Confirms the account of the token and returns it. Throws invalid ("/token") for a token that is not good.
models::User confirm(Context& ctx, std::string_view token);

// Sends the mail with which a password is set without the old one, if an account has that address.
void request_reset(Context& ctx, std::string_view email);

// Sets the password of the token's account, which is confirmed by that, and tells it by mail; its tokens end. Throws invalid ("/token",
// "/password").
models::User reset_password(Context& ctx, std::string_view token, std::string_view password);

// Sends a mail to `email` with which that becomes the address of ctx.user, whose password is asked for. Throws forbidden for another
// password, what log_in throws, and invalid ("/email") for the address that the account has.
void request_email_change(Context& ctx, std::string_view email, std::string_view password);

// Gives the token's account the address that the token was sent to, and tells the old one. Its tokens end. Throws invalid ("/token"), and
// conflict when another account has the address by now.
models::User change_email(Context& ctx, std::string_view token);

// Changes the password of ctx.user, ends its tokens, and tells it by mail where mails are sent. Returns the account, to make a token for.
// Throws forbidden when `current` is not its password, what log_in throws, and invalid ("/password").
models::User change_password(Context& ctx, std::string_view current, std::string_view password);

}  // namespace app::accounts
