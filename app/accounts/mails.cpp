#include "app/accounts/mails.hpp"

#include <chrono>
#include <utility>

#include "app/accounts/routes.hpp"
#include "app/base/error.hpp"
#include "app/models/account_tokens.hpp"
#include "app/web/url_for.hpp"

namespace app::accounts {
namespace {

using namespace web::literals;

// Scheme, host and port of this server as somebody on the same machine reaches it; "" when the port is not known before it is bound.
std::string local_origin(const config::Server& server) {
    if (server.port == 0) return {};
    const bool is_everywhere = server.host == "0.0.0.0" || server.host == "::";
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    const std::string host = is_everywhere ? "localhost" : is_ipv6 ? "[" + server.host + "]" : server.host;
    return (server.tls_cert.empty() ? "http://" : "https://") + host + ":" + std::to_string(server.port);
}

std::string origin_of(const config::Config& config) {
    if (!config.server.public_url.empty()) return config.server.public_url;
    return config.accounts.local_links ? local_origin(config.server) : "";
}

// Where no mail leaves, none needs a sender that exists.
std::optional<mail::Address> find_sender(const mail::Settings& settings) {
    if (settings.default_sender.empty() && settings.suppress) return mail::Address{"Dewar", "dewar@localhost"};
    return mail::parse_address(settings.default_sender);
}

std::string origin_or_throw(const config::Config& config, const mail::Settings& settings) {
    if (find_obstacle(config, settings)) throw base::Error(base::Code::unavailable, "this server sends no mails at present");
    return origin_of(config);
}

// The name of an account that is not confirmed may be anybody's idea.
web::Value::Object with_name(const models::User& user) {
    if (!user.confirmed) return {};
    return {{"username", user.username}};
}

}  // namespace

std::optional<std::string> find_obstacle(const config::Config& config, const mail::Settings& settings) {
    if (settings.server.empty() && !settings.suppress) return "no mail server is set: set MAIL_SERVER, or MAIL_PROVIDER";
    if (!find_sender(settings)) return "mails have no sender: set MAIL_DEFAULT_SENDER";
    if (origin_of(config).empty()) return "links in mails cannot be built: set PUBLIC_URL";
    return std::nullopt;
}

Mails::Mails(const web::Site& site, const Services& services)
    : site_(site),
      services_(services),
      base_(origin_or_throw(services.config, services.mail)),
      from_(*find_sender(services.mail)) {}

mail::Message Mails::confirmation(const std::string& email, std::int64_t token_version) const {
    const std::string token = models::make_confirmation_token(services_.signer, email, token_version, now_);
    return make(email, "Confirm your e-mail address", "confirmation",
                {{"link", base_ + web::url_for<routes::confirm>(site_, nullptr, "token"_a = token)},
                 {"hours", models::confirmation_lifetime.count()}});
}

mail::Message Mails::invitation(const std::string& email, std::int64_t token_version) const {
    const std::string token = models::make_reset_token(services_.signer, email, token_version, now_, models::invitation_lifetime);
    return make(email, "Finish setting up your account", "invitation",
                {{"link", base_ + web::url_for<routes::reset_password>(site_, nullptr, "token"_a = token)},
                 {"days", models::invitation_lifetime.count() / 24}});
}

mail::Message Mails::already_registered(const std::string& email) const {
    return make(email, "You have an account already", "already_registered",
                {{"link", base_ + web::url_for<routes::forgotten_password>(site_, nullptr)}});
}

mail::Message Mails::username_taken(const std::string& email) const {
    return make(email, "Choose another username", "username_taken",
                {{"link", base_ + web::url_for<routes::register_account>(site_, nullptr)}});
}

mail::Message Mails::reset(const std::string& email, std::int64_t token_version) const {
    const std::string token = models::make_reset_token(services_.signer, email, token_version, now_);
    return make(email, "Set a new password", "reset",
                {{"link", base_ + web::url_for<routes::reset_password>(site_, nullptr, "token"_a = token)},
                 {"minutes", std::chrono::minutes{models::reset_lifetime}.count()}});
}

mail::Message Mails::email_change(const models::User& user, const std::string& new_email) const {
    const std::string token = models::make_email_change_token(services_.signer, user, new_email, now_);
    return make(new_email, "Confirm your new e-mail address", "email_change",
                {{"link", base_ + web::url_for<routes::change_email>(site_, nullptr, "token"_a = token)},
                 {"hours", models::email_change_lifetime.count()}});
}

mail::Message Mails::email_changed(const models::User& user, const std::string& old_email) const {
    auto data = with_name(user);
    data["new_email"] = user.email;
    return make(old_email, "Your e-mail address was changed", "email_changed", std::move(data));
}

mail::Message Mails::password_changed(const models::User& user) const {
    auto data = with_name(user);
    data["link"] = base_ + web::url_for<routes::forgotten_password>(site_, nullptr);
    return make(user.email, "Your password was changed", "password_changed", std::move(data));
}

mail::Message Mails::make(const std::string& to, std::string_view subject, const std::string& name,
                          web::Value::Object data) const {
    data["site"] = base_;
    data["subject"] = subject;
    const std::string& prefix = services_.mail.subject_prefix;
    mail::Message message{.from = from_,
                          .to = {{.email = to}},
                          .subject = (prefix.empty() ? "" : prefix + " ") + std::string(subject),
                          .text = services_.templates.render("mail/" + name + ".txt", data),
                          .html = services_.templates.render("mail/" + name + ".html", data),
                          .message_id = mail::new_message_id(from_),
                          .date = now_};
    mail::require_valid(message);
    return message;
}

}  // namespace app::accounts
