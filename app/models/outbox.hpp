// The outbox: mails as rows, so that one is as durable as the change that causes it. It is added in the same transaction,
//
//     services.database->write([&](Connection& c) { add_user(c, ...); add_mail(c, message, now); });
//     services.wake_mail_sender();
//
// and delivered by the senders of app/outbox, of which every instance has one. Who sends a mail holds it by a lease: a row belongs to
// the lease's text until the lease ends; a sender that died with one is followed by another. So a mail may go out twice, with the same
// Message-ID, and none is lost. Times are those of the instances, whose clocks are taken to differ by seconds at most.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/db/database.hpp"
#include "app/mail/mailer.hpp"
#include "app/mail/message.hpp"

namespace app::models {

inline constexpr std::size_t mail_bytes_max = 4 * 1024 * 1024;  // of a mail's subject and texts

enum class MailState {
    queued,   // waits for an attempt
    sending,  // somebody has a lease for it
    sent,     // accepted by a server
    failed    // given up
};

// "queued"; and back.
std::string_view to_string(MailState state) noexcept;
std::optional<MailState> find_mail_state(std::string_view name) noexcept;

// What came of the last attempt.
struct MailOutcome {
    std::string stage;    // where it ended, as people read it: "name resolution"; empty: there was none yet
    std::string trouble;  // for machines: "login_denied"
    std::string words;    // the server's, as UTF-8
};

MailOutcome outcome_of(const mail::Delivery& delivery);

struct Mail {
    std::int64_t id = 0;
    MailState state = MailState::queued;
    mail::Message message;  // what goes out, the same in every attempt
    base::Timestamp created_at;
    base::Timestamp queued_at;              // created, or told to be tried again by somebody
    int attempts = 0;                       // begun since then
    std::optional<base::Timestamp> due_at;  // when the next may begin; of a mail that is being sent, when the lease ends
    std::string lease;                      // who sends it, or did last
    std::optional<base::Timestamp> last_attempt_at;
    MailOutcome outcome;
    std::optional<base::Timestamp> finished_at;  // sent or failed
};

// Queues a mail that is due at once, and returns its id. To be called in the write of what causes it; the message, with its
// Message-ID, is made before, since a write may run twice. Throws what mail::require_valid throws, and too_large beyond mail_bytes_max.
std::int64_t add_mail(db::Connection& connection, const mail::Message& message, base::Timestamp now = base::now());

// Takes a mail back in the write that queued it: nobody has seen it, and nothing of it remains. Does nothing for an id that is none.
void remove_mail(db::Connection& connection, std::int64_t id);

// Whether claim_mail would find one: for who looks often.
bool has_due_mail(db::Connection& connection, base::Timestamp now);

// Takes the mail that has been due for longest, for one attempt that ends before `lease_end`; nothing when none is due. `lease` is a
// text that nobody else uses, of at most 255 bytes, new for every claim. Any number of instances at once.
std::optional<Mail> claim_mail(db::Connection& connection, std::string_view lease, base::Timestamp now,
                               base::Timestamp lease_end);

// How an attempt ended; each returns false, and changes nothing, when another has the lease by now, or somebody has told the mail to be
// tried again or removed it. May be repeated.
bool mark_mail_sent(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                    base::Timestamp now);
bool mark_mail_failed(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                      base::Timestamp now);
bool put_mail_back(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                   base::Timestamp due_at);

// find_: nothing for an id that no mail has. get_ throws not_found instead.
std::optional<Mail> find_mail(db::Connection& connection, std::int64_t id);
Mail get_mail(db::Connection& connection, std::int64_t id);

// Up to `limit` mails with ids below `before`, newest first, of one state or of all. Their texts are left out.
std::vector<Mail> list_mails(db::Connection& connection, std::optional<MailState> state, std::optional<std::int64_t> before,
                             int limit);

std::int64_t count_mails(db::Connection& connection, MailState state);

// Makes a failed mail, or one that waits for its next attempt, due at once, and its attempts count anew. False, and nothing changed, for
// one that is being sent or was. Throws not_found.
bool retry_mail(db::Connection& connection, std::int64_t id, base::Timestamp now = base::now());

// All failed mails; returns how many there were.
std::int64_t retry_failed_mails(db::Connection& connection, base::Timestamp now = base::now());

// Removes up to `limit` mails of that state, sent or failed, that were finished before `end`, the oldest first; returns how many. Throws
// invalid for a state in which a mail is still to go out.
std::int64_t purge_mails(db::Connection& connection, MailState state, base::Timestamp end, int limit);

}  // namespace app::models
