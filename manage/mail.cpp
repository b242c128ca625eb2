// `manage mail ...`: the outbox, for whoever runs the server: what waits, what went out and what could not, and why. A mail's text may
// hold a link that only its recipient should have: `show` prints it, for that is what it is for; nothing else does.
#include <algorithm>
#include <chrono>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/mailing.hpp"
#include "app/models/outbox.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Timestamp;
using app::db::Connection;
using app::models::Mail;
using app::models::MailState;

constexpr int listed_by_default = 50, listed_max = 10'000;

std::int64_t number(const std::string& command, const std::string& text, const std::string& what, std::int64_t least) {
    const auto found = app::base::parse_integer(text);
    if (found && *found >= least) return *found;
    throw UsageError(command + ": " + what + ", not " + text);
}

std::int64_t id_of(const std::string& command, const std::string& text) {
    return number(command, text, "ID is the number of a mail, as `manage mail list` shows it", 1);
}

// For people. Much of it is what somebody else wrote, which must not command a terminal.
void print(const Invocation& invocation, std::string_view text) { invocation.print(harmless(text)); }

std::string shown(const app::mail::Address& address) {
    return address.name.empty() ? address.email : address.name + " <" + address.email + ">";
}

std::string recipients(const Mail& mail) {
    std::string text;
    for (const auto& address : mail.message.to) text += (text.empty() ? "" : ", ") + shown(address);
    return text;
}

std::string time_or(const std::optional<Timestamp>& time, const std::string& otherwise) {
    return time ? app::base::rfc3339(*time) : otherwise;
}

void time_field(app::web::JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
    time ? json.field(name, app::base::rfc3339(*time)) : json.key(name).null();
}

void write_mail(app::web::JsonWriter& json, const Mail& mail, bool with_texts) {
    json.begin_object().field("attempts", mail.attempts).field("created_at", app::base::rfc3339(mail.created_at));
    time_field(json, "due_at", mail.due_at);
    time_field(json, "finished_at", mail.finished_at);
    json.field("from", shown(mail.message.from));
    if (with_texts) json.field("html", mail.message.html);
    json.field("id", mail.id);
    time_field(json, "last_attempt_at", mail.last_attempt_at);
    json.key("last_outcome");
    if (mail.outcome.stage.empty()) {
        json.null();
    } else {
        json.begin_object()
            .field("stage", mail.outcome.stage)
            .field("trouble", mail.outcome.trouble)
            .field("words", mail.outcome.words)
            .end_object();
    }
    json.field("message_id", mail.message.message_id).field("state", to_string(mail.state));
    json.field("subject", mail.message.subject);
    if (with_texts) json.field("text", mail.message.text);
    json.key("to").begin_array();
    for (const auto& address : mail.message.to) json.value(shown(address));
    json.end_array().end_object();
}

int list_mails(Invocation& invocation) {
    std::optional<MailState> state;
    if (const auto name = invocation.find("--state")) state = app::models::find_mail_state(*name);
    const std::string limit = invocation.find("--limit").value_or(std::to_string(listed_by_default));
    const auto count = std::min<std::int64_t>(number("mail list", limit, "--limit is a number of mails", 1), listed_max);
    std::optional<std::int64_t> before;
    if (const auto id = invocation.find("--before")) before = id_of("mail list", *id);
    const auto mails = invocation.database().read(
        [&](Connection& c) { return app::models::list_mails(c, state, before, static_cast<int>(count)); });
    std::string text;
    if (invocation.has("--json")) {
        app::web::JsonWriter json(text);
        json.begin_array();
        for (const Mail& mail : mails) write_mail(json, mail, false);
        json.end_array();
        invocation.print(text + '\n');
    } else {
        std::vector<std::vector<std::string>> rows{{"ID", "STATE", "CREATED", "TRIES", "LAST OUTCOME", "TO", "SUBJECT"}};
        for (const Mail& mail : mails) {
            const std::string outcome = mail.outcome.stage.empty() || mail.outcome.trouble == "none"
                                            ? ""
                                            : mail.outcome.stage + ": " + mail.outcome.trouble;
            rows.push_back({std::to_string(mail.id), std::string(to_string(mail.state)), app::base::rfc3339(mail.created_at),
                            std::to_string(mail.attempts), outcome, recipients(mail), mail.message.subject});
        }
        print(invocation, aligned(rows));
    }
    return 0;
}

