// `manage send-test-mail`, as somebody sees it whose mail does not arrive: each fault of a server and of the environment has its own
// line, and says what to do.
#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/support/smtp_server.hpp"

namespace {

using namespace tests;

const SmtpServer& server() {
    static const SmtpServer started;
    return started;
}

// A folder without database and secret key, and settings with which mail leaves.
class Mailing : public Installation {
   public:
    explicit Mailing(const std::string& mode = "starttls") {
        environment = {{"MAIL_SERVER", "localhost"},
                       {"MAIL_PORT", std::to_string(server().port(mode))},
                       {"MAIL_USE_TLS", "true"},
                       {"MAIL_USERNAME", SmtpServer::username},
                       {"MAIL_PASSWORD", SmtpServer::password},
                       {"MAIL_CA_FILE", server().ca_file()}};
    }

    Finished send(std::vector<std::string> arguments = {"bob@dewar.example"}) const {
        arguments.insert(arguments.begin(), "send-test-mail");
        const Finished finished = manage(std::move(arguments));
        CHECK_FALSE(contains(finished.out + finished.err, SmtpServer::password));
        return finished;
    }

    // The line of what failed, its words and its advice, with single blanks. Checks that nothing was sent.
    std::string failure(std::vector<std::string> arguments = {"bob@dewar.example"}) const {
        const Finished finished = send(std::move(arguments));
        INFO(finished.out, finished.err);
        CHECK(finished.exit_code == 1);
        CHECK(contains(finished.out, "\nNot sent ("));
        std::string text;
        const std::size_t begin = finished.out.find("  FAILED  ");
        for (const char letter : finished.out.substr(std::min(begin, finished.out.size()))) {
            if (letter != ' ' || (!text.empty() && text.back() != ' ')) text += letter;
        }
        return text.substr(0, text.find("Not sent"));
    }
};

app::web::Value mail(int number) { return app::web::parse_json(server().description(number)); }

std::string text_of(const app::web::Value& document, const char* name) { return *document.find(name)->string(); }

}  // namespace

TEST_CASE("a mail is accepted, and each step of its way is a line") {
    const Finished finished = Mailing().send();
    CHECK(finished.exit_code == 0);
    CHECK(finished.err.empty());
    for (const char* line :
         {"ok      MAIL_SERVER          localhost, port ", "ok      MAIL_PASSWORD        12 characters, en...\n",
          "ok      name resolution      localhost is ", "ok      connection           port ",
          "ok      greeting             220 mail.dewar.example ready\n", "ok      TLS                  TLSv1.3, CN",
          "ok      sign-in              235 ", "ok      sender               250 OK\n",
          "ok      recipient            bob@dewar.example: 250 OK\n", "ok      message              250 2.0.0 queued as "}) {
        CAPTURE(line);
        CHECK(contains(finished.out, line));
    }
    CHECK(contains(finished.out, "\nAccepted by the server: look into the inbox, and into its spam folder ("));
}

TEST_CASE("the mail that arrives has both parts, a Chinese subject, and punycode where DNS wants it") {
    Mailing here;
    here.environment["MAIL_DEFAULT_SENDER"] = "戴瓦 <blog@münchen.example>";
    here.environment["MAIL_SUBJECT_PREFIX"] = "[Dewar]";
    const int before = server().count();
    REQUIRE(here.send({"陈 <chen@例子.测试>", "bob@dewar.example"}).exit_code == 0);
    REQUIRE(server().count() == before + 1);
    const app::web::Value received = mail(before + 1);
    CHECK(text_of(received, "subject") == "[Dewar] A test mail from Dewar 测试邮件");
    CHECK(text_of(received, "from") == "戴瓦 <blog@xn--mnchen-3ya.example>");
    CHECK(text_of(received, "to") == "陈 <chen@xn--fsqu00a.xn--0zwm56d>, bob@dewar.example");
    CHECK(text_of(received, "envelope_from") == "blog@xn--mnchen-3ya.example");
    CHECK(received.find("envelope_to")->list()->size() == 2);
    CHECK(text_of(received, "content_type") == "multipart/alternative");
    CHECK(*received.find("parts")->list()->front().string() == "text/plain");
    CHECK(*received.find("parts")->list()->back().string() == "text/html");
    CHECK(contains(text_of(received, "text"), "这是一封测试邮件：收到它，说明邮件配置正确。\r\n"));
    CHECK(contains(text_of(received, "html"), "<p lang=\"zh\">这是一封测试邮件：收到它，说明邮件配置正确。</p>"));
    CHECK(contains(text_of(received, "message_id"), "@xn--mnchen-3ya.example>"));
    CHECK(text_of(received, "date").ends_with(" +0000"));
    CHECK(text_of(received, "mime_version") == "1.0");
    CHECK(text_of(received, "auto_submitted") == "auto-generated");
    CHECK(text_of(received, "signed_in") == "PLAIN");
    CHECK(text_of(received, "greeted_as") == "xn--mnchen-3ya.example");
    CHECK(*received.find("is_ascii")->boolean());
    CHECK(*received.find("line_max")->integer() <= 76);
}

