#include "app/mail/smtp_outcome.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "app/base/text.hpp"

namespace app::mail {

namespace {

// X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL.
constexpr long not_yet_valid = 9, expired = 10;

// What libcurl says before it asked OpenSSL, which it does after it compared the names.
constexpr long not_asked = 1;

Trouble certificate_trouble(long verification) {
    if (verification <= not_asked) return Trouble::certificate_name;
    return verification == expired || verification == not_yet_valid ? Trouble::certificate_expired
                                                                    : Trouble::certificate_untrusted;
}

Trouble trouble_of(const Ended& ended, const Conversation& talk) {
    switch (ended.code) {
        case CURLE_COULDNT_RESOLVE_HOST: return Trouble::unknown_host;
        case CURLE_COULDNT_CONNECT: return Trouble::unreachable;
        case CURLE_OPERATION_TIMEDOUT:
        case CURLE_ABORTED_BY_CALLBACK: return Trouble::timeout;
        case CURLE_PEER_FAILED_VERIFICATION: return certificate_trouble(ended.verification);
        case CURLE_SSL_CACERT_BADFILE: return Trouble::ca_file;
        case CURLE_SSL_CONNECT_ERROR: return Trouble::not_tls;
        case CURLE_LOGIN_DENIED:
            return talk.tried_to_sign_in() && talk.refusal() != 0 ? Trouble::login_denied : Trouble::auth_not_possible;
        default: break;
    }
    if (talk.lacks_auth()) return Trouble::auth_not_offered;
    if (talk.is_odd()) return Trouble::odd_reply;
    if (talk.refusal() != 0) return Trouble::refused;
    switch (ended.code) {
        case CURLE_USE_SSL_FAILED: return Trouble::starttls_not_offered;
        case CURLE_WEIRD_SERVER_REPLY: return Trouble::odd_reply;
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR: return Trouble::dropped;
        default: return Trouble::other;
    }
}

Stage stage_of(const Ended& ended, Trouble trouble, const Conversation& talk) {
    if (ended.addresses.empty()) return Stage::resolve;
    switch (trouble) {
        case Trouble::starttls_not_offered:
        case Trouble::certificate_name:
        case Trouble::certificate_expired:
        case Trouble::certificate_untrusted:
        case Trouble::ca_file:
        case Trouble::not_tls: return Stage::tls;
        case Trouble::auth_not_offered:
        case Trouble::auth_not_possible: return Stage::authentication;
        default: return ended.connected ? talk.stage() : Stage::connect;
    }
}

std::string words_of(const Ended& ended, Trouble trouble, const Conversation& talk) {
    if (trouble == Trouble::auth_not_possible) return "AUTH " + talk.offered_auth();
    if (talk.refusal() != 0 && (trouble == Trouble::refused || trouble == Trouble::login_denied)) return talk.refusal_words();
    if (trouble == Trouble::unreachable && ended.system_error != 0) return std::strerror(static_cast<int>(ended.system_error));
    if (trouble == Trouble::auth_not_offered) return "no AUTH among what it offers";
    if (talk.is_odd()) return talk.odd_words();
    if (trouble == Trouble::timeout) return {};
    return ended.message;
}

// 530 (RFC 4954) is not about this mail: it asks for credentials.
bool is_for_good(Stage stage, int reply) {
    constexpr int authentication_required = 530;
    return stage >= Stage::sender && reply >= 500 && reply != authentication_required;
}

// Control characters of whatever the server said do not reach a terminal, and a secret that it repeated does not reach anybody.
std::string presentable(std::string text, const std::string& secret) {
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
    if (secret.size() < 4) return text;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret))
        text.replace(at, secret.size(), "***");
    return text;
}

}  // namespace

Delivery delivery_of(const Settings& settings, const Ended& ended, const Conversation& talk) {
    Delivery delivery;
    if (!ended.addresses.empty()) {
        const std::string found = base::join(ended.addresses);
        delivery.steps.push_back({Stage::resolve, found == settings.server ? found : settings.server + " is " + found});
    }
    if (ended.connected && !ended.addresses.empty())
        delivery.steps.push_back({Stage::connect, "port " + std::to_string(settings.port) + " is open"});
    for (const Step& step : talk.steps()) {
        std::string what = step.what;
        if (step.stage == Stage::tls && !ended.certificate.empty()) what.append(", ").append(ended.certificate);
        delivery.steps.push_back({step.stage, presentable(std::move(what), settings.password)});
    }
    // A connection that ends badly after the verdict does not take it back.
    if (talk.is_accepted() || talk.is_rehearsed()) {
        delivery.outcome = Delivery::Outcome::accepted;
        delivery.stage = talk.stage();
        return delivery;
    }
    delivery.trouble = trouble_of(ended, talk);
    delivery.stage = stage_of(ended, delivery.trouble, talk);
    delivery.reply = talk.refusal();
    delivery.words = presentable(words_of(ended, delivery.trouble, talk), settings.password);
    if (delivery.stage == Stage::recipient) delivery.recipient = talk.recipient();
    const bool refused = delivery.trouble == Trouble::refused && is_for_good(delivery.stage, delivery.reply);
    delivery.outcome = refused ? Delivery::Outcome::refused_for_good : Delivery::Outcome::try_again;
    return delivery;
}

}  // namespace app::mail
