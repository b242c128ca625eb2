// What to do about a mail that was not accepted: one line for whoever set up the server.
#pragma once

#include <string>

#include "app/mail/mailer.hpp"

namespace app::mail {

// What went wrong, in plain words: "it does not take the user name and the password". Holds nothing of the server's words.
std::string explanation(const Delivery& delivery, const Settings& settings);

// "MAIL_PORT may be wrong: ...". Both are empty for a mail that was accepted.
std::string advice(const Delivery& delivery, const Settings& settings);

}  // namespace app::mail
