// The outbox as somebody sees it who runs the server: `manage mail`, and what `manage runserver` delivers and says.
// backends: sqlite mysql
#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "tests/integration/support/outbox.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;
using app::models::MailState;

const SmtpServer& server() {
    static const SmtpServer started;
    return started;
}

std::string subject_of(int number) { return *app::web::parse_json(server().description(number)).find("subject")->string(); }

int count_lines(const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

// As a running instance would leave them.
void finish(Outbox& outbox, std::int64_t id, MailState state) {
    outbox.database->write([&](app::db::Connection& c) {
        const auto now = app::base::now();
        app::models::claim_mail(c, "lease", now, now + std::chrono::hours{1});
        const app::models::MailOutcome outcome{"recipient", "refused", "550 5.1.1 No such user\x1b[2J"};
        state == MailState::sent ? app::models::mark_mail_sent(c, id, "lease", {"done", "none", ""}, now)
                                 : app::models::mark_mail_failed(c, id, "lease", outcome, now);
    });
}

}  // namespace

TEST_CASE("mail list shows what waits, went out and failed, without a text; by state, in parts, and as JSON") {
    Outbox outbox;
    const auto sent = outbox.add("First").first;
    finish(outbox, sent, MailState::sent);
    const auto failed = outbox.add("Second").first;
    finish(outbox, failed, MailState::failed);
    const auto [queued, message_id] = outbox.add("标题");
    const Finished all = outbox.manage({"mail", "list"});
    CHECK(all.exit_code == 0);
    CHECK(all.out.starts_with("ID  STATE   CREATED"));
    CHECK(count_lines(all.out, "\n") == 4);
    CHECK(contains(all.out, "recipient: refused"));
    CHECK(contains(all.out, "标题"));
    CHECK_FALSE(contains(all.out, "The text"));
    CHECK(count_lines(outbox.manage({"mail", "list", "--state", "failed"}).out, "\n") == 2);
    CHECK(contains(outbox.manage({"mail", "list", "--limit", "1"}).out, "标题"));
    CHECK(contains(outbox.manage({"mail", "list", "--limit", "1", "--before", std::to_string(queued)}).out, "Second"));
    const auto json = app::web::parse_json(outbox.manage({"mail", "list", "--json"}).out);
    REQUIRE(json.list()->size() == 3);
    CHECK(*(*json.list())[0].find("message_id")->string() == message_id);
    CHECK(*(*json.list())[0].find("state")->string() == "queued");
    CHECK((*json.list())[0].find("text") == nullptr);
    CHECK(*(*json.list())[1].find("last_outcome")->find("trouble")->string() == "refused");
    CHECK(outbox.manage({"mail", "list", "--state", "lost"}).exit_code == 2);
    CHECK(outbox.manage({"mail", "list", "--limit", "0"}).exit_code == 2);
}

TEST_CASE("mail show has the text and the server's words, harmless on a terminal") {
    Outbox outbox;
    const auto [id, message_id] = outbox.add("Hello");
    finish(outbox, id, MailState::failed);
    const Finished shown = outbox.manage({"mail", "show", std::to_string(id)});
    CHECK(shown.exit_code == 0);
    CHECK(contains(shown.out, "\n\nThe text of Hello\n"));
    CHECK(contains(shown.out, "<" + message_id + ">"));
    CHECK(contains(shown.out, "recipient, refused: 550 5.1.1 No such user?[2J\n"));
    const auto json = app::web::parse_json(outbox.manage({"mail", "show", std::to_string(id), "--json"}).out);
    CHECK(*json.find("html")->string() == "<p>The text of Hello</p>\n");
    const Finished none = outbox.manage({"mail", "show", "99"});
    CHECK(none.exit_code == 1);
    CHECK(none.err == "manage: there is no mail 99\n");
    CHECK(outbox.manage({"mail", "show", "x"}).exit_code == 2);
}

