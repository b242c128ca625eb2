// The mails about accounts: their subjects, their texts from app/templates/mail, and the links in them, which begin with PUBLIC_URL and
// with nothing that a request says. A mail whose sending strangers can cause holds no text that they chose: no username, for "evil.example"
// is one, and mail programs make links of such words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/context/services.hpp"
#include "app/mail/message.hpp"
#include "app/models/user.hpp"
#include "app/web/site.hpp"

namespace app::accounts {

// Why a server with these settings sends no mails with links: one line for its operator, with what to set; nothing if it does.
std::optional<std::string> find_obstacle(const config::Config& config, const mail::Settings& mail);

// Makes them. Any thread; keeps its arguments. Each function renders two templates (about 0.1 ms), and takes canonical addresses; it throws
// invalid for one that no mail can be sent to.
class Mails {
   public:
    // Throws unavailable, without details, where find_obstacle finds one.
    Mails(const web::Site& site, const Services& services);

    // To confirm the address of an account, which may be yet to be added: its token_version is 0 then.
    mail::Message confirmation(const std::string& email, std::int64_t token_version) const;
    // To set a password and confirm by that, of an account that somebody made or began to make with this address; likewise.
    mail::Message invitation(const std::string& email, std::int64_t token_version) const;
    // To who registers, or wants an address to be theirs, that has an account.
    mail::Message already_registered(const std::string& email) const;
    // To who registers with the username of an account that is not confirmed, so that it is not public.
    mail::Message username_taken(const std::string& email) const;
    mail::Message reset(const std::string& email, std::int64_t token_version) const;
    // To the new address.
    mail::Message email_change(const models::User& user, const std::string& new_email) const;
    // What was done, to the address that the account had before.
    mail::Message email_changed(const models::User& user, const std::string& old_email) const;
    mail::Message password_changed(const models::User& user) const;

   private:
    mail::Message make(const std::string& to, std::string_view subject, const std::string& name, web::Value::Object data) const;

    const web::Site& site_;
    const Services& services_;
    const std::string base_;  // what links begin with
    const mail::Address from_;
    const base::Timestamp now_ = base::now();
};

}  // namespace app::accounts
