#include "app/mail/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "app/base/text.hpp"
#include "app/mail/address.hpp"

namespace app::mail {

namespace {

constexpr int smtp_port = 25, implicit_tls_port = 465, submission_port = 587;

int usual_port(Tls tls) {
    switch (tls) {
        case Tls::none: return smtp_port;
        case Tls::starttls: return submission_port;
        case Tls::implicit: return implicit_tls_port;
    }
    return smtp_port;
}

Auth auth_of(std::string_view name) {
    if (name == "plain") return Auth::plain;
    if (name == "login") return Auth::login;
    return name == "xoauth2" ? Auth::xoauth2 : Auth::any;
}

bool is_this_machine(std::string_view host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

// Letters as they are counted in what a provider shows: "abcd efgh ijkl mnop" has 16.
int letters_of(std::string_view password) {
    return static_cast<int>(std::ranges::count_if(password, [](char c) { return c != ' ' && c != '-'; }));
}

class Faults {
   public:
    explicit Faults(const Choices& choices) : choices_(choices), settings_(settle(choices)) {}

    std::vector<Fault> find() && {
        if (choices_.provider.empty() && choices_.server.empty()) return {};
        look_at_server();
        look_at_tls();
        look_at_credentials();
        look_at_password();
        look_at_sender();
        return std::move(found_);
    }

   private:
    void add(std::string variable, std::string reason, std::string remedy) {
        found_.push_back({std::move(variable), std::move(reason), std::move(remedy), true});
    }
    void warn(std::string variable, std::string reason, std::string remedy) {
        found_.push_back({std::move(variable), std::move(reason), std::move(remedy), false});
    }

    void look_at_server() {
        const Provider* chosen = find_provider(choices_.provider);
        if (!choices_.provider.empty() && chosen == nullptr) {
            add("MAIL_PROVIDER", unknown_provider(choices_.provider), "name one of them, or leave it out and set MAIL_SERVER");
        } else if (settings_.server.empty()) {
            add("MAIL_PROVIDER", "does not say which region", "write MAIL_PROVIDER=" + choices_.provider + ":eu-west-1");
        }
        if (choices_.suppress_send) add("MAIL_SUPPRESS_SEND", "is on: no mail leaves", "set MAIL_SUPPRESS_SEND=false");
    }

    void look_at_tls() {
        const std::string port = std::to_string(settings_.port);
        if (choices_.use_tls && choices_.use_ssl) {
            add("MAIL_USE_TLS", "and MAIL_USE_SSL are both on, and only one can be",
                "keep MAIL_USE_TLS for port 587, MAIL_USE_SSL for port 465");
        } else if (settings_.port == implicit_tls_port && settings_.tls != Tls::implicit) {
            add("MAIL_PORT",
                std::string("465 wants TLS from the first byte, and MAIL_USE_") +
                    (settings_.tls == Tls::starttls ? "TLS begins in clear" : "SSL is off"),
                "set MAIL_USE_SSL=true and MAIL_USE_TLS=false, or MAIL_PORT=587 with MAIL_USE_TLS=true");
        } else if ((settings_.port == submission_port || settings_.port == smtp_port) && settings_.tls == Tls::implicit) {
            add("MAIL_PORT", port + " begins in clear, and MAIL_USE_SSL wants TLS from the first byte",
                "set MAIL_USE_TLS=true and MAIL_USE_SSL=false, or MAIL_PORT=465");
        } else if (shows_password(settings_)) {
            add("MAIL_USE_TLS", "and MAIL_USE_SSL are off: the password would cross the network in clear",
                "set MAIL_USE_TLS=true (port 587) or MAIL_USE_SSL=true (port 465)");
        }
        if (!settings_.ca_file.empty() && ::access(settings_.ca_file.c_str(), R_OK) != 0) {
            add("MAIL_CA_FILE", "cannot be read: " + settings_.ca_file + ": " + std::strerror(errno),
                "name a PEM file, or leave it out");
        }
    }

    void look_at_credentials() {
        const bool has_name = !settings_.username.empty(), has_password = !settings_.password.empty();
        const Provider* provider = settings_.provider;
        const std::string wanted = provider == nullptr ? "" : std::string(provider->title) + " wants ";
        if (has_name && !has_password) {
            add("MAIL_PASSWORD", "is not set, and MAIL_USERNAME is",
                provider == nullptr ? "set MAIL_PASSWORD, or MAIL_PASSWORD_FILE to a file that holds it"
                                    : "set it: " + wanted + std::string(provider->password) + "; " + std::string(provider->page));
        } else if (!has_name && has_password) {
            add("MAIL_USERNAME", "is not set, and MAIL_PASSWORD is",
                provider == nullptr ? "set it to the account's name" : "set it to " + std::string(provider->username));
        } else if (!has_name && provider != nullptr) {
            add("MAIL_USERNAME", "is not set, and " + std::string(provider->title) + " takes no mail from strangers",
                "set it to " + std::string(provider->username) + ", and MAIL_PASSWORD to " + std::string(provider->password));
        } else if (provider != nullptr && !provider->fixed_username.empty() && settings_.username != provider->fixed_username) {
            add("MAIL_USERNAME",
                "is not " + std::string(provider->username) + ", as " + std::string(provider->title) + " wants it",
                "set MAIL_USERNAME=" + std::string(provider->fixed_username));
        } else if (has_name && provider != nullptr && provider->username == own_address_text &&
                   !parse_address(settings_.username)) {
            add("MAIL_USERNAME", "is no address, and " + wanted + std::string(provider->username), "set it to that");
        }
    }

    void look_at_password() {
        const Provider* provider = settings_.provider;
        if (provider == nullptr || settings_.password.empty() || settings_.auth == Auth::xoauth2) return;
        const std::string wants = std::string(provider->title) + " wants " + std::string(provider->password);
        const int letters = letters_of(settings_.password);
        if (provider->password_letters != 0 && letters != provider->password_letters) {
            warn("MAIL_PASSWORD", "has " + std::to_string(letters) + " letters; " + wants,
                 std::string(provider->advice) + ": " + std::string(provider->page));
        } else if (provider->name == "outlook") {
            warn("MAIL_AUTH", "is not xoauth2; " + wants, std::string(provider->advice));
        }
    }

    void look_at_sender() {
        const std::string& given = settings_.default_sender;
        if (given.empty()) {
            add("MAIL_DEFAULT_SENDER", "is not set, and MAIL_USERNAME is no address to take its place",
                "set it to an address that the server may send for: MAIL_DEFAULT_SENDER='Dewar <blog@your.domain>'");
            return;
        }
        const auto sender = parse_address(given);
        if (!sender) {
            add("MAIL_DEFAULT_SENDER", "is no address", "write blog@your.domain, or Dewar <blog@your.domain>");
        } else if (settings_.provider != nullptr && settings_.provider->own_address_only &&
                   !base::equal_ignoring_case(sender->email, settings_.username)) {
            warn("MAIL_DEFAULT_SENDER",
                 "is not MAIL_USERNAME: " + std::string(settings_.provider->title) +
                     " takes other senders only where they are set up as aliases",
                 "leave it out, or give it the same address");
        }
    }

    static constexpr std::string_view own_address_text = "your whole address";

    const Choices& choices_;
    Settings settings_;
    std::vector<Fault> found_;
};

}  // namespace

Settings settle(const Choices& choices) {
    Settings settings{.server = choices.server,
                      .port = choices.port,
                      .tls = choices.use_ssl   ? Tls::implicit
                             : choices.use_tls ? Tls::starttls
                                               : Tls::none,
                      .username = choices.username,
                      .password = choices.password,
                      .auth = auth_of(choices.auth),
                      .timeout_ms = choices.timeout_s * 1000,
                      .ca_file = choices.ca_file,
                      .default_sender = choices.default_sender,
                      .subject_prefix = choices.subject_prefix,
                      .suppress = choices.suppress_send};
    settings.provider = find_provider(choices.provider);
    if (settings.provider != nullptr) {
        const Provider& chosen = *settings.provider;
        const bool has_mode = settings.tls != Tls::none;
        if (settings.server.empty()) settings.server = host_of(chosen, choices.provider);
        if (!has_mode && (settings.port == 0 || settings.port == chosen.port)) settings.tls = chosen.tls;
        if (!has_mode && settings.tls == Tls::none)
            settings.tls = settings.port == implicit_tls_port ? Tls::implicit : Tls::starttls;
        if (settings.port == 0 && settings.tls == chosen.tls) settings.port = chosen.port;
    } else {
        settings.provider = find_provider_of_host(settings.server);
    }
    if (settings.port == 0) settings.port = usual_port(settings.tls);
    if (settings.default_sender.empty() && parse_address(settings.username)) settings.default_sender = settings.username;
    return settings;
}

bool shows_password(const Settings& settings) {
    return settings.tls == Tls::none && !settings.username.empty() && !is_this_machine(settings.server);
}

std::vector<Fault> find_faults(const Choices& choices) { return Faults(choices).find(); }

std::string masked(std::string_view secret) {
    constexpr std::size_t long_enough = 8;
    const std::string length = std::to_string(secret.size()) + " characters";
    return secret.size() < long_enough ? length : length + ", " + std::string(secret.substr(0, 2)) + "...";
}

}  // namespace app::mail
