// A mailer that hands each message to an SMTP server (RFC 5321), by libcurl: STARTTLS (never without it where it was asked for) or TLS
// from the first byte, AUTH PLAIN, LOGIN or XOAUTH2, one connection per message. The server's certificate is always checked.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/mail/mailer.hpp"

namespace app::mail {

// What a server shows of itself.
struct Certificate {
    std::string subject, issuer;  // "CN = smtp.example.com"
    std::string valid_until;      // "Dec 22 18:20:00 2026 GMT"
};

// Every call makes a connection of its own and ends within settings.timeout_ms, whatever the name servers or the server do.
class SmtpMailer : public Mailer {
   public:
    // Throws invalid for a server whose name cannot be converted for DNS, and where a password would cross the network in clear.
    explicit SmtpMailer(Settings settings);

    Delivery send(const Message& message) override;

    void interrupt() noexcept override { interrupted_ = true; }

    // As send, but leaves before DATA: nothing is delivered. Where all went well the outcome is accepted and the stage data.
    Delivery rehearse(const Message& message);

    // The certificate of a server whose certificate send did not like; nothing when there is none to be had. Sends no secret.
    std::optional<Certificate> look_at_certificate();

   private:
    Settings settings_;
    std::atomic<bool> interrupted_{false};
};

}  // namespace app::mail