TEST_CASE("mail retry queues what failed, says of others why not, and wants to know which") {
    Outbox outbox;
    const auto sent = outbox.add().first;
    finish(outbox, sent, MailState::sent);
    const auto failed = outbox.add().first;
    finish(outbox, failed, MailState::failed);
    const Finished both = outbox.manage({"mail", "retry", std::to_string(failed), std::to_string(sent)});
    CHECK(both.exit_code == 1);
    CHECK(both.out == "Mail 2 is queued again.\nMail 1 stays as it is: it was sent.\n");
    CHECK(outbox.state(failed) == "queued");
    finish(outbox, failed, MailState::failed);
    const Finished all = outbox.manage({"mail", "retry", "--all-failed"});
    CHECK(all.exit_code == 0);
    CHECK(all.out == "Queued again: 1.\n");
    CHECK(outbox.manage({"mail", "retry"}).exit_code == 2);
    CHECK(outbox.manage({"mail", "retry", "1", "--all-failed"}).exit_code == 2);
    CHECK(outbox.manage({"mail", "retry", "99"}).err == "manage: there is no mail 99\n");
}

TEST_CASE("mail purge removes what was finished long enough ago, and nothing that is still to go") {
    Outbox outbox;
    finish(outbox, outbox.add().first, MailState::sent);
    finish(outbox, outbox.add().first, MailState::failed);
    outbox.add();
    CHECK(outbox.manage({"mail", "purge", "--older-than", "1"}).out == "Removed: 0.\n");
    CHECK(outbox.manage({"mail", "purge", "--older-than", "0", "--state", "sent"}).out == "Removed: 1.\n");
    CHECK(outbox.manage({"mail", "purge", "--older-than", "0"}).out == "Removed: 1.\n");
    CHECK(outbox.count(MailState::queued) == 1);
    CHECK(outbox.manage({"mail", "purge"}).exit_code == 2);
    CHECK(outbox.manage({"mail", "purge", "--older-than", "0", "--state", "queued"}).exit_code == 2);
}