std::string as_text(const Mail& mail) {
    std::string outcome = "none yet";
    if (!mail.outcome.stage.empty()) {
        outcome =
            mail.outcome.stage + ", " + mail.outcome.trouble + (mail.outcome.words.empty() ? "" : ": " + mail.outcome.words);
    }
    const bool is_over = mail.finished_at.has_value();
    const std::string due = mail.state == MailState::sending ? "Lease until" : "Next attempt";
    std::string text =
        aligned({{"State", std::string(to_string(mail.state))},
                 {"From", shown(mail.message.from)},
                 {"To", recipients(mail)},
                 {"Subject", mail.message.subject},
                 {"Date", app::base::rfc3339(mail.message.date)},
                 {"Message-ID", "<" + mail.message.message_id + ">"},
                 {"Created", app::base::rfc3339(mail.created_at)},
                 {"Attempts", std::to_string(mail.attempts)},
                 {"Last attempt", time_or(mail.last_attempt_at, "none yet") + (mail.lease.empty() ? "" : ", by " + mail.lease)},
                 {"Last outcome", outcome},
                 {is_over ? "Finished" : due, time_or(is_over ? mail.finished_at : mail.due_at, "")}});
    text += "\n" + mail.message.text;
    if (!text.ends_with('\n')) text += '\n';
    return text;
}

int show_mail(Invocation& invocation) {
    const std::int64_t id = id_of("mail show", invocation.get("ID"));
    const Mail mail = invocation.database().read([&](Connection& c) { return app::models::get_mail(c, id); });
    std::string text;
    if (invocation.has("--json")) {
        app::web::JsonWriter json(text);
        write_mail(json, mail, true);
        invocation.print(text + '\n');
    } else {
        print(invocation, as_text(mail));
    }
    return 0;
}

int retry_mails(Invocation& invocation) {
    const std::vector<std::string> ids = invocation.all("ID");
    if (ids.empty() != invocation.has("--all-failed")) {
        throw UsageError("mail retry: which mails? Give their numbers, or --all-failed");
    }
    if (ids.empty()) {
        const auto count = invocation.database().write([](Connection& c) { return app::models::retry_failed_mails(c); });
        invocation.print("Queued again: " + std::to_string(count) + ".\n");
        return 0;
    }
    std::vector<std::int64_t> numbers;
    numbers.reserve(ids.size());
    for (const std::string& id : ids) numbers.push_back(id_of("mail retry", id));
    int exit_code = 0;
    for (const std::int64_t id : numbers) {
        const auto [is_queued, state] = invocation.database().write([&](Connection& c) {
            const bool changed = app::models::retry_mail(c, id);
            return std::pair{changed, app::models::get_mail(c, id).state};
        });
        if (is_queued) {
            invocation.print("Mail " + std::to_string(id) + " is queued again.\n");
        } else {
            invocation.print("Mail " + std::to_string(id) + " stays as it is: it " +
                             (state == MailState::sent ? "was sent" : "is being sent") + ".\n");
            exit_code = 1;
        }
    }
    return exit_code;
}

