// One attempt to deliver one mail, in three parts of which none holds a transaction while it waits for a mail server: claim_next takes
// a mail out of the outbox, send hands it over, decide says what follows, record writes that down. Any thread, any number of instances.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/mail/mailer.hpp"
#include "app/models/outbox.hpp"

namespace app::outbox {

struct Plan {
    std::chrono::milliseconds lease{90'000};  // longer than the mailer takes for a mail
    std::chrono::hours retry_for{72};         // since it was queued; then it has failed
};

// A lease that outlasts a delivery of that length, with a minute for the database and for clocks that differ.
std::chrono::milliseconds lease_for(std::chrono::milliseconds delivery_max) noexcept;

// How long a mail waits after its nth attempt, from 1, was not accepted: half a minute, then more each time, at most four hours.
std::chrono::seconds pause_after(int attempts) noexcept;

// The mail that has been due for longest, held by a lease of this process; nothing when none is due. Throws what the database throws.
std::optional<models::Mail> claim_next(db::Database& database, const Plan& plan, base::Timestamp now);

// As mailer.send, but what that throws is a delivery too: one refused for good if the message is not valid.
mail::Delivery send(mail::Mailer& mailer, const mail::Message& message);

// What is to be written down about a mail.
struct Verdict {
    std::int64_t id = 0;
    std::string lease;
    models::MailState state = models::MailState::sent;  // sent, failed, or queued again
    models::MailOutcome outcome;
    base::Timestamp at;             // when it was finished, or is due again
    bool about_the_server = false;  // no mail would have been accepted: the server was not to be had, or lets nobody in
};

// `now` is when the delivery ended.
Verdict decide(const models::Mail& mail, const mail::Delivery& delivery, const Plan& plan, base::Timestamp now);

// False when another holds the mail by now. May be repeated. Throws what the database throws.
bool record(db::Database& database, const Verdict& verdict);

}  // namespace app::outbox
