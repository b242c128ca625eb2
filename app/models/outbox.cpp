#include "app/models/outbox.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::models {

namespace {

using base::Code;
using base::Error;

constexpr std::array<std::string_view, 4> states{"queued", "sending", "sent", "failed"};

// How many due mails a claim looks at: others may be faster with the first.
constexpr int candidates_max = 8;

// As the table has it. An e-mail that is valid has no blank, a name no line end.
std::string to_text(const mail::Address& address) {
    return address.name.empty() ? address.email : address.email + " " + address.name;
}

mail::Address to_address(std::string_view text) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) return {.email = std::string{text}};
    return {.name = std::string{text.substr(blank + 1)}, .email = std::string{text.substr(0, blank)}};
}

std::string to_text(const std::vector<mail::Address>& addresses) {
    std::string text;
    for (const mail::Address& address : addresses) text += (text.empty() ? "" : "\n") + to_text(address);
    return text;
}

std::optional<base::Timestamp> time_or_nothing(const db::Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.time(column)};
}

// Every query for a Mail selects these columns in this order; `texts` are its last two.
std::string select_mail(const char* texts) {
    return std::string("SELECT id, state, sender, recipients, subject, message_id, dated_at, created_at, queued_at, attempts, "
                       "due_at, lease, last_attempt_at, last_stage, last_trouble, last_words, finished_at, ") +
           texts + " FROM mails ";
}

const std::string& select_whole() {
    static const std::string sql = select_mail("body_text, body_html");
    return sql;
}

const std::string& select_for_list() {
    static const std::string sql = select_mail("'', ''");
    return sql;
}

Mail to_mail(const db::Row& row) {
    Mail mail{.id = row.integer(0),
              .state = find_mail_state(row.text(1)).value_or(MailState::failed),
              .message = {.from = to_address(row.text(2)),
                          .to = {},
                          .subject = std::string{row.text(4)},
                          .text = std::string{row.text(17)},
                          .html = std::string{row.text(18)},
                          .message_id = std::string{row.text(5)},
                          .date = row.time(6)},
              .created_at = row.time(7),
              .queued_at = row.time(8),
              .attempts = static_cast<int>(row.integer(9)),
              .due_at = time_or_nothing(row, 10),
              .lease = std::string{row.text(11)},
              .last_attempt_at = time_or_nothing(row, 12),
              .outcome = {std::string{row.text(13)}, std::string{row.text(14)}, std::string{row.text(15)}},
              .finished_at = time_or_nothing(row, 16)};
    for (const std::string_view line : base::split(row.text(3), '\n')) mail.message.to.push_back(to_address(line));
    return mail;
}

bool finish(db::Connection& connection, std::int64_t id, std::string_view lease, MailState state, const MailOutcome& outcome,
            base::Timestamp now) {
    return connection
               .execute("UPDATE mails SET state = ?, due_at = NULL, last_stage = ?, last_trouble = ?, last_words = ?, "
                        "finished_at = ? WHERE id = ? AND lease = ?",
                        to_string(state), outcome.stage, outcome.trouble, outcome.words, now, id, lease)
               .rows_changed > 0;
}

}  // namespace

std::string_view to_string(MailState state) noexcept { return states[static_cast<std::size_t>(state)]; }

std::optional<MailState> find_mail_state(std::string_view name) noexcept {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i] == name) return static_cast<MailState>(i);
    }
    return std::nullopt;
}

