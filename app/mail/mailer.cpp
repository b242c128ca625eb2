#include "app/mail/mailer.hpp"

#include "app/mail/memory.hpp"
#include "app/mail/smtp.hpp"

namespace app::mail {

std::string_view to_string(Stage stage) noexcept {
    switch (stage) {
        case Stage::resolve: return "name resolution";
        case Stage::connect: return "connection";
        case Stage::greeting: return "greeting";
        case Stage::tls: return "TLS";
        case Stage::authentication: return "sign-in";
        case Stage::sender: return "sender";
        case Stage::recipient: return "recipient";
        case Stage::data: return "message";
        case Stage::done: return "done";
    }
    return {};
}

std::string_view to_string(Trouble trouble) noexcept {
    switch (trouble) {
        case Trouble::none: return "none";
        case Trouble::unknown_host: return "unknown_host";
        case Trouble::unreachable: return "unreachable";
        case Trouble::timeout: return "timeout";
        case Trouble::starttls_not_offered: return "starttls_not_offered";
        case Trouble::certificate_name: return "certificate_name";
        case Trouble::certificate_expired: return "certificate_expired";
        case Trouble::certificate_untrusted: return "certificate_untrusted";
        case Trouble::ca_file: return "ca_file";
        case Trouble::not_tls: return "not_tls";
        case Trouble::auth_not_offered: return "auth_not_offered";
        case Trouble::auth_not_possible: return "auth_not_possible";
        case Trouble::login_denied: return "login_denied";
        case Trouble::refused: return "refused";
        case Trouble::odd_reply: return "odd_reply";
        case Trouble::dropped: return "dropped";
        case Trouble::interrupted: return "interrupted";
        case Trouble::other: return "other";
    }
    return {};
}

std::unique_ptr<Mailer> make_mailer(const Settings& settings) {
    if (settings.suppress) return std::make_unique<SuppressedMailer>();
    return std::make_unique<SmtpMailer>(settings);
}

}  // namespace app::mail
