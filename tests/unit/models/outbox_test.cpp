#include "app/models/outbox.hpp"

#include <atomic>
#include <set>
#include <thread>

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;
using namespace std::chrono_literals;

namespace {

const base::Timestamp now = base::from_microseconds(1'800'000'000'000'000);

mail::Message message(const std::string& subject = "Hello") {
    return {.from = {.name = "戴瓦", .email = "dewar@example.com"},
            .to = {{.name = "Ada, L. <x>", .email = "ada@example.com"}, {.email = "bob@bücher.example"}},
            .subject = subject,
            .text = "Hello\n",
            .html = "<p>Hello</p>\n",
            .message_id = mail::new_message_id({.email = "dewar@example.com"}),
            .date = now + 1us};
}

const MailOutcome accepted{"done", "none", ""};
const MailOutcome busy{"recipient", "refused", "451 4.7.1 later"};

struct Outbox : Blog {
    std::int64_t add(const mail::Message& mail, base::Timestamp when = now) {
        return write([&](db::Connection& c) { return add_mail(c, mail, when); });
    }
    std::optional<Mail> claim(const std::string& lease, base::Timestamp when, base::Timestamp end) {
        return write([&](db::Connection& c) { return claim_mail(c, lease, when, end); });
    }
    bool sent(std::int64_t id, const std::string& lease, base::Timestamp when = now) {
        return write([&](db::Connection& c) { return mark_mail_sent(c, id, lease, accepted, when); });
    }
    bool failed(std::int64_t id, const std::string& lease, base::Timestamp when = now) {
        return write([&](db::Connection& c) { return mark_mail_failed(c, id, lease, busy, when); });
    }
    bool put_back(std::int64_t id, const std::string& lease, base::Timestamp due_at) {
        return write([&](db::Connection& c) { return put_mail_back(c, id, lease, busy, due_at); });
    }
    bool retry(std::int64_t id, base::Timestamp when) {
        return write([&](db::Connection& c) { return retry_mail(c, id, when); });
    }
    Mail get(std::int64_t id) {
        return read([&](db::Connection& c) { return get_mail(c, id); });
    }
    bool has_due(base::Timestamp when) {
        return read([&](db::Connection& c) { return has_due_mail(c, when); });
    }
    Ids list(std::optional<MailState> state, std::optional<std::int64_t> before = {}, int limit = 20) {
        return read([&](db::Connection& c) { return ids(list_mails(c, state, before, limit)); });
    }
};

}  // namespace

TEST_CASE("a mail is kept as it was given, and due at once") {
    Outbox outbox;
    const mail::Message given = message("标题");
    const Mail kept = outbox.get(outbox.add(given));
    CHECK(to_string(kept.state) == "queued");
    CHECK(kept.message.from.name == "戴瓦");
    CHECK(kept.message.from.email == "dewar@example.com");
    REQUIRE(kept.message.to.size() == 2);
    CHECK(kept.message.to[0].name == "Ada, L. <x>");
    CHECK(kept.message.to[0].email == "ada@example.com");
    CHECK(kept.message.to[1].name == "");
    CHECK(kept.message.to[1].email == "bob@bücher.example");
    CHECK(kept.message.subject == "标题");
    CHECK(kept.message.text == given.text);
    CHECK(kept.message.html == given.html);
    CHECK(kept.message.message_id == given.message_id);
    CHECK(kept.message.date == given.date);
    CHECK(kept.created_at == now);
    CHECK(kept.attempts == 0);
    CHECK(kept.due_at == now);
    CHECK_FALSE(kept.finished_at);
    CHECK_FALSE(outbox.has_due(now - 1us));
    CHECK(outbox.has_due(now));
}

TEST_CASE("a mail goes with the write that causes it") {
    Outbox outbox;
    check_error(error_of([&] {
                    outbox.write([&](db::Connection& c) {
                        add_mail(c, message(), now);
                        throw base::Error(base::Code::conflict, "taken");
                    });
                }),
                base::Code::conflict, "taken");
    CHECK(outbox.list({}).empty());
}

TEST_CASE("what mail refuses, and what is too long, is not queued") {
    Outbox outbox;
    auto two_lines = message("Hello\r\nBcc: all@example.com");
    CHECK(error_of([&] { outbox.add(two_lines); }).code() == base::Code::invalid);
    auto nobody = message();
    nobody.to.clear();
    CHECK(error_of([&] { outbox.add(nobody); }).code() == base::Code::invalid);
    auto long_one = message();
    long_one.text.assign(mail_bytes_max, 'x');
    check_error(error_of([&] { outbox.add(long_one); }), base::Code::too_large, "a mail has at most 4194304 bytes");
    CHECK(outbox.list({}).empty());
}

TEST_CASE("the mail that has been due for longest is claimed, whole and once") {
    Outbox outbox;
    const auto later = outbox.add(message(), now + 2s), first = outbox.add(message(), now);
    CHECK_FALSE(outbox.claim("a", now - 1us, now + 1h));
    const auto mail = outbox.claim("a", now + 5s, now + 1h);
    REQUIRE(mail);
    CHECK(mail->id == first);
    CHECK(to_string(mail->state) == "sending");
    CHECK(mail->lease == "a");
    CHECK(mail->attempts == 1);
    CHECK(mail->last_attempt_at == now + 5s);
    CHECK(mail->message.text == "Hello\n");
    CHECK(outbox.claim("b", now + 5s, now + 1h)->id == later);
    CHECK_FALSE(outbox.claim("c", now + 5s, now + 1h));
}

TEST_CASE("a mail whose lease ended is claimed by another, and the first no longer has a say") {
    Outbox outbox;
    const auto id = outbox.add(message());
    const auto first = outbox.claim("dead", now, now + 1min);
    CHECK_FALSE(outbox.claim("other", now + 1min - 1us, now + 2min));
    const auto second = outbox.claim("other", now + 1min, now + 2min);
    REQUIRE(second);
    CHECK(second->id == id);
    CHECK(second->attempts == 2);
    CHECK(second->message.message_id == first->message.message_id);
    CHECK_FALSE(outbox.sent(id, "dead"));
    CHECK_FALSE(outbox.failed(id, "dead"));
    CHECK_FALSE(outbox.put_back(id, "dead", now));
    CHECK(to_string(outbox.get(id).state) == "sending");
    CHECK(outbox.sent(id, "other", now + 90s));
    CHECK(to_string(outbox.get(id).state) == "sent");
}

TEST_CASE("who has the lease may finish a mail, even twice and after the lease's end") {
    Outbox outbox;
    const auto sent = outbox.add(message()), failed = outbox.add(message()), back = outbox.add(message());
    for (const char* lease : {"1", "2", "3"}) CHECK(outbox.claim(lease, now, now + 1min));
    for (int i = 0; i < 2; ++i) {
        CHECK(outbox.sent(sent, "1", now + 1h));
        CHECK(outbox.failed(failed, "2", now + 1h));
        CHECK(outbox.put_back(back, "3", now + 2h));
    }
    CHECK(outbox.get(sent).finished_at == now + 1h);
    CHECK_FALSE(outbox.get(sent).due_at);
    CHECK(to_string(outbox.get(failed).state) == "failed");
    CHECK(outbox.get(failed).outcome.words == "451 4.7.1 later");
    const Mail waiting = outbox.get(back);
    CHECK(to_string(waiting.state) == "queued");
    CHECK(waiting.outcome.stage == "recipient");
    CHECK(waiting.outcome.trouble == "refused");
    CHECK_FALSE(outbox.has_due(now + 2h - 1us));
    CHECK(outbox.claim("4", now + 2h, now + 3h)->id == back);
}

TEST_CASE("a mail that failed or waits can be told to go at once; one under way or sent cannot") {
    Outbox outbox;
    const auto failed = outbox.add(message()), waiting = outbox.add(message()), sent = outbox.add(message());
    for (const char* lease : {"1", "2", "3"}) CHECK(outbox.claim(lease, now, now + 1min));
    CHECK_FALSE(outbox.retry(failed, now + 1s));  // it is being sent
    outbox.failed(failed, "1");
    outbox.put_back(waiting, "2", now + 24h);
    outbox.sent(sent, "3");
    CHECK(outbox.retry(failed, now + 1h));
    CHECK(outbox.retry(waiting, now + 1h));
    CHECK_FALSE(outbox.retry(sent, now + 1h));
    const Mail again = outbox.get(failed);
    CHECK(to_string(again.state) == "queued");
    CHECK(again.attempts == 0);
    CHECK(again.queued_at == now + 1h);
    CHECK(again.created_at == now);
    CHECK(again.due_at == now + 1h);
    CHECK_FALSE(again.finished_at);
    CHECK(again.outcome.words == "451 4.7.1 later");
    CHECK_FALSE(outbox.failed(failed, "1"));
    check_error(error_of([&] { outbox.retry(99, now); }), base::Code::not_found, "there is no mail 99");
}

TEST_CASE("all failed mails can be told to go again") {
    Outbox outbox;
    std::vector<std::int64_t> failed;
    for (int i = 0; i < 3; ++i) failed.push_back(outbox.add(message()));
    for (int i = 0; i < 3; ++i) outbox.failed(outbox.claim("lease", now, now + 1h)->id, "lease");
    outbox.add(message(), now + 1h);
    CHECK(outbox.write([&](db::Connection& c) { return retry_failed_mails(c, now + 1min); }) == 3);
    CHECK(outbox.read([](db::Connection& c) { return count_mails(c, MailState::queued); }) == 4);
    CHECK(outbox.get(failed[1]).due_at == now + 1min);
}

TEST_CASE("mails are listed newest first, by state and behind one that was seen, without their texts") {
    Outbox outbox;
    for (int i = 0; i < 5; ++i) outbox.add(message("mail " + std::to_string(i)));
    const auto sent = outbox.claim("a", now, now + 1h)->id;
    outbox.sent(sent, "a");
    CHECK(outbox.list({}) == Ids{5, 4, 3, 2, 1});
    CHECK(outbox.list({}, 4, 2) == Ids{3, 2});
    CHECK(outbox.list(MailState::sent) == Ids{sent});
    CHECK(outbox.list(MailState::queued, 3).size() == 1);
    CHECK(outbox.list(MailState::failed).empty());
    outbox.read([](db::Connection& c) {
        const Mail newest = list_mails(c, {}, {}, 1).front();
        CHECK(newest.message.subject == "mail 4");
        CHECK(newest.message.text == "");
        CHECK(newest.message.html == "");
    });
}

TEST_CASE("only finished mails are purged, those before a time, the oldest first") {
    Outbox outbox;
    for (int i = 0; i < 5; ++i) outbox.add(message());
    const auto first = outbox.claim("1", now, now + 1h)->id, second = outbox.claim("2", now, now + 1h)->id;
    const auto third = outbox.claim("3", now, now + 1h)->id;
    outbox.sent(second, "2", now + 1min);
    outbox.sent(first, "1", now + 2min);
    outbox.failed(third, "3", now + 1min);
    const auto purge = [&](MailState state, base::Timestamp end, int limit) {
        return outbox.write([&](db::Connection& c) { return purge_mails(c, state, end, limit); });
    };
    CHECK(purge(MailState::sent, now + 1min, 10) == 0);
    CHECK(purge(MailState::sent, now + 1h, 1) == 1);
    CHECK_FALSE(outbox.read([&](db::Connection& c) { return find_mail(c, second); }));
    CHECK(purge(MailState::sent, now + 1h, 10) == 1);
    CHECK(outbox.list({}).size() == 3);
    CHECK(purge(MailState::failed, now + 1h, 10) == 1);
    CHECK(error_of([&] { purge(MailState::queued, now + 1h, 10); }).code() == base::Code::invalid);
    CHECK(error_of([&] { purge(MailState::sending, now + 1h, 10); }).code() == base::Code::invalid);
    CHECK(outbox.list({}).size() == 2);
}

TEST_CASE("a state is found by its name") {
    for (const char* name : {"queued", "sending", "sent", "failed"}) CHECK(to_string(find_mail_state(name).value()) == name);
    CHECK_FALSE(find_mail_state("lost"));
}

TEST_CASE("claimed by many at once, each mail goes to one of them") {
    constexpr int mails = 60, claimers = 4;
    Outbox outbox;
    outbox.write([&](db::Connection& c) {
        for (int i = 0; i < mails; ++i) add_mail(c, message(), now);
    });
    std::vector<std::vector<std::int64_t>> claimed(claimers);
    std::vector<std::thread> threads;
    for (int who = 0; who < claimers; ++who) {
        threads.emplace_back([&, who] {
            for (int i = 0;; ++i) {
                const auto mail = outbox.claim(std::to_string(who) + "/" + std::to_string(i), now, now + 1h);
                if (!mail) return;
                claimed[static_cast<std::size_t>(who)].push_back(mail->id);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<std::int64_t> all;
    for (const auto& some : claimed) all.insert(all.end(), some.begin(), some.end());
    CHECK(all.size() == mails);
    CHECK(std::set<std::int64_t>(all.begin(), all.end()).size() == mails);
}
