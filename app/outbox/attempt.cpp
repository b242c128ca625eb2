#include "app/outbox/attempt.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/base/error.hpp"
#include "app/base/host_name.hpp"
#include "app/base/secret.hpp"

namespace app::outbox {

namespace {

using mail::Delivery;
using mail::Trouble;
using models::MailState;
using namespace std::chrono_literals;

constexpr std::array<std::chrono::seconds, 7> pauses{30s, 2min, 10min, 30min, 1h, 2h, 4h};

// Tells people who it is, and differs from that of any other claim.
std::string new_lease() {
    constexpr std::size_t random_bytes = 12;
    return base::host_name() + "/" + std::to_string(::getpid()) + "/" + base::random_token(random_bytes);
}

bool is_about_the_server(const Delivery& delivery) {
    return delivery.outcome == Delivery::Outcome::try_again && delivery.trouble != Trouble::interrupted &&
           delivery.stage < mail::Stage::sender;
}

Delivery thrown(Delivery::Outcome outcome, std::string words) {
    return {.outcome = outcome,
            .stage = mail::Stage::data,
            .trouble = Trouble::other,
            .words = std::move(words),
            .recipient = {},
            .steps = {}};
}

}  // namespace

std::chrono::milliseconds lease_for(std::chrono::milliseconds delivery_max) noexcept { return delivery_max + 1min; }

std::chrono::seconds pause_after(int attempts) noexcept {
    const auto last = static_cast<int>(pauses.size());
    return pauses[static_cast<std::size_t>(std::clamp(attempts, 1, last) - 1)];
}

std::optional<models::Mail> claim_next(db::Database& database, const Plan& plan, base::Timestamp now) {
    if (!database.read([&](db::Connection& c) { return models::has_due_mail(c, now); })) return std::nullopt;
    const std::string lease = new_lease();
    return database.write([&](db::Connection& c) { return models::claim_mail(c, lease, now, now + plan.lease); });
}

Delivery send(mail::Mailer& mailer, const mail::Message& message) {
    try {
        return mailer.send(message);
    } catch (const base::Error& error) {
        const bool is_invalid = error.code() == base::Code::invalid;
        return thrown(is_invalid ? Delivery::Outcome::refused_for_good : Delivery::Outcome::try_again, error.what());
    } catch (const std::exception& error) {
        return thrown(Delivery::Outcome::try_again, error.what());
    }
}

Verdict decide(const models::Mail& mail, const Delivery& delivery, const Plan& plan, base::Timestamp now) {
    Verdict verdict{.id = mail.id,
                    .lease = mail.lease,
                    .state = MailState::sent,
                    .outcome = models::outcome_of(delivery),
                    .at = now,
                    .about_the_server = is_about_the_server(delivery)};
    if (delivery.outcome == Delivery::Outcome::accepted) return verdict;
    const base::Timestamp next = delivery.trouble == Trouble::interrupted ? now : now + pause_after(mail.attempts);
    const bool is_over = delivery.outcome == Delivery::Outcome::refused_for_good || next > mail.queued_at + plan.retry_for;
    verdict.state = is_over ? MailState::failed : MailState::queued;
    if (!is_over) verdict.at = next;
    return verdict;
}

bool record(db::Database& database, const Verdict& verdict) {
    return database.write([&](db::Connection& c) {
        switch (verdict.state) {
            case MailState::sent: return models::mark_mail_sent(c, verdict.id, verdict.lease, verdict.outcome, verdict.at);
            case MailState::failed: return models::mark_mail_failed(c, verdict.id, verdict.lease, verdict.outcome, verdict.at);
            default: return models::put_mail_back(c, verdict.id, verdict.lease, verdict.outcome, verdict.at);
        }
    });
}

}  // namespace app::outbox