int purge_mails(Invocation& invocation) {
    constexpr int at_once = 500;
    constexpr std::int64_t days_max = 36'500;
    const std::string given = invocation.get("--older-than");
    const std::int64_t days = number("mail purge", given, "--older-than is a number of days", 0);
    const Timestamp end = app::base::now() - std::chrono::days(std::min(days, days_max));
    std::vector<MailState> states{MailState::sent, MailState::failed};
    if (const auto name = invocation.find("--state")) states = {app::models::find_mail_state(*name).value()};
    std::int64_t removed = 0;
    for (const MailState state : states) {
        std::int64_t some = at_once;
        while (some == at_once) {
            some = invocation.database().write([&](Connection& c) { return app::models::purge_mails(c, state, end, at_once); });
            removed += some;
        }
    }
    invocation.print("Removed: " + std::to_string(removed) + ".\n");
    return 0;
}

int send_mails(Invocation& invocation) {
    const auto mailer = app::make_mailer(invocation.config());
    const app::outbox::Plan plan = app::mail_plan(invocation.config());
    app::db::Database& database = invocation.database();
    int sent = 0, others = 0;
    while (const auto mail = app::outbox::claim_next(database, plan, app::base::now())) {
        const auto delivery = app::outbox::send(*mailer, mail->message);
        const auto verdict = app::outbox::decide(*mail, delivery, plan, app::base::now());
        app::outbox::record(database, verdict);
        const bool is_sent = verdict.state == MailState::sent;
        ++(is_sent ? sent : others);
        if (is_sent) continue;
        print(invocation, "Mail " + std::to_string(mail->id) + " was not accepted: " + verdict.outcome.stage + ", " +
                              verdict.outcome.trouble + (verdict.outcome.words.empty() ? "" : ": " + verdict.outcome.words) +
                              "\n");
        if (verdict.about_the_server) {
            invocation.print("Others were not tried: `manage send-test-mail` tells what is wrong.\n");
            break;
        }
    }
    invocation.print("Sent: " + std::to_string(sent) + ", not accepted: " + std::to_string(others) + ".\n");
    return others == 0 ? 0 : 1;
}

}  // namespace

std::vector<Command> mail() {
    using Kind = Option::Kind;
    const Option json{.name = "--json", .kind = Kind::flag, .help = "as JSON"};
    return {
        {.name = "mail", .help = "Look after the outbox: mails that wait, went out or failed"},
        {.name = "mail list",
         .help = "List mails, newest first",
         .example = "  manage mail list --state failed",
         .options = {{.name = "--state",
                      .value_name = "STATE",
                      .help = "only those: queued, sending, sent or failed",
                      .choices = {"queued", "sending", "sent", "failed"}},
                     {.name = "--limit",
                      .value_name = "NUMBER",
                      .help = "at most so many; else " + std::to_string(listed_by_default)},
                     {.name = "--before", .value_name = "ID", .help = "those that are older than that mail"},
                     json},
         .run = list_mails},
        {.name = "mail show",
         .help = "Show a mail with its text, which may hold a link meant for its recipient alone",
         .example = "  manage mail show 17",
         .options = {{.name = "ID", .kind = Kind::positional, .help = "its number", .required = true}, json},
         .run = show_mail},
        {.name = "mail retry",
         .help = "Have mails that failed, or wait for their next attempt, go at once",
         .example = "  manage mail retry 17 18\n  manage mail retry --all-failed",
         .options = {{.name = "ID", .kind = Kind::positional, .help = "their numbers", .repeated = true},
                     {.name = "--all-failed", .kind = Kind::flag, .help = "all that failed"}},
         .run = retry_mails},
        {.name = "mail purge",
         .help = "Remove old mails that were sent or have failed",
         .example = "  manage mail purge --older-than 30 --state sent",
         .options =
             {{.name = "--older-than",
               .value_name = "DAYS",
               .help = "those that were finished more than so many days ago; 0: all",
               .required = true},
              {.name = "--state", .value_name = "STATE", .help = "only those: sent or failed", .choices = {"sent", "failed"}}},
         .run = purge_mails},
        {.name = "mail send",
         .help = "Deliver what is due now, once; a running server does so by itself",
         .example = "  manage mail send",
         .run = send_mails},
    };
}

}  // namespace manage