TEST_CASE("it goes to those who are named, else to the administrator, else that is the usage") {
    Mailing here;
    here.environment["APP_ADMIN"] = "ada@dewar.example";
    CHECK(contains(here.send({}).out, "recipient            ada@dewar.example: 250 OK"));
    CHECK_FALSE(contains(here.send().out, "recipient            ada@dewar.example"));
    here.environment.erase("APP_ADMIN");
    Finished finished = here.send({});
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "manage: send-test-mail: to whom? Give an address, or set APP_ADMIN\n");
    finished = here.send({"bob"});
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "manage: send-test-mail: \"bob\" is no address that mail can be sent to\n");
    CHECK(here.send({"--provider", "gmial", "bob@dewar.example"}).exit_code == 2);
    CHECK(here.send({"--nonsense"}).exit_code == 2);
}

TEST_CASE("a dry run goes as far as the message, and sends nothing") {
    const int before = server().count();
    const Finished finished = Mailing().send({"--dry-run", "bob@dewar.example"});
    CHECK(finished.exit_code == 0);
    CHECK(contains(finished.out, "ok      recipient            bob@dewar.example: 250 OK\n"));
    CHECK(contains(finished.out, "\nNothing was sent: this was a dry run"));
    CHECK(server().count() == before);
    CHECK(contains(Mailing("recipient_550").failure({"--dry-run", "bob@dewar.example"}), "No such user here"));
}

TEST_CASE("JSON says the same to machines") {
    const app::web::Value good = app::web::parse_json(Mailing().send({"--json", "bob@dewar.example"}).out);
    CHECK(*good.find("accepted")->boolean());
    CHECK_FALSE(*good.find("failed")->boolean());
    CHECK(text_of(good, "trouble") == "none");
    CHECK(contains(text_of(good, "message_id"), "@dewar.example"));
    const Finished denied = Mailing("login_denied").send({"--json", "bob@dewar.example"});
    CHECK(denied.exit_code == 1);
    const app::web::Value bad = app::web::parse_json(denied.out);
    CHECK(text_of(bad, "trouble") == "login_denied");
    CHECK(*bad.find("reply")->integer() == 535);
    const app::web::Value& last = bad.find("steps")->list()->back();
    CHECK(text_of(last, "state") == "failed");
    CHECK(text_of(last, "subject") == "sign-in");
    CHECK(contains(text_of(last, "words"), "535 5.7.8 Username and Password not accepted."));
}

