// SmtpMailer and a real server, with each of its faults.
#include "app/mail/smtp.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "app/mail/advice.hpp"
#include "app/mail/memory.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/smtp_server.hpp"

using namespace app::mail;
using tests::SmtpServer;
using Outcome = Delivery::Outcome;

namespace {

const SmtpServer& server() {
    static const SmtpServer started;
    return started;
}

Settings settings(const std::string& mode, Tls tls = Tls::starttls) {
    return {.server = "localhost",
            .port = server().port(mode),
            .tls = tls,
            .username = SmtpServer::username,
            .password = SmtpServer::password,
            .timeout_ms = 20000,
            .ca_file = server().ca_file(),
            .default_sender = SmtpServer::username,
            .subject_prefix = ""};
}

Message message() {
    const Address from{.email = "blog@dewar.example"};
    return {.from = from,
            .to = {{.email = "ada@dewar.example"}},
            .subject = "Hello",
            .text = "Hello",
            .html = "<p>Hello</p>",
            .message_id = new_message_id(from),
            .date = app::base::now()};
}

Delivery send(const Settings& settings) { return SmtpMailer(settings).send(message()); }

}  // namespace

TEST_CASE("a mail is accepted in clear, through STARTTLS and through TLS from the first byte") {
    for (const auto& [mode, tls] : {std::pair{"plain", Tls::none}, {"starttls", Tls::starttls}, {"implicit", Tls::implicit}}) {
        CAPTURE(mode);
        const Delivery delivery = send(settings(mode, tls));
        CHECK(delivery.outcome == Outcome::accepted);
        CHECK(delivery.stage == Stage::done);
        CHECK(delivery.trouble == Trouble::none);
        CHECK(delivery.words.empty());
    }
}

TEST_CASE("each fault of a server is told for what it is, at its stage") {
    struct Case {
        const char* mode;
        Stage stage;
        Trouble trouble;
        int reply;
        Outcome outcome = Outcome::try_again;
    };
    for (const Case& one : std::initializer_list<Case>{
             {"greeting_421", Stage::greeting, Trouble::refused, 421},
             {"not_smtp", Stage::greeting, Trouble::odd_reply, 0},
             {"plain", Stage::tls, Trouble::starttls_not_offered, 0},
             {"certificate_of_other", Stage::tls, Trouble::certificate_name, 0},
             {"certificate_self_signed", Stage::tls, Trouble::certificate_untrusted, 0},
             {"certificate_expired", Stage::tls, Trouble::certificate_expired, 0},
             {"without_auth", Stage::authentication, Trouble::auth_not_offered, 0},
             {"with_other_auth", Stage::authentication, Trouble::auth_not_possible, 0},
             {"login_denied", Stage::authentication, Trouble::login_denied, 535},
             {"sender_refused", Stage::sender, Trouble::refused, 553, Outcome::refused_for_good},
             {"sender_wants_auth", Stage::sender, Trouble::refused, 530},
             {"recipient_550", Stage::recipient, Trouble::refused, 550, Outcome::refused_for_good},
             {"recipient_451", Stage::recipient, Trouble::refused, 451},
             {"data_554", Stage::data, Trouble::refused, 554, Outcome::refused_for_good},
             {"data_drop", Stage::data, Trouble::dropped, 0},
         }) {
        CAPTURE(one.mode);
        const Delivery delivery = send(settings(one.mode));
        CHECK(to_string(delivery.stage) == to_string(one.stage));
        CHECK(to_string(delivery.trouble) == to_string(one.trouble));
        CHECK(delivery.reply == one.reply);
        CHECK(delivery.outcome == one.outcome);
        CHECK_FALSE(delivery.words.empty());
        CHECK_FALSE(explanation(delivery, settings(one.mode)).empty());
        CHECK_FALSE(advice(delivery, settings(one.mode)).empty());
    }
}

TEST_CASE("a server that falls silent is left when the time is over, wherever that happens") {
    struct Case {
        const char* mode;
        Tls tls;
        Stage stage;
        std::future<Delivery> delivery = {};
    };
    Case cases[] = {{"black_hole", Tls::starttls, Stage::greeting},
                    {"implicit", Tls::starttls, Stage::greeting},
                    {"ehlo_hang", Tls::starttls, Stage::greeting},
                    {"black_hole", Tls::implicit, Stage::tls},
                    {"data_hang", Tls::starttls, Stage::data}};
    for (Case& one : cases) {
        Settings hasty = settings(one.mode, one.tls);
        hasty.timeout_ms = 3000;
        one.delivery = std::async(std::launch::async, [hasty] { return send(hasty); });
    }
    for (Case& one : cases) {
        CAPTURE(one.mode);
        const Delivery delivery = one.delivery.get();
        CHECK(to_string(delivery.trouble) == "timeout");
        CHECK(to_string(delivery.stage) == to_string(one.stage));
        CHECK(delivery.outcome == Outcome::try_again);
        CHECK(delivery.duration_ms < 60000);  // libcurl 7.88 by itself takes two minutes
    }
}

TEST_CASE("a server that does not answer QUIT has the mail all the same") {
    const Delivery delivery = send(settings("quit_hang"));
    CHECK(delivery.outcome == Outcome::accepted);
    CHECK(delivery.duration_ms < 15000);
}

TEST_CASE("a port that begins in clear is told from one that speaks TLS at once") {
    const Delivery delivery = send(settings("starttls", Tls::implicit));
    CHECK(to_string(delivery.trouble) == "not_tls");
    CHECK(delivery.stage == Stage::tls);
}

