// What `manage send-test-mail` says: a line for each thing that it looked at, with what to do about those that are wrong; or the same
// as JSON.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/mail/mailer.hpp"
#include "manage/command.hpp"

namespace manage {

class MailReport {
   public:
    // Prints the lines as they come, or nothing before finish() if it is for machines.
    MailReport(const Invocation& invocation, bool as_json) : invocation_(invocation), as_json_(as_json) {}

    void ok(std::string_view subject, const std::string& what) { add({State::ok, std::string(subject), what, {}, {}}); }
    void note(std::string_view subject, const std::string& what, const std::string& advice) {
        add({State::note, std::string(subject), what, {}, advice});
    }
    // `words` are the server's or the system's own; may be empty.
    void fail(std::string_view subject, const std::string& what, const std::string& words, const std::string& advice) {
        add({State::failed, std::string(subject), what, words, advice});
    }

    // Says how it ended, and returns the exit code: 0 if nothing failed.
    int finish(const std::string& verdict, const app::mail::Delivery* delivery, const std::string& message_id);

   private:
    enum class State { ok, note, failed };
    struct Line {
        State state;
        std::string subject, what, words, advice;
    };

    void add(Line line);
    void print(const Line& line) const;
    std::string to_json(const std::string& verdict, const app::mail::Delivery* delivery, const std::string& message_id) const;

    const Invocation& invocation_;
    bool as_json_;
    bool failed_ = false;
    std::vector<Line> lines_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace manage