TEST_CASE("each fault of a server has its line, the server's words, and advice") {
    struct Case {
        const char* mode;
        const char* expected;
    };
    for (const Case& one : std::initializer_list<Case>{
             {"greeting_421",
              "FAILED greeting the server turns this machine away\n 421 4.7.0 Too many connections, try again later\n -> it is "
              "busy or limits how often one may connect: try again in some minutes\n"},
             {"not_smtp",
              "FAILED greeting what answers there does not speak SMTP as it should\n SSH-2.0-OpenSSH_9.2p1 Debian-2\n -> check "
              "MAIL_SERVER and MAIL_PORT: is it a mail server?\n"},
             {"plain", "FAILED TLS the server does not offer STARTTLS\n STARTTLS not supported.\n -> set MAIL_PORT=465 with "
                       "MAIL_USE_SSL=true and MAIL_USE_TLS=false; only a server on this machine may do without TLS\n"},
             {"certificate_of_other", "FAILED TLS the certificate is another host's, not localhost's\n"},
             {"certificate_self_signed", "FAILED TLS nobody whom this machine trusts vouches for the certificate\n"},
             {"certificate_expired", "FAILED TLS the certificate has expired, or is not valid yet\n"},
             {"without_auth",
              "FAILED sign-in the server lets nobody sign in here\n no AUTH among what it offers\n -> use its submission port "
              "(587 or 465), or leave out MAIL_USERNAME and MAIL_PASSWORD\n"},
             {"with_other_auth",
              "FAILED sign-in the server wants another way to sign in\n AUTH GSSAPI NTLM\n -> set MAIL_AUTH to what it "
              "offers (plain, login, xoauth2), or to any\n"},
             {"login_denied",
              "FAILED sign-in the server does not take the user name and the password\n 535 5.7.8 Username and Password not "
              "accepted. For more information, go to https://support.example/?p=BadCredentials\n -> check MAIL_USERNAME and "
              "MAIL_PASSWORD; many services want an app password or an API key there\n"},
             {"sender_refused",
              "FAILED sender the server refuses the sender ada@dewar.example\n 553 5.7.1 Mail from must equal authorized "
              "user\n -> set MAIL_DEFAULT_SENDER to an address that ada@dewar.example may send for\n"},
             {"recipient_550",
              "FAILED recipient the server refuses the recipient bob@dewar.example\n 550 5.1.1 No such user here\n -> check "
              "the address\n"},
             {"recipient_451",
              "FAILED recipient the server refuses the recipient bob@dewar.example\n 451 4.7.1 Greylisted, come back "
              "later\n -> it may be greylisting or a full mailbox: try again in some minutes\n"},
             {"data_554",
              "FAILED message the server refuses the message\n 554 5.7.1 Message rejected as spam\n -> the content or the "
              "sender's domain was refused: check its SPF, DKIM and DMARC records\n"},
             {"data_drop", "FAILED message the server closed the connection\n"},
         }) {
        CAPTURE(one.mode);
        const std::string failure = Mailing(one.mode).failure();
        CHECK(failure.substr(0, std::string_view(one.expected).size()) == one.expected);
    }
}

TEST_CASE("the certificate that was refused is shown") {
    const Finished finished = Mailing("certificate_of_other").send();
    CHECK(contains(finished.out, "note    certificate          CN"));
    CHECK(contains(finished.out, "mail.example, issued by CN"));
    CHECK(contains(finished.out, "-> set MAIL_SERVER to a name that the certificate has\n"));
    CHECK(contains(Mailing("certificate_self_signed").failure(),
                   "-> set MAIL_CA_FILE to the authority's PEM file if you trust it"));
    CHECK(contains(Mailing("certificate_expired").failure(), "-> let who runs the server renew it"));
}

TEST_CASE("TLS that begins at the wrong moment is told, both ways") {
    Mailing at_once("starttls");
    at_once.environment["MAIL_USE_TLS"] = "false";
    at_once.environment["MAIL_USE_SSL"] = "true";
    CHECK(contains(at_once.failure(),
                   "-> if that port begins in clear (587 does), set MAIL_USE_TLS=true and MAIL_USE_SSL=false\n"));
    at_once.environment["MAIL_PORT"] = std::to_string(server().port("implicit"));
    CHECK(at_once.send().exit_code == 0);
    Mailing late("implicit");
    late.environment["MAIL_TIMEOUT"] = "1";
    CHECK(late.failure() ==
          "FAILED greeting nothing came within MAIL_TIMEOUT\n -> if that port speaks TLS from the first byte (465 does), set "
          "MAIL_USE_SSL=true and MAIL_USE_TLS=false\n");
}

TEST_CASE("a server on this machine needs neither TLS nor somebody who signs in") {
    Mailing here("plain");
    for (const char* name : {"MAIL_USE_TLS", "MAIL_USERNAME", "MAIL_PASSWORD"}) here.environment.erase(name);
    CHECK(contains(here.failure(), "MAIL_DEFAULT_SENDER is not set"));
    here.environment["MAIL_DEFAULT_SENDER"] = "blog@dewar.example";
    const Finished finished = here.send();
    CHECK(finished.exit_code == 0);
    CHECK(contains(finished.out, "ok      MAIL_USERNAME        not set: nobody signs in\n"));
}

TEST_CASE("a port at which nobody listens is told") {
    Mailing here;
    here.environment["MAIL_PORT"] = "1";
    CHECK(here.failure() == "FAILED connection nothing takes connections at localhost port 1\n Connection refused\n -> check "
                            "MAIL_SERVER and MAIL_PORT: usual "
                            "are 587 with MAIL_USE_TLS=true, and 465 with MAIL_USE_SSL=true\n");
}

