// What follows from a delivery, with time as a number: nothing here waits.
#include "app/outbox/attempt.hpp"

#include "app/base/error.hpp"
#include "tests/unit/outbox/outbox.hpp"

using namespace app;
using namespace app::outbox;
using namespace std::chrono_literals;
using mail::Delivery;
using tests::noon;

namespace {

Delivery delivery(Delivery::Outcome outcome, mail::Stage stage, mail::Trouble trouble, const std::string& words = "") {
    return {.outcome = outcome, .stage = stage, .trouble = trouble, .words = words, .recipient = {}, .steps = {}};
}

const Delivery accepted = delivery(Delivery::Outcome::accepted, mail::Stage::done, mail::Trouble::none);
const Delivery unknown_user =
    delivery(Delivery::Outcome::refused_for_good, mail::Stage::recipient, mail::Trouble::refused, "550 5.1.1 No such user");
const Delivery greylisted =
    delivery(Delivery::Outcome::try_again, mail::Stage::recipient, mail::Trouble::refused, "451 4.7.1 later");
const Delivery closed = delivery(Delivery::Outcome::try_again, mail::Stage::connect, mail::Trouble::unreachable);
const Delivery denied = delivery(Delivery::Outcome::try_again, mail::Stage::authentication, mail::Trouble::login_denied);
const Delivery interrupted = delivery(Delivery::Outcome::try_again, mail::Stage::data, mail::Trouble::interrupted);

models::Mail attempted(int attempts, base::Timestamp queued_at = noon) {
    models::Mail mail;
    mail.id = 7;
    mail.lease = "mine";
    mail.attempts = attempts;
    mail.queued_at = queued_at;
    return mail;
}

std::string state_after(const Delivery& delivery, int attempts, base::Timestamp now) {
    return std::string{to_string(decide(attempted(attempts), delivery, {}, now).state)};
}

class Throwing final : public mail::Mailer {
   public:
    explicit Throwing(base::Code code) : code_(code) {}
    Delivery send(const mail::Message&) override { throw base::Error(code_, "no"); }

   private:
    base::Code code_;
};

}  // namespace

TEST_CASE("the pauses between attempts grow up to four hours") {
    std::vector<std::chrono::seconds> pauses;
    for (int attempt = 1; attempt <= 9; ++attempt) pauses.push_back(pause_after(attempt));
    CHECK(pauses == std::vector<std::chrono::seconds>{30s, 2min, 10min, 30min, 1h, 2h, 4h, 4h, 4h});
}

TEST_CASE("an accepted mail is sent, one refused for good has failed at once") {
    const Verdict sent = decide(attempted(1), accepted, {}, noon + 1s);
    CHECK(sent.id == 7);
    CHECK(sent.lease == "mine");
    CHECK(to_string(sent.state) == "sent");
    CHECK(sent.at == noon + 1s);
    const Verdict failed = decide(attempted(1), unknown_user, {}, noon + 1s);
    CHECK(to_string(failed.state) == "failed");
    CHECK(failed.at == noon + 1s);
    CHECK(failed.outcome.stage == "recipient");
    CHECK(failed.outcome.words == "550 5.1.1 No such user");
}

TEST_CASE("a mail that was not accepted for now waits for the pause of its attempt") {
    CHECK(decide(attempted(1), greylisted, {}, noon + 5s).at == noon + 35s);
    CHECK(decide(attempted(5), closed, {}, noon + 5h).at == noon + 6h);
    CHECK(state_after(denied, 1, noon) == "queued");
}

TEST_CASE("a mail fails when its next attempt would be later than three days after it was queued") {
    CHECK(state_after(greylisted, 20, noon + 72h - 4h) == "queued");
    CHECK(state_after(greylisted, 20, noon + 72h - 4h + 1s) == "failed");
    CHECK(to_string(decide(attempted(1, noon + 71h), greylisted, {}, noon + 72h).state) == "queued");  // queued again by somebody
}

TEST_CASE("an interrupted mail is due again at once") {
    const Verdict verdict = decide(attempted(3), interrupted, {}, noon + 1s);
    CHECK(to_string(verdict.state) == "queued");
    CHECK(verdict.at == noon + 1s);
}

TEST_CASE("what concerns the server is told from what concerns the mail") {
    for (const Delivery& about_server : {closed, denied}) CHECK(decide(attempted(1), about_server, {}, noon).about_the_server);
    for (const Delivery& about_mail : {accepted, unknown_user, greylisted, interrupted}) {
        CHECK_FALSE(decide(attempted(1), about_mail, {}, noon).about_the_server);
    }
}

TEST_CASE("a mailer that throws has refused an invalid mail for good, and any other for now") {
    Throwing invalid(base::Code::invalid), unavailable(base::Code::unavailable);
    const auto mail = tests::mail_about("x");
    CHECK((send(invalid, mail).outcome == Delivery::Outcome::refused_for_good));
    CHECK((send(unavailable, mail).outcome == Delivery::Outcome::try_again));
    CHECK(send(invalid, mail).words == "no");
}

TEST_CASE("a server that never comes back is tried less and less often for three days, and then the mail has failed") {
    tests::Outbox outbox;
    const Plan plan;
    const auto id = outbox.add(tests::mail_about("x"), noon);
    base::Timestamp now = noon;
    int attempts = 0;
    for (; outbox.state(id) == "queued" && attempts < 1000; ++attempts) {
        now = *outbox.get(id).due_at;
        CHECK_FALSE(claim_next(*outbox.database, plan, now - 1us));
        const auto mail = claim_next(*outbox.database, plan, now);
        REQUIRE(mail);
        CHECK(record(*outbox.database, decide(*mail, closed, plan, now)));
    }
    CHECK(outbox.state(id) == "failed");
    CHECK(attempts == 24);
    CHECK(now <= noon + 72h);
    CHECK(now > noon + 67h);
    CHECK(outbox.get(id).outcome.trouble == "unreachable");
}

TEST_CASE("the mail of a process that died is taken over when its lease has ended") {
    tests::Outbox outbox;
    const Plan plan{.lease = lease_for(30s)};
    const auto id = outbox.add(tests::mail_about("x"), noon);
    const auto first = claim_next(*outbox.database, plan, noon);
    CHECK_FALSE(claim_next(*outbox.database, plan, noon + 90s - 1us));
    const auto second = claim_next(*outbox.database, plan, noon + 90s);
    REQUIRE(second);
    CHECK(second->message.message_id == first->message.message_id);
    CHECK(second->lease != first->lease);
    CHECK_FALSE(record(*outbox.database, decide(*first, accepted, plan, noon + 91s)));
    CHECK(outbox.state(id) == "sending");
    CHECK(record(*outbox.database, decide(*second, accepted, plan, noon + 92s)));
    CHECK(outbox.state(id) == "sent");
}
