// Which errors are mailed, with time as a number; and that a line of the log becomes a mail.
#include "app/base/log.hpp"
#include "app/outbox/error_digest.hpp"
#include "app/outbox/error_mails.hpp"
#include "tests/support/checks.hpp"
#include "tests/unit/outbox/outbox.hpp"

using namespace app;
using namespace app::outbox;
using namespace std::chrono_literals;
using tests::contains;
using tests::noon;
using tests::soon;

namespace {

LoggedError error(const std::string& message, base::Timestamp time) { return {time, message, "r1"}; }

const ErrorMailOptions options{.from = {.name = "Dewar", .email = "blog@dewar.example"},
                               .to = {.email = "root@dewar.example"},
                               .subject_prefix = "[Dewar]",
                               .instance = "alpha, process 17, config production"};

}  // namespace

TEST_CASE("errors are of one kind if they differ in numbers and in what is quoted only") {
    CHECK(kind_of("post 17 has \"a title\" of 2000 bytes") == "post # has \"#\" of # bytes");
    CHECK(kind_of("no table `posts`") == kind_of("no table `users`"));
    CHECK(kind_of("an open \" stays") == "an open \" stays");
    CHECK(kind_of(std::string(5000, 'x')).size() == 200);
}

TEST_CASE("the first of a kind is reported at once, and in ten minutes no other") {
    ErrorDigest digest;
    const auto first = digest.add(error("post 1 is lost", noon));
    REQUIRE(first);
    CHECK(first->kind == "post # is lost");
    CHECK(first->count == 1);
    CHECK_FALSE(digest.add(error("post 2 is lost", noon + 1min)));
    CHECK(digest.add(error("disk full", noon + 1min)));
    CHECK(digest.take_due(noon + 10min - 1us).empty());
}

TEST_CASE("those that came meanwhile are reported together when the ten minutes are over, and then again after ten more") {
    ErrorDigest digest;
    CHECK(digest.add(error("post 1 is lost", noon)));
    CHECK(digest.next_due() == noon + 10min);
    for (int minute = 1; minute <= 5; ++minute) {
        CHECK_FALSE(digest.add(error("post " + std::to_string(minute) + " is lost", noon + std::chrono::minutes{minute})));
    }
    const auto due = digest.take_due(noon + 10min);
    REQUIRE(due.size() == 1);
    CHECK(due[0].count == 5);
    CHECK(due[0].since == noon + 1min);
    CHECK(due[0].error.message == "post 5 is lost");
    CHECK_FALSE(digest.add(error("post 6 is lost", noon + 19min)));
    CHECK(digest.take_due(noon + 20min).size() == 1);
    CHECK(digest.take_due(noon + 30min).empty());
    CHECK_FALSE(digest.next_due());
    CHECK(digest.add(error("post 7 is lost", noon + 31min)));
}

TEST_CASE("errors of ever new kinds make no more reports than there are kinds allowed") {
    ErrorDigest digest(10min, 3);
    int reports = 0;
    for (char c = 'a'; c <= 'z'; ++c) reports += digest.add(error(std::string("lost ") + c, noon)).has_value();
    CHECK(reports == 4);  // the fourth is of all other kinds
    const auto due = digest.take_due(noon + 10min);
    REQUIRE(due.size() == 1);
    CHECK(due[0].count == 22);
    CHECK(due[0].kind == "errors of many other kinds");
}

TEST_CASE("the mail tells what, when, where and how often, in one harmless subject") {
    const auto once = make_error_mail(
        {.kind = "k", .error = error("it\r\nBcc: all@example.com is <lost>\xff", noon), .since = noon}, options, noon);
    CHECK(once.subject == "[Dewar] Error: it  Bcc: all@example.com is <lost>?");
    CHECK(once.to[0].email == "root@dewar.example");
    CHECK(contains(once.text, "Time:     2027-01-15T08:00:00.000Z\n"));
    CHECK(contains(once.text, "Instance: alpha, process 17, config production\n"));
    CHECK(contains(once.text, "Request:  r1\n"));
    CHECK(contains(once.html, "&lt;lost&gt;"));
    mail::require_valid(once);
    const auto often = make_error_mail(
        {.kind = "k", .error = error(std::string(99, 'x') + "é", noon + 1h), .count = 5, .since = noon}, options, noon);
    CHECK(often.subject == "[Dewar] Error: 5 times: " + std::string(99, 'x'));
    CHECK(contains(often.text, "It is the last of 5 of its kind since 2027-01-15T08:00:00.000Z."));
}

TEST_CASE("an error in the log becomes one mail however often it comes; warnings become none") {
    tests::Outbox outbox;
    std::atomic<int> queued{0};
    {
        const ErrorMails watching(*outbox.database, options, [&] { ++queued; });
        for (int i = 0; i < 100; ++i) base::log_error("post " + std::to_string(i) + " is lost", "r" + std::to_string(i));
        base::log_warning("careful");
        CHECK(soon([&] { return queued == 1; }));
        base::log_error("disk full");
    }
    const auto mails = outbox.list();
    REQUIRE(mails.size() == 2);
    CHECK(mails[1].message.subject == "[Dewar] Error: post 0 is lost");
    CHECK(mails[0].message.subject == "[Dewar] Error: disk full");
    base::log_error("nobody watches");
    CHECK(outbox.list().size() == 2);
}

TEST_CASE("an error that cannot be put into the outbox makes no other error, and is there when it can") {
    tests::Outbox outbox;
    outbox.database->write([](db::Connection& c) { c.execute("ALTER TABLE mails RENAME TO away"); });
    {
        const ErrorMails watching(*outbox.database, options, [] {});
        base::log_error("disk full");
        std::this_thread::sleep_for(50ms);
        outbox.database->write([](db::Connection& c) { c.execute("ALTER TABLE away RENAME TO mails"); });
    }
    const auto mails = outbox.list();
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].message.subject == "[Dewar] Error: disk full");
}