TEST_CASE("a closed port is told with the system's reason") {
    Settings closed = settings("plain", Tls::none);
    closed.port = 1;
    const Delivery delivery = send(closed);
    CHECK(to_string(delivery.trouble) == "unreachable");
    CHECK(delivery.stage == Stage::connect);
    CHECK(delivery.words == "Connection refused");
}

TEST_CASE("a file of authorities that holds none is told") {
    Settings broken = settings("starttls");
    broken.ca_file = "/dev/null";
    CHECK(to_string(send(broken).trouble) == "ca_file");
}

TEST_CASE("who signs in does so in the way that was asked for, or in one that is offered") {
    const auto signs_in = [](const char* mode, Auth auth, const char* password) {
        Settings chosen = settings(mode, std::string(mode) == "only_login" ? Tls::none : Tls::starttls);
        chosen.auth = auth;
        chosen.password = password;
        return send(chosen).outcome == Outcome::accepted;
    };
    CHECK(signs_in("starttls", Auth::plain, SmtpServer::password));
    CHECK(signs_in("starttls", Auth::login, SmtpServer::password));
    CHECK(signs_in("starttls", Auth::xoauth2, SmtpServer::token));
    CHECK(signs_in("only_login", Auth::any, SmtpServer::password));
    CHECK_FALSE(signs_in("starttls", Auth::any, "wrong"));
    CHECK_FALSE(signs_in("starttls", Auth::xoauth2, "wrong"));
    CHECK_FALSE(signs_in("only_login", Auth::plain, SmtpServer::password));
}

TEST_CASE("a rehearsal ends before the message") {
    const int before = server().count();
    const Delivery delivery = SmtpMailer(settings("starttls")).rehearse(message());
    CHECK(delivery.outcome == Outcome::accepted);
    CHECK(delivery.stage == Stage::data);
    CHECK(delivery.steps.back().what == "ada@dewar.example: 250 OK");
    CHECK(server().count() == before);
    CHECK(SmtpMailer(settings("recipient_550")).rehearse(message()).reply == 550);
}

TEST_CASE("lines that begin with dots arrive as they were, also in a long text") {
    Message mail = message();
    mail.text = "";
    for (int i = 0; i < 20000; ++i)
        mail.text += std::string(static_cast<std::size_t>(i % 4), '.') + (i % 3 == 0 ? "" : "text") + "\r\n";
    REQUIRE(SmtpMailer(settings("starttls")).send(mail).outcome == Outcome::accepted);
    CHECK(tests::contains(server().bytes(server().count()), "\r\n\r\n" + mail.text + "\r\n--"));
}

TEST_CASE("of several recipients the one that is refused is told") {
    Message mail = message();
    mail.to.push_back({.email = "bob@dewar.example"});
    const Delivery delivery = SmtpMailer(settings("starttls")).send(mail);
    CHECK(delivery.outcome == Outcome::accepted);
    const Delivery refused = SmtpMailer(settings("knows_only_ada")).send(mail);
    CHECK(refused.outcome == Outcome::refused_for_good);
    CHECK(refused.recipient == "bob@dewar.example");
    CHECK(refused.steps.back().what == "ada@dewar.example: 250 OK");
}

TEST_CASE("a secret that the server repeats does not come back") {
    const Delivery delivery = send(settings("garrulous"));
    CHECK(delivery.words == "550 5.7.1 *** is no way to sign in");
}

TEST_CASE("a certificate that was refused can be looked at") {
    const auto certificate = SmtpMailer(settings("certificate_of_other")).look_at_certificate();
    REQUIRE(certificate);
    CHECK(tests::contains(certificate->subject, "mail.example"));
    CHECK(tests::contains(certificate->issuer, "Throw-away CA"));
    CHECK_FALSE(SmtpMailer(settings("plain", Tls::none)).look_at_certificate());
}

TEST_CASE("several threads send through one mailer") {
    SmtpMailer mailer(settings("starttls"));
    std::vector<std::thread> threads;
    std::atomic<int> accepted = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 3; ++j) accepted += mailer.send(message()).outcome == Outcome::accepted ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(accepted == 12);
}

TEST_CASE("no mailer is made that would show its password") {
    Settings careless = settings("plain", Tls::none);
    careless.server = "smtp.dewar.example";
    CHECK(tests::error_of([&] { make_mailer(careless); }));
    careless.username = "";
    CHECK_FALSE(tests::error_of([&] { make_mailer(careless); }));
}

TEST_CASE("a message that is not valid is not sent") {
    Message mail = message();
    mail.subject = "Hello\r\nBcc: eve@dewar.example";
    CHECK(tests::error_of([&] { SmtpMailer(settings("starttls")).send(mail); }));
    CHECK(tests::error_of([&] { MemoryMailer().send(mail); }));
}

TEST_CASE("a memory mailer keeps what it accepts, and answers as it was told to") {
    MemoryMailer mailer;
    Delivery refused;
    refused.trouble = Trouble::refused;
    mailer.answer_next({refused});
    CHECK(mailer.send(message()).trouble == Trouble::refused);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { mailer.send(message()); });
    for (std::thread& thread : threads) thread.join();
    REQUIRE(mailer.outbox().size() == 4);
    CHECK(mailer.outbox().front().subject == "Hello");
}

TEST_CASE("suppressed mail is accepted and goes nowhere") {
    Settings suppressed = settings("black_hole");
    suppressed.suppress = true;
    CHECK(make_mailer(suppressed)->send(message()).outcome == Outcome::accepted);
    CHECK(make_mailer(settings("starttls"))->send(message()).outcome == Outcome::accepted);
}
