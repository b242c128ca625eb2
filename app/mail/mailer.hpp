// Handing a mail to somebody who delivers it. Mailer is the interface; SmtpMailer (smtp.hpp) speaks to a server, MemoryMailer
// (memory.hpp) keeps what tests want to look at. What came of it is a value, not an exception: whoever sends decides whether to try
// again, to give up, or to explain.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/mail/message.hpp"
#include "app/mail/settings.hpp"

namespace app::mail {

// The way of a mail, in its order.
enum class Stage { resolve, connect, greeting, tls, authentication, sender, recipient, data, done };

// "name resolution", "connection", ...: for people.
std::string_view to_string(Stage stage) noexcept;

// What went wrong on it.
enum class Trouble {
    none,
    unknown_host,
    unreachable,  // nobody listens at that port, or no way leads there
    timeout,      // nothing came
    starttls_not_offered,
    certificate_name,       // it is another host's
    certificate_expired,    // or not valid yet
    certificate_untrusted,  // self-signed, or by an authority that nobody here knows
    ca_file,                // MAIL_CA_FILE cannot be read
    not_tls,                // what answered does not speak TLS, or none that fits
    auth_not_offered,
    auth_not_possible,  // the server offers other ways to sign in than those there are
    login_denied,
    refused,      // the server's reply says so: 4yz or 5yz
    odd_reply,    // no SMTP, or not what comes at that point
    dropped,      // the connection
    interrupted,  // by Mailer::interrupt
    other,
};

// "login_denied": for machines.
std::string_view to_string(Trouble trouble) noexcept;

// A stage that was passed.
struct Step {
    Stage stage;
    std::string what;  // "127.0.0.1", "220 smtp.example.com ESMTP", ...: one line, without secrets
};

struct Delivery {
    enum class Outcome {
        accepted,
        refused_for_good,  // this mail, by its sender, recipient or content (5yz): trying again cannot help
        try_again,         // whatever it was, it may be over later, or was the settings' fault
    };

    Outcome outcome = Outcome::try_again;
    Stage stage = Stage::resolve;  // where it ended
    Trouble trouble = Trouble::none;
    int reply = 0;            // the server's last code if it refused, else 0
    std::string words;        // the server's own words; libcurl's or the system's where it said none, if they tell more. One line
    std::string recipient;    // the one that was refused
    std::vector<Step> steps;  // what went well before
    std::int64_t duration_ms = 0;
};

class Mailer {
   public:
    virtual ~Mailer() = default;

    // Throws invalid when the message is not valid (require_valid), and nothing for what happens on its way. Any thread.
    virtual Delivery send(const Message& message) = 0;

    // Has a delivery that is under way in another thread end within about a second, and every later one at once: with try_again, unless
    // the mail is accepted by then. For who stops the process. Any thread.
    virtual void interrupt() noexcept {}
};

// What the settings ask for: one that speaks SMTP, or, where mail is suppressed, one that accepts everything and sends nothing. Throws as
// SmtpMailer's constructor does.
std::unique_ptr<Mailer> make_mailer(const Settings& settings);

}  // namespace app::mail