// A server may say anything.
MailOutcome outcome_of(const mail::Delivery& delivery) {
    constexpr std::size_t words_bytes_max = 2048;
    std::string words = delivery.words.substr(0, words_bytes_max);
    if (!base::is_utf8(words)) std::ranges::replace_if(words, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return {.stage = std::string{to_string(delivery.stage)},
            .trouble = std::string{to_string(delivery.trouble)},
            .words = std::move(words)};
}

std::int64_t add_mail(db::Connection& connection, const mail::Message& message, base::Timestamp now) {
    mail::require_valid(message);
    if (message.subject.size() + message.text.size() + message.html.size() > mail_bytes_max) {
        throw Error(Code::too_large, "a mail has at most " + std::to_string(mail_bytes_max) + " bytes");
    }
    return connection
        .execute("INSERT INTO mails (state, sender, recipients, subject, body_text, body_html, message_id, dated_at, created_at, "
                 "queued_at, attempts, due_at, lease, last_stage, last_trouble, last_words) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, '', '', '', '')",
                 to_string(MailState::queued), to_text(message.from), to_text(message.to), message.subject, message.text,
                 message.html, message.message_id, message.date, now, now, now)
        .last_insert_id;
}

void remove_mail(db::Connection& connection, std::int64_t id) { connection.execute("DELETE FROM mails WHERE id = ?", id); }

bool has_due_mail(db::Connection& connection, base::Timestamp now) {
    return connection.integer("SELECT 1 FROM mails WHERE due_at <= ? LIMIT 1", now) != 0;
}

// The UPDATE decides: on one server it waits for another's and then finds the mail no longer due; on a cluster one of two is taken back
// when it commits, and looks again.
std::optional<Mail> claim_mail(db::Connection& connection, std::string_view lease, base::Timestamp now,
                               base::Timestamp lease_end) {
    const auto candidates = connection.list(
        "SELECT id FROM mails WHERE due_at <= ? ORDER BY due_at LIMIT ?", [](const db::Row& row) { return row.integer(0); }, now,
        candidates_max);
    for (const std::int64_t id : candidates) {
        const auto claimed = connection.execute("UPDATE mails SET state = ?, lease = ?, due_at = ?, attempts = attempts + 1, "
                                                "last_attempt_at = ? WHERE id = ? AND due_at <= ?",
                                                to_string(MailState::sending), lease, lease_end, now, id, now);
        if (claimed.rows_changed > 0) return get_mail(connection, id);
    }
    return std::nullopt;
}

bool mark_mail_sent(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                    base::Timestamp now) {
    return finish(connection, id, lease, MailState::sent, outcome, now);
}

bool mark_mail_failed(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                      base::Timestamp now) {
    return finish(connection, id, lease, MailState::failed, outcome, now);
}

bool put_mail_back(db::Connection& connection, std::int64_t id, std::string_view lease, const MailOutcome& outcome,
                   base::Timestamp due_at) {
    return connection
               .execute("UPDATE mails SET state = ?, due_at = ?, last_stage = ?, last_trouble = ?, last_words = ? "
                        "WHERE id = ? AND lease = ?",
                        to_string(MailState::queued), due_at, outcome.stage, outcome.trouble, outcome.words, id, lease)
               .rows_changed > 0;
}

std::optional<Mail> find_mail(db::Connection& connection, std::int64_t id) {
    static const std::string sql = select_whole() + "WHERE id = ?";
    return connection.find(sql, to_mail, id);
}

Mail get_mail(db::Connection& connection, std::int64_t id) {
    if (auto mail = find_mail(connection, id)) return *std::move(mail);
    throw Error(Code::not_found, "there is no mail " + std::to_string(id));
}

std::vector<Mail> list_mails(db::Connection& connection, std::optional<MailState> state, std::optional<std::int64_t> before,
                             int limit) {
    static const std::string of_all = select_for_list() + "WHERE id < ? ORDER BY id DESC LIMIT ?";
    static const std::string of_state = select_for_list() + "WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?";
    const std::int64_t end = before.value_or(std::numeric_limits<std::int64_t>::max());
    if (!state) return connection.list(of_all, to_mail, end, limit);
    return connection.list(of_state, to_mail, to_string(*state), end, limit);
}

std::int64_t count_mails(db::Connection& connection, MailState state) {
    return connection.integer("SELECT COUNT(*) FROM mails WHERE state = ?", to_string(state));
}

bool retry_mail(db::Connection& connection, std::int64_t id, base::Timestamp now) {
    const auto changed = connection.execute(
        "UPDATE mails SET state = ?, lease = '', due_at = ?, queued_at = ?, attempts = 0, finished_at = NULL "
        "WHERE id = ? AND (state = ? OR state = ?)",
        to_string(MailState::queued), now, now, id, to_string(MailState::failed), to_string(MailState::queued));
    if (changed.rows_changed == 0) get_mail(connection, id);
    return changed.rows_changed > 0;
}

std::int64_t retry_failed_mails(db::Connection& connection, base::Timestamp now) {
    return connection
        .execute("UPDATE mails SET state = ?, lease = '', due_at = ?, queued_at = ?, attempts = 0, finished_at = NULL "
                 "WHERE state = ?",
                 to_string(MailState::queued), now, now, to_string(MailState::failed))
        .rows_changed;
}

// One by one: not every server takes a DELETE with a LIMIT.
std::int64_t purge_mails(db::Connection& connection, MailState state, base::Timestamp end, int limit) {
    if (state != MailState::sent && state != MailState::failed) {
        throw Error(Code::invalid, "only mails that were sent or have failed can be removed");
    }
    const auto old = connection.list(
        "SELECT id FROM mails WHERE state = ? AND finished_at < ? ORDER BY finished_at LIMIT ?",
        [](const db::Row& row) { return row.integer(0); }, to_string(state), end, limit);
    std::int64_t removed = 0;
    for (const std::int64_t id : old) {
        removed += connection.execute("DELETE FROM mails WHERE id = ? AND state = ?", id, to_string(state)).rows_changed;
    }
    return removed;
}

}  // namespace app::models
