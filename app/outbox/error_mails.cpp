#include "app/outbox/error_mails.hpp"

#include <algorithm>
#include <utility>

#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/base/thread.hpp"
#include "app/models/outbox.hpp"

namespace app::outbox {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_max = 100;  // while the database is away; the oldest go first
constexpr std::size_t message_bytes_max = 8192;
constexpr std::size_t subject_bytes_max = 100;
constexpr auto pause_after_failure = 10s;

// As one line of UTF-8 of at most so many bytes, whatever was logged.
std::string one_line(std::string_view text, std::size_t bytes_max) {
    std::string line{text.substr(0, bytes_max)};
    constexpr int character_bytes_max = 4;
    for (int cut = 1; cut < character_bytes_max && text.size() > bytes_max && !base::is_utf8(line); ++cut) line.pop_back();
    if (!base::is_utf8(line)) std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
    return line;
}

std::string how_many(const ErrorReport& report) {
    if (report.count == 1) return "";
    return "It is the last of " + std::to_string(report.count) + " of its kind since " + base::rfc3339(report.since) + ".\n";
}

}  // namespace

mail::Message make_error_mail(const ErrorReport& report, const ErrorMailOptions& options, base::Timestamp now) {
    const std::string prefix = options.subject_prefix.empty() ? "" : options.subject_prefix + " ";
    const std::string times = report.count == 1 ? "" : std::to_string(report.count) + " times: ";
    const std::string request = report.error.request_id.empty() ? "none" : one_line(report.error.request_id, subject_bytes_max);
    const std::string text = one_line(report.error.message, message_bytes_max) +
                             "\n\nTime:     " + base::rfc3339(report.error.time) +
                             "\nInstance: " + one_line(options.instance, message_bytes_max) + "\nRequest:  " + request +
                             "\nKind:     " + one_line(report.kind, message_bytes_max) + "\n\n" + how_many(report) +
                             "The log has more of it. Errors of this kind are mailed again after ten minutes "
                             "at the earliest.\n";
    return {.from = options.from,
            .to = {options.to},
            .subject = prefix + "Error: " + times + one_line(report.error.message, subject_bytes_max),
            .text = text,
            .html = "<pre>" + base::escape_html(text) + "</pre>\n",
            .message_id = mail::new_message_id(options.from),
            .date = now};
}

ErrorMails::ErrorMails(db::Database& database, ErrorMailOptions options, std::function<void()> on_queued)
    : database_(database),
      options_(std::move(options)),
      on_queued_(std::move(on_queued)),
      thread_(base::start_thread([this] { run(); })) {
    base::watch_errors([this](std::string_view message, std::string_view request_id) { take(message, request_id); });
}

ErrorMails::~ErrorMails() {
    base::watch_errors({});
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void ErrorMails::take(std::string_view message, std::string_view request_id) {
    {
        const std::lock_guard lock(mutex_);
        auto report = digest_.add({base::now(), std::string{message.substr(0, message_bytes_max)}, std::string{request_id}});
        if (report) waiting_.push_back(*std::move(report));
        if (waiting_.size() > waiting_max) waiting_.pop_front();
    }
    changed_.notify_one();
}

void ErrorMails::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_ || !waiting_.empty()) {
        for (ErrorReport& report : digest_.take_due(base::now())) waiting_.push_back(std::move(report));
        if (waiting_.empty()) {
            if (const auto due = digest_.next_due()) {
                changed_.wait_until(lock, *due);
            } else {
                changed_.wait(lock);
            }
            continue;
        }
        const ErrorReport report = std::move(waiting_.front());
        waiting_.pop_front();
        const bool is_last_try = stopping_;
        lock.unlock();
        const bool written = write(report);
        lock.lock();
        if (written) continue;
        if (is_last_try) return;
        waiting_.push_front(report);
        changed_.wait_for(lock, pause_after_failure, [this] { return stopping_; });
    }
}

bool ErrorMails::write(const ErrorReport& report) {
    try {
        const base::Timestamp now = base::now();
        const mail::Message message = make_error_mail(report, options_, now);
        database_.write([&](db::Connection& c) { models::add_mail(c, message, now); });
        failing_ = false;
        on_queued_();
        return true;
    } catch (const std::exception& error) {
        if (!failing_) base::log_warning(std::string("mail: an error could not be put into the outbox: ") + error.what());
        failing_ = true;
        return false;
    }
}

}  // namespace app::outbox
