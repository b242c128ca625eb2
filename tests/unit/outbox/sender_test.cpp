// The sender's thread, with mailers that keep what they get, and with a real server where one hangs.
#include "app/outbox/sender.hpp"

#include <set>

#include "app/mail/smtp.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/unit/outbox/outbox.hpp"

using namespace app;
using namespace app::outbox;
using namespace std::chrono_literals;
using mail::Delivery;
using models::MailState;
using tests::mail_about;
using tests::soon;

namespace {

Delivery answer(Delivery::Outcome outcome, mail::Stage stage) {
    return {.outcome = outcome, .stage = stage, .trouble = mail::Trouble::refused, .words = "no", .recipient = {}, .steps = {}};
}

const Delivery no_server = answer(Delivery::Outcome::try_again, mail::Stage::connect);
const Delivery no_such_user = answer(Delivery::Outcome::refused_for_good, mail::Stage::recipient);
const Delivery later = answer(Delivery::Outcome::try_again, mail::Stage::recipient);

constexpr SenderOptions quick{.poll = 20ms};
constexpr SenderOptions asleep{.poll = 1h};  // looks once, and then when it is woken

struct Started {
    mail::MemoryMailer* mailer;
    std::unique_ptr<Sender> sender;
};

Started start(tests::Outbox& outbox, const SenderOptions& options, std::vector<Delivery> answers = {}) {
    auto mailer = std::make_unique<mail::MemoryMailer>();
    mailer->answer_next(std::move(answers));
    mail::MemoryMailer* kept = mailer.get();
    return {kept, std::make_unique<Sender>(*outbox.database, std::move(mailer), options)};
}

}  // namespace

TEST_CASE("what waits is sent in its order, and what comes later when the sender is woken") {
    tests::Outbox outbox;
    for (const char* subject : {"1", "2", "3"}) outbox.add(mail_about(subject));
    const Started started = start(outbox, asleep);
    REQUIRE(soon([&] { return outbox.count(MailState::sent) == 3; }));
    const auto id = outbox.add(mail_about("4"));
    started.sender->wake();
    REQUIRE(soon([&] { return outbox.state(id) == "sent"; }));
    std::string order;
    for (const auto& message : started.mailer->outbox()) order += message.subject;
    CHECK(order == "1234");
}

TEST_CASE("what another process has queued is found without being woken") {
    tests::Outbox outbox;
    const Started started = start(outbox, quick);
    const auto id = outbox.add(mail_about("1"));
    CHECK(soon([&] { return outbox.state(id) == "sent"; }));
}

TEST_CASE("a mail refused for good has failed at once and is told of once; others go on") {
    tests::Outbox outbox;
    const auto first = outbox.add(mail_about("1")), second = outbox.add(mail_about("2"));
    const Started started = start(outbox, asleep, {no_such_user});
    REQUIRE(soon([&] { return outbox.state(second) == "sent"; }));
    CHECK(outbox.state(first) == "failed");
    CHECK(outbox.get(first).attempts == 1);
    CHECK(outbox.get(first).outcome.words == "no");
}

TEST_CASE("a mail that was not accepted for now is put back, and does not hold up the others") {
    tests::Outbox outbox;
    const auto first = outbox.add(mail_about("1")), second = outbox.add(mail_about("2"));
    const Started started = start(outbox, asleep, {later});
    REQUIRE(soon([&] { return outbox.state(second) == "sent"; }));
    const models::Mail waiting = outbox.get(first);
    CHECK(to_string(waiting.state) == "queued");
    CHECK(*waiting.due_at >= *waiting.last_attempt_at + 30s);
}

TEST_CASE("while the server is not to be had, mails are not tried one after the other; when it is back, they go") {
    tests::Outbox outbox;
    std::vector<std::int64_t> mails;
    for (int i = 0; i < 20; ++i) mails.push_back(outbox.add(mail_about(std::to_string(i))));
    const Started started = start(outbox, quick, {no_server, no_server, no_server});
    CHECK(soon([&] { return outbox.count(MailState::sent) == 17; }));
    CHECK(outbox.count(MailState::queued) == 3);  // those that were tried, for half a minute each
    outbox.database->write([&](db::Connection& c) {
        for (int i = 0; i < 3; ++i) models::retry_mail(c, mails[static_cast<std::size_t>(i)]);
    });
    CHECK(soon([&] { return outbox.count(MailState::sent) == 20; }));
}

TEST_CASE("two instances share an outbox, and each mail goes once") {
    tests::Outbox outbox;
    outbox.database->write([](db::Connection& c) {
        for (int i = 0; i < 60; ++i) models::add_mail(c, mail_about(std::to_string(i)));
    });
    const Started one = start(outbox, quick), other = start(outbox, quick);
    REQUIRE(soon([&] { return outbox.count(MailState::sent) == 60; }));
    std::multiset<std::string> sent;
    for (const auto* mailer : {one.mailer, other.mailer}) {
        for (const auto& message : mailer->outbox()) sent.insert(message.subject);
    }
    CHECK(sent.size() == 60);
    CHECK(std::set<std::string>(sent.begin(), sent.end()).size() == 60);
}

TEST_CASE("an outbox that cannot be read is tried again, and mails go when it can") {
    tests::Outbox outbox;
    const auto id = outbox.add(mail_about("1"));
    outbox.database->write([](db::Connection& c) { c.execute("ALTER TABLE mails RENAME TO away"); });
    const Started started = start(outbox, quick);
    std::this_thread::sleep_for(100ms);
    outbox.database->write([](db::Connection& c) { c.execute("ALTER TABLE away RENAME TO mails"); });
    CHECK(soon([&] { return outbox.state(id) == "sent"; }));
}

TEST_CASE("a sender that is stopped interrupts a mail that the server holds up, and puts it back to be due at once") {
    const tests::SmtpServer server;
    for (const char* mode : {"black_hole", "data_hang"}) {
        CAPTURE(mode);
        tests::Outbox outbox;
        const auto id = outbox.add(mail_about("1"));
        {
            auto mailer = std::make_unique<mail::SmtpMailer>(mail::Settings{.server = "localhost",
                                                                            .port = server.port(mode),
                                                                            .username = "",
                                                                            .password = "",
                                                                            .timeout_ms = 600'000,
                                                                            .ca_file = "",
                                                                            .default_sender = "",
                                                                            .subject_prefix = ""});
            const Sender sender(*outbox.database, std::move(mailer), {.poll = 20ms, .grace = 50ms});
            REQUIRE(soon([&] { return outbox.state(id) == "sending"; }));
        }
        const models::Mail mail = outbox.get(id);
        CHECK(to_string(mail.state) == "queued");
        CHECK(mail.outcome.trouble == "interrupted");
        CHECK(*mail.due_at <= base::now());
        CHECK(mail.attempts == 1);
    }
}
