// How mail leaves: what somebody chose, what follows from it, and what is wrong with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/mail/providers.hpp"

namespace app::mail {

enum class Auth { any, plain, login, xoauth2 };

// As the config has it, before the provider's settings are put under it.
struct Choices {
    std::string provider;
    std::string server;
    int port = 0;
    bool use_tls = false;
    bool use_ssl = false;
    std::string username;
    std::string password;
    std::string auth = "any";
    std::string default_sender;
    std::string subject_prefix;
    bool suppress_send = false;
    int timeout_s = 30;
    std::string ca_file;
};

struct Settings {
    std::string server;  // a host name in ASCII, or an address
    int port = 0;
    Tls tls = Tls::none;
    std::string username;        // empty: nobody signs in
    std::string password;        // for xoauth2 the access token
    Auth auth = Auth::any;       // any: PLAIN or LOGIN, whichever is offered
    int timeout_ms = 30000;      // for one message, from looking up the server to its last word
    std::string ca_file;         // empty: the system's
    std::string default_sender;  // as Address reads it; may be empty
    std::string subject_prefix;
    bool suppress = false;
    const Provider* provider = nullptr;  // that was chosen, or whose host it is
};

// Fills in what was left open. What is wrong with the choices is find_faults' to say; an unknown provider counts as none.
Settings settle(const Choices& choices);

// Whether somebody would sign in to another machine without TLS.
bool shows_password(const Settings& settings);

// Something about the choices that keeps mail from being sent, or may.
struct Fault {
    std::string variable;  // "MAIL_PORT"
    std::string reason;    // never holds a secret
    std::string remedy;
    bool fatal = true;  // there is no use in trying
};

// Nothing for choices that name neither a server nor a provider: that is a blog that sends no mail. Looks at the file of MAIL_CA_FILE.
std::vector<Fault> find_faults(const Choices& choices);

// "16 characters, ab...": all that may be shown of a secret. Two characters of a long one, none of one that is shorter than eight.
std::string masked(std::string_view secret);

}  // namespace app::mail