TEST_CASE("a name that nobody knows is told; name servers that do not answer cost no more than MAIL_TIMEOUT") {
    Mailing here;
    here.environment["LD_PRELOAD"] = SLOW_RESOLVER;
    here.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    here.environment["MAIL_SERVER"] = "smtp.dewar.invalid";
    CHECK(here.failure() == "FAILED name resolution no name server knows smtp.dewar.invalid\n Could not resolve host: "
                            "smtp.dewar.invalid\n -> check how "
                            "MAIL_SERVER is spelt, and that this machine can look up names\n");
    here.environment["MAIL_SERVER"] = "slow.test";  // for 90 s, and send() gives up after 60
    here.environment["MAIL_TIMEOUT"] = "1";
    CHECK(here.failure() == "FAILED name resolution nothing came within MAIL_TIMEOUT\n -> the name servers do not answer: check "
                            "this machine's network and "
                            "/etc/resolv.conf\n");
}

TEST_CASE("servers that fall silent cost no more than MAIL_TIMEOUT") {
    struct Case {
        const char* mode;
        const char* timeout_s;  // send() gives up after 60
        const char* expected;
    };
    for (const Case& one :
         std::initializer_list<Case>{{"black_hole", "1", "FAILED greeting nothing came within MAIL_TIMEOUT\n"},
                                     {"ehlo_hang", "2", "FAILED greeting behind it, nothing came within MAIL_TIMEOUT\n"},
                                     {"data_hang", "3", "FAILED message nothing came within MAIL_TIMEOUT\n"}}) {
        CAPTURE(one.mode);
        Mailing here(one.mode);
        here.environment["MAIL_TIMEOUT"] = one.timeout_s;
        CHECK(here.failure().starts_with(one.expected));
    }
    CHECK(Mailing("quit_hang").send().exit_code == 0);
}

TEST_CASE("each slip of the hand in the environment has its line, and nothing is tried") {
    struct Case {
        const char* name;
        const char* value;
        const char* expected;
    };
    for (const Case& one : std::initializer_list<Case>{
             {"MAIL_SERVER", "\"localhost\"",
              "MAIL_SERVER begins and ends with a quote, which is part of the value (environment MAIL_SERVER)\n -> "
              "leave the quotes out\n"},
             {"MAIL_PASSWORD", "'geheimnis'", "MAIL_PASSWORD begins and ends with a quote"},
             {"MAIL_SERVER", "localhost ",
              "MAIL_SERVER begins or ends with a blank (environment MAIL_SERVER)\n -> leave the blank out\n"},
             {"export MAIL_SERVER", "localhost", "MAIL_SERVER is set under the name \"export MAIL_SERVER\", which nobody reads"},
             {"MAIL_SERVER ", " localhost", "MAIL_SERVER is set under the name \"MAIL_SERVER \", which nobody reads"},
             {"MAIL_SERVER", "export MAIL_SERVER=localhost", "MAIL_SERVER holds a whole assignment, name and all"},
             {"MAIL_SERVER", "localhost:587", "MAIL_SERVER mail.server must be a host name or an address, without a port"},
             {"MAIL_PORT", "smtp", "MAIL_PORT mail.port must be a whole number from 0 to 65535, not \"smtp\""},
             {"MAIL_PORT", "587 # STARTTLS",
              "MAIL_PORT mail.port must be a whole number from 0 to 65535, not \"587 # STARTTLS\""},
             {"MAIL_USE_TLS", "Flase",
              "MAIL_USE_TLS mail.use_tls must be true or false (or on, off, yes, no, 1, 0), not \"Flase\""},
             {"MAIL_USE_SSL", "true",
              "MAIL_USE_TLS and MAIL_USE_SSL are both on, and only one can be\n -> keep MAIL_USE_TLS for port 587, "
              "MAIL_USE_SSL for port 465\n"},
             {"MAIL_PORT", "465",
              "MAIL_PORT 465 wants TLS from the first byte, and MAIL_USE_TLS begins in clear\n -> set MAIL_USE_SSL=true"},
             {"MAIL_SUPPRESS_SEND", "on", "MAIL_SUPPRESS_SEND is on: no mail leaves\n -> set MAIL_SUPPRESS_SEND=false\n"},
             {"APP_ADMIN", "\"ada@dewar.example\"", "APP_ADMIN begins and ends with a quote"},
         }) {
        CAPTURE(one.name);
        CAPTURE(one.value);
        Mailing here;
        here.environment[one.name] = one.value;
        const std::string failure = here.failure();
        CHECK(failure.substr(0, std::string_view(one.expected).size() + 7) == std::string("FAILED ") + one.expected);
        CHECK_FALSE(contains(failure, "geheimnis"));
    }
}

