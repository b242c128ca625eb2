#include "manage/mail_report.hpp"

#include <unistd.h>

#include "app/web/json.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

constexpr std::size_t subject_width = 21;

// Of a subject that is as long as its column, or longer, too.
std::string padded(const std::string& subject) {
    return subject + std::string(subject.size() < subject_width ? subject_width - subject.size() : 1, ' ');
}

}  // namespace

void MailReport::add(Line line) {
    if (line.state == State::failed) failed_ = true;
    if (!as_json_) print(line);
    lines_.push_back(std::move(line));
}

void MailReport::print(const Line& line) const {
    const auto state = [&] {
        switch (line.state) {
            case State::ok: return coloured(STDOUT_FILENO, "ok    ", Colour::green);
            case State::note: return coloured(STDOUT_FILENO, "note  ", Colour::yellow);
            case State::failed: return coloured(STDOUT_FILENO, "FAILED", Colour::red);
        }
        return std::string();
    };
    const std::string indent(subject_width + 10, ' ');
    std::string text = "  " + state() + "  " + padded(line.subject) + line.what + "\n";
    if (!line.words.empty()) text += indent + line.words + "\n";
    if (!line.advice.empty()) text += indent + "-> " + line.advice + "\n";
    invocation_.print(text);
}

int MailReport::finish(const std::string& verdict, const app::mail::Delivery* delivery, const std::string& message_id) {
    if (as_json_) {
        invocation_.print(to_json(verdict, delivery, message_id));
    } else {
        const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
        invocation_.print(verdict + " (" + std::to_string(passed.count()) + " ms).\n");
    }
    return failed_ ? 1 : 0;
}

std::string MailReport::to_json(const std::string& verdict, const app::mail::Delivery* delivery,
                                const std::string& message_id) const {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object();
    json.field("accepted", delivery != nullptr && delivery->stage == app::mail::Stage::done);
    json.field("failed", failed_);
    json.field("message_id", message_id);
    json.field("reply", delivery == nullptr ? 0 : delivery->reply);
    json.key("steps").begin_array();
    for (const Line& line : lines_) {
        json.begin_object()
            .field("advice", line.advice)
            .field("state", line.state == State::ok     ? "ok"
                            : line.state == State::note ? "note"
                                                        : "failed")
            .field("subject", line.subject)
            .field("what", line.what)
            .field("words", line.words)
            .end_object();
    }
    json.end_array();
    json.field("trouble", delivery == nullptr ? (failed_ ? "settings" : "none") : to_string(delivery->trouble));
    json.field("verdict", verdict);
    json.end_object();
    return text + "\n";
}

}  // namespace manage
