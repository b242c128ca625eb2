#include "app/mail/advice.hpp"

#include <algorithm>

namespace app::mail {

namespace {

constexpr int service_closing = 421;
constexpr const char* too_slow = "the server is slow or hangs: try again later, or set a longer MAIL_TIMEOUT";

bool is_greeted(const Delivery& delivery) {
    return std::ranges::find(delivery.steps, Stage::greeting, &Step::stage) != delivery.steps.end();
}

std::string where(const Settings& settings) { return settings.server + " port " + std::to_string(settings.port); }

std::string credentials_advice(const Settings& settings) {
    if (settings.provider == nullptr)
        return "check MAIL_USERNAME and MAIL_PASSWORD; many services want an app password or an API key there";
    const Provider& provider = *settings.provider;
    return std::string(provider.title) + " wants as user name " + std::string(provider.username) + ", as password " +
           std::string(provider.password) + "; " + std::string(provider.advice) + ": " + std::string(provider.page);
}

std::string timeout_advice(const Delivery& delivery, const Settings& settings) {
    switch (delivery.stage) {
        case Stage::resolve: return "the name servers do not answer: check this machine's network and /etc/resolv.conf";
        case Stage::connect:
            return settings.port == 25
                       ? "many clouds block port 25: use 587 with MAIL_USE_TLS=true, or 465 with MAIL_USE_SSL=true"
                       : "a firewall here or there swallows the packets: let port " + std::to_string(settings.port) +
                             " out, or try the other one (587 with MAIL_USE_TLS, 465 with MAIL_USE_SSL)";
        case Stage::greeting:
            if (is_greeted(delivery)) return too_slow;
            if (settings.tls != Tls::implicit) {
                return "if that port speaks TLS from the first byte (465 does), set MAIL_USE_SSL=true and MAIL_USE_TLS=false";
            }
            [[fallthrough]];
        case Stage::tls:
            return "something between here and there swallows what is sent, or the server hangs: try again, or another port";
        default: return too_slow;
    }
}

std::string refusal(const Delivery& delivery, const Settings& settings) {
    switch (delivery.stage) {
        case Stage::greeting: return "the server turns this machine away";
        case Stage::tls: return "the server offers STARTTLS, and then refuses it";
        case Stage::sender: return "the server refuses the sender " + settings.default_sender;
        case Stage::recipient: return "the server refuses the recipient " + delivery.recipient;
        case Stage::data: return "the server refuses the message";
        default: return "the server refuses to go on";
    }
}

std::string refusal_advice(const Delivery& delivery, const Settings& settings) {
    const bool is_passing = delivery.reply < 500;
    switch (delivery.stage) {
        case Stage::greeting:
            return delivery.reply == service_closing
                       ? "it is busy or limits how often one may connect: try again in some minutes"
                       : "it does not want this machine as a client: ask who runs it, or use another server";
        case Stage::tls: return "its TLS is out of order: try again later, or port 465 with MAIL_USE_SSL=true";
        case Stage::sender:
            if (settings.username.empty()) return "it may want you to sign in: set MAIL_USERNAME and MAIL_PASSWORD";
            return is_passing ? "try again later"
                              : "set MAIL_DEFAULT_SENDER to an address that " + settings.username + " may send for";
        case Stage::recipient:
            if (is_passing) return "it may be greylisting or a full mailbox: try again in some minutes";
            if (settings.username.empty())
                return "check the address; or it takes mail for others only after signing in: set MAIL_USERNAME";
            return "check the address";
        case Stage::data:
            return is_passing ? "try again later"
                              : "the content or the sender's domain was refused: check its SPF, DKIM and DMARC records";
        default: return is_passing ? "try again later" : "ask who runs that server";
    }
}

}  // namespace

std::string explanation(const Delivery& delivery, const Settings& settings) {
    switch (delivery.trouble) {
        case Trouble::none: return {};
        case Trouble::unknown_host: return "no name server knows " + settings.server;
        case Trouble::unreachable: return "nothing takes connections at " + where(settings);
        case Trouble::timeout:
            return std::string(delivery.stage == Stage::greeting && is_greeted(delivery) ? "behind it, " : "") +
                   "nothing came within MAIL_TIMEOUT";
        case Trouble::starttls_not_offered: return "the server does not offer STARTTLS";
        case Trouble::certificate_name: return "the certificate is another host's, not " + settings.server + "'s";
        case Trouble::certificate_expired: return "the certificate has expired, or is not valid yet";
        case Trouble::certificate_untrusted: return "nobody whom this machine trusts vouches for the certificate";
        case Trouble::ca_file: return "MAIL_CA_FILE holds no certificates";
        case Trouble::not_tls: return "what answers there does not speak TLS, or no version of it that is safe";
        case Trouble::auth_not_offered: return "the server lets nobody sign in here";
        case Trouble::auth_not_possible: return "the server wants another way to sign in";
        case Trouble::login_denied: return "the server does not take the user name and the password";
        case Trouble::refused: return refusal(delivery, settings);
        case Trouble::odd_reply: return "what answers there does not speak SMTP as it should";
        case Trouble::dropped: return "the server closed the connection";
        case Trouble::interrupted: return "the delivery was interrupted";
        case Trouble::other: return "the delivery failed";
    }
    return {};
}

std::string advice(const Delivery& delivery, const Settings& settings) {
    switch (delivery.trouble) {
        case Trouble::none: return {};
        case Trouble::unknown_host: return "check how MAIL_SERVER is spelt, and that this machine can look up names";
        case Trouble::unreachable:
            return "check MAIL_SERVER and MAIL_PORT: usual are 587 with MAIL_USE_TLS=true, and 465 with MAIL_USE_SSL=true";
        case Trouble::timeout: return timeout_advice(delivery, settings);
        case Trouble::starttls_not_offered:
            return "set MAIL_PORT=465 with MAIL_USE_SSL=true and MAIL_USE_TLS=false; only a server on this machine may do "
                   "without TLS";
        case Trouble::certificate_name: return "set MAIL_SERVER to a name that the certificate has";
        case Trouble::certificate_expired:
            return "let who runs the server renew it; or mend this machine's clock: timedatectl set-ntp true";
        case Trouble::certificate_untrusted:
            return "set MAIL_CA_FILE to the authority's PEM file if you trust it; else apt-get install ca-certificates";
        case Trouble::ca_file: return "name a PEM file of certificates, or leave it out";
        case Trouble::not_tls:
            if (settings.tls == Tls::implicit) {
                return "if that port begins in clear (587 does), set MAIL_USE_TLS=true and MAIL_USE_SSL=false";
            }
            return "let who runs the server bring it to TLS 1.2";
        case Trouble::auth_not_offered:
            return settings.tls == Tls::none
                       ? "many offer it only through TLS: set MAIL_USE_TLS=true (587) or MAIL_USE_SSL=true (465)"
                       : "use its submission port (587 or 465), or leave out MAIL_USERNAME and MAIL_PASSWORD";
        case Trouble::auth_not_possible: return "set MAIL_AUTH to what it offers (plain, login, xoauth2), or to any";
        case Trouble::login_denied: return credentials_advice(settings);
        case Trouble::refused: return refusal_advice(delivery, settings);
        case Trouble::odd_reply: return "check MAIL_SERVER and MAIL_PORT: is it a mail server?";
        case Trouble::dropped:
            return delivery.stage == Stage::data ? "the mail may have been taken or not: try again later"
                                                 : "try again later; if it stays so, it does not want this machine as a client";
        case Trouble::interrupted: return "try again";
        case Trouble::other: return "check the settings; the line above is what libcurl says";
    }
    return {};
}

}  // namespace app::mail
