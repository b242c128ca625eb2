// The mail services that people use, and what each of them wants: the table in providers.cpp, which MAIL_PROVIDER chooses from. It
// also knows a service by its host, for the advice that goes with it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace app::mail {

enum class Tls {
    none,
    starttls,  // begins in clear; refused unless the server offers it
    implicit,  // from the first byte
};

struct Provider {
    std::string_view name;   // "gmail", as in MAIL_PROVIDER
    std::string_view title;  // "Gmail"
    std::string_view host;   // {region} stands for what follows the name: "ses:eu-west-1"
    int port;
    Tls tls;
    std::string_view username;             // what MAIL_USERNAME must be
    std::string_view password;             // what MAIL_PASSWORD must be
    int password_letters = 0;              // how many it has, blanks and hyphens aside; 0: it varies
    bool own_address_only = false;         // the sender must be the username
    std::string_view fixed_username = {};  // the username that everybody has there
    std::string_view advice;               // one line
    std::string_view page;                 // where to get that password
};

// In the order of the table.
std::span<const Provider> providers();

// By "gmail" or "ses:eu-west-1"; nullptr if there is none.
const Provider* find_provider(std::string_view choice);

// By the host "smtp.gmail.com"; nullptr for a server of one's own.
const Provider* find_provider_of_host(std::string_view host);

// The provider's host for that choice.
std::string host_of(const Provider& provider, std::string_view choice);

// "there is no provider gmial; did you mean gmail? There are: ...".
std::string unknown_provider(std::string_view choice);

}  // namespace app::mail
