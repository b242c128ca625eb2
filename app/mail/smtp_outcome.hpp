// What became of a mail, told from how libcurl's transfer ended and from what was said in it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/mail/mailer.hpp"
#include "app/mail/smtp_conversation.hpp"

namespace app::mail {

// A transfer that is over.
struct Ended {
    int code = 0;                        // CURLcode
    std::string message;                 // libcurl's
    long verification = 0;               // X509_V_ERR_..., of the server's certificate
    long system_error = 0;               // errno of the last connect
    bool connected = false;              // by TCP
    std::vector<std::string> addresses;  // that were tried: "127.0.0.1"
    std::string certificate;             // what the server showed, in words; empty: not known
};

Delivery delivery_of(const Settings& settings, const Ended& ended, const Conversation& conversation);

}  // namespace app::mail