TEST_CASE("port 587 with TLS from the first byte, missing variables, and a False that is meant") {
    Mailing here;
    here.environment["MAIL_USE_TLS"] = "False";
    here.environment["MAIL_USE_SSL"] = "True";
    here.environment["MAIL_PORT"] = "587";
    CHECK(here.failure().starts_with("FAILED MAIL_PORT 587 begins in clear, and MAIL_USE_SSL wants TLS from the first byte\n"));
    here.environment.erase("MAIL_PASSWORD");
    here.environment["MAIL_USE_SSL"] = "False";
    CHECK(contains(here.failure(),
                   "FAILED MAIL_PASSWORD is not set, and MAIL_USERNAME is\n -> set MAIL_PASSWORD, or MAIL_PASSWORD_FILE"));
    here.environment = {};
    CHECK(
        contains(here.failure(),
                 "FAILED MAIL_SERVER is not set, nor is MAIL_PROVIDER\n -> set MAIL_SERVER, or MAIL_PROVIDER to one of: gmail"));
}

TEST_CASE("a password that a # has cut, and a misspelt variable, are noted, and the mail is tried") {
    Mailing here;
    here.environment.erase("MAIL_PASSWORD");
    write_text(here.path() / ".env", "MAIL_PASSWORD=engine #1\nMAIL_PORTT=587\n");
    const Finished finished = here.send();
    CHECK(finished.exit_code == 1);
    CHECK(
        contains(finished.out, "note    MAIL_PASSWORD        ends before a #: what follows was taken for a comment (.env:1)\n"));
    CHECK(contains(finished.out, "-> if the # belongs to it, put the value between single quotes\n"));
    CHECK(contains(finished.out, "note    MAIL_PORTT           no setting has this name (.env:2)\n"));
    CHECK(contains(finished.out, "ok      MAIL_PASSWORD        6 characters\n"));
    CHECK(contains(finished.out, "FAILED  sign-in"));
}

TEST_CASE("a provider is known by its name and by its host, and so is what it wants as a password") {
    Mailing here;
    here.environment = {{"MAIL_PROVIDER", "gmail"},
                        {"MAIL_USERNAME", "ada@gmail.com"},
                        {"LD_PRELOAD", SLOW_RESOLVER},
                        {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
    CHECK(contains(here.failure(),
                   "-> set it: Gmail wants an app password of 16 letters, not the account's; https://myaccount.google.com"));
    here.environment["MAIL_PASSWORD"] = "geheimnis";
    here.environment["MAIL_SERVER"] = "gmail.invalid";
    const Finished finished = here.send();
    CHECK(contains(finished.out, "ok      MAIL_SERVER          gmail.invalid, port 587, STARTTLS (Gmail)\n"));
    CHECK(contains(finished.out, "note    MAIL_PASSWORD        has 9 letters; Gmail wants an app password of 16 letters"));
    here.environment.erase("MAIL_USERNAME");
    CHECK(contains(here.send({"--provider", "qq", "bob@dewar.example"}).out,
                   "MAIL_SERVER          smtp.qq.com, port 465, TLS from the first byte (QQ Mail)\n"));
}

TEST_CASE("the password comes from a file, too, and is never among the arguments") {
    Mailing here;
    here.environment.erase("MAIL_PASSWORD");
    here.environment["MAIL_PASSWORD_FILE"] = write_text(here.path() / "password", std::string(SmtpServer::password) + "\n");
    CHECK(here.send().exit_code == 0);
    CHECK(here.manage({"send-test-mail", "--password", "x", "bob@dewar.example"}).exit_code == 2);
}

TEST_CASE("manage check tells what is wrong with the settings of mail") {
    Mailing here;
    here.environment["DATABASE_URL"] = "sqlite:temporary";
    CHECK_FALSE(contains(here.manage({"check"}).out, "MAIL_"));
    here.environment["MAIL_USE_SSL"] = "true";
    here.environment["MAIL_SEVRER"] = "localhost";
    const Finished finished = here.manage({"check"});
    CHECK(finished.exit_code == 1);
    CHECK(contains(finished.out, "MAIL_USE_TLS"));
    CHECK(contains(finished.out, "and MAIL_USE_SSL are both on, and only one can be"));
    CHECK(contains(finished.out, "did you mean MAIL_SERVER?"));
}