TEST_CASE("mail send delivers what is due, and says what was not accepted") {
    Outbox outbox;
    const Finished unset = outbox.manage({"mail", "send"});
    CHECK(unset.exit_code == 1);
    CHECK(is_one_line(unset.err));
    CHECK(contains(unset.err, "neither MAIL_SERVER nor MAIL_PROVIDER is set"));
    const int before = server().count();
    outbox.add("One"), outbox.add("Two");
    outbox.set_mail_port(server().port("plain"));
    const Finished sent = outbox.manage({"mail", "send"});
    CHECK(sent.exit_code == 0);
    CHECK(sent.out == "Sent: 2, not accepted: 0.\n");
    CHECK(subject_of(before + 2) == "Two");
    outbox.add("Three");
    outbox.set_mail_port(server().port("recipient_550"));
    const Finished refused = outbox.manage({"mail", "send"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.out == "Mail 3 was not accepted: recipient, refused: 550 5.1.1 No such user here\nSent: 0, not accepted: 1.\n");
    CHECK(outbox.state(3) == "failed");
    outbox.add("Four"), outbox.add("Five");
    outbox.set_mail_port(server().port("greeting_421"));
    const Finished closed = outbox.manage({"mail", "send"});
    CHECK(closed.exit_code == 1);
    CHECK(contains(closed.out, "Others were not tried: `manage send-test-mail` tells what is wrong.\n"));
    CHECK(outbox.count(MailState::queued) == 2);
}

TEST_CASE("a running server delivers what is in the outbox") {
    Outbox outbox;
    const int before = server().count();
    const auto first = outbox.add("In the night").first;
    outbox.set_mail_port(server().port("plain"));
    Process running(outbox.start({"runserver", "--port", "0"}));
    CHECK(soon([&] { return outbox.state(first) == "sent"; }));
    CHECK(subject_of(before + 1) == "In the night");
    const auto second = outbox.add("By day").first;
    CHECK(soon([&] { return outbox.state(second) == "sent"; }));
    running.send(SIGTERM);
    CHECK(running.wait().exit_code == 0);
    CHECK_FALSE(contains(running.err(), "The text"));
}

TEST_CASE("mails wait while the mail server is away, with one line in the log, and go when it is back") {
    Outbox outbox;
    int port = 0;
    {
        const SmtpServer gone;
        port = gone.port("plain");
    }
    outbox.set_mail_port(port);
    std::vector<std::int64_t> mails;
    for (int i = 0; i < 5; ++i) mails.push_back(outbox.add("Patience").first);
    Process running(outbox.start({"runserver", "--port", "0"}));
    running.wait_for("nothing can be sent (connection, unreachable");
    const SmtpServer back(port);
    outbox.manage({"mail", "retry", "1", "2", "3", "4", "5"});
    CHECK(soon([&] { return outbox.is_done(); }));
    CHECK(back.count() == 5);
    CHECK(count_lines(running.wait_for("the mail server is there again"), "nothing can be sent") == 1);
}

TEST_CASE(
    "without a mail server, or with settings that cannot be right, the site serves, mails wait, and one line says what to do") {
    Outbox outbox;
    outbox.add();
    struct Case {
        std::map<std::string, std::string> environment;
        const char* line;
    };
    for (const Case& one : {Case{{}, "1 wait in the outbox: no mail is sent, for neither MAIL_SERVER nor MAIL_PROVIDER is set"},
                            Case{{{"MAIL_SERVER", "localhost"}, {"MAIL_USE_TLS", "true"}, {"MAIL_USE_SSL", "true"}},
                                 "1 wait in the outbox: no mail is sent, for MAIL_USE_TLS and MAIL_USE_SSL are both on"}}) {
        CAPTURE(one.line);
        Start start = outbox.start({"runserver", "--port", "0"});
        start.environment.insert(one.environment.begin(), one.environment.end());
        Process running(start);
        const int port = port_of(running);
        running.wait_for(one.line);
        CHECK(parse_answer(raw_exchange(port, get("/healthz", "Connection: close\r\n"))).status == 200);
        running.send(SIGTERM);
        CHECK(running.wait().exit_code == 0);
        CHECK(outbox.count(MailState::queued) == 1);
    }
}

TEST_CASE("suppressed mail counts as sent, and does not leave") {
    Outbox outbox;
    const int before = server().count();
    const auto id = outbox.add().first;
    outbox.set_mail_port(server().port("plain"));
    outbox.environment["MAIL_SUPPRESS_SEND"] = "true";
    const Process running(outbox.start({"runserver", "--port", "0"}));
    CHECK(soon([&] { return outbox.state(id) == "sent"; }));
    CHECK(outbox.get(id).outcome.words == "nothing left: MAIL_SUPPRESS_SEND is on");
    CHECK(server().count() == before);
}

TEST_CASE(
    "requests are answered while a mail hangs at a server that says nothing, and the stop waits for it no longer than for them") {
    Outbox outbox;
    const auto id = outbox.add().first;
    outbox.set_mail_port(server().port("black_hole"));
    outbox.environment["MAIL_TIMEOUT"] = "600";
    outbox.environment["APP_SERVER__GRACE_MS"] = "100";
    Process running(outbox.start({"runserver", "--port", "0", "--workers", "2"}));
    const int port = port_of(running);
    REQUIRE(soon([&] { return outbox.state(id) == "sending"; }));
    for (int i = 0; i < 50; ++i) {
        CHECK(parse_answer(raw_exchange(port, get("/", "Connection: close\r\n"))).status == 200);
        outbox.add();
    }
    CHECK(outbox.state(id) == "sending");  // so it was all the time
    running.send(SIGTERM);
    CHECK(running.wait().exit_code == 0);
    CHECK(outbox.state(id) == "queued");
    CHECK(outbox.get(id).outcome.trouble == "interrupted");
}

TEST_CASE("an error is mailed to the administrator, once for all of its kind") {
    Outbox outbox;
    const int before = server().count();
    outbox.set_mail_port(server().port("plain"));
    outbox.environment["MAIL_ERRORS"] = "true";
    outbox.environment["MAIL_SUBJECT_PREFIX"] = "[Dewar]";
    outbox.environment["APP_ADMIN"] = "root@dewar.example";
    outbox.database->write([](app::db::Connection& c) { c.execute("ALTER TABLE totals RENAME TO sums"); });
    Process running(outbox.start({"runserver", "--port", "0"}));
    const int port = port_of(running);
    for (int i = 0; i < 10; ++i) {
        CHECK(parse_answer(raw_exchange(port, get("/", "Connection: close\r\n"))).status == 500);
    }
    CHECK(soon([&] { return outbox.count(MailState::sent) == 1; }));
    running.send(SIGTERM);
    CHECK(running.wait().exit_code == 0);
    CHECK(outbox.is_done());
    REQUIRE(server().count() == before + 1);
    const auto mail = app::web::parse_json(server().description(before + 1));
    CHECK(*mail.find("to")->string() == "root@dewar.example");
    CHECK(mail.find("subject")->string()->starts_with("[Dewar] Error: "));
    CHECK(contains(*mail.find("text")->string(), "config development"));
    CHECK(contains(*mail.find("text")->string(), "totals"));
}
