// Follows an SMTP conversation line by line: how far it came, what the server said last, and when there is no use in going on. libcurl
// speaks; this listens. For one conversation, in one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/mail/mailer.hpp"

namespace app::mail {

class Conversation {
   public:
    struct Plan {
        Tls tls = Tls::none;
        bool signs_in = false;
        std::size_t recipients = 1;
        bool stops_before_data = false;
    };

    explicit Conversation(Plan plan) : plan_(plan), stage_(plan.tls == Tls::implicit ? Stage::tls : Stage::greeting) {}

    // A line that was sent. Nothing of it is kept but its verb and a recipient.
    void said(std::string_view line);

    // A line that came. False: it is to end here, because what answers is no mail server, because it offers no AUTH to somebody who has
    // to sign in (libcurl would wait, or go on without), or because the rehearsal is over.
    bool heard(std::string_view line);

    // TLS was agreed on, and its version: "TLSv1.3".
    void secured(std::string_view version);

    Stage stage() const noexcept { return stage_; }
    bool has_greeting() const noexcept { return greeted_; }
    bool lacks_auth() const noexcept { return lacks_auth_; }
    bool is_odd() const noexcept { return !odd_words_.empty(); }
    const std::string& odd_words() const noexcept { return odd_words_; }  // a greeting that is none: "SSH-2.0-..."
    bool is_rehearsed() const noexcept { return rehearsed_; }
    bool is_accepted() const noexcept { return accepted_; }
    bool tried_to_sign_in() const noexcept { return tried_auth_; }
    const std::string& offered_auth() const noexcept { return offered_auth_; }  // "PLAIN LOGIN"
    const std::string& recipient() const noexcept { return recipient_; }        // the last one that was asked about

    // The last reply that refused something: its code, or 0, and its words.
    int refusal() const noexcept { return refusal_; }
    const std::string& refusal_words() const noexcept { return refusal_words_; }

    // From the greeting on.
    const std::vector<Step>& steps() const noexcept { return steps_; }

   private:
    enum class Awaits { greeting, capabilities, starttls, authentication, sender, recipient, permission, verdict, nothing };

    bool take_reply(int code);
    void pass(Stage stage, std::string what) { steps_.push_back({stage, std::move(what)}); }
    void pass_tls();

    Plan plan_;
    Stage stage_;
    Awaits awaits_ = Awaits::greeting;
    bool greeted_ = false, upgraded_ = false, lacks_auth_ = false, rehearsed_ = false, accepted_ = false, tried_auth_ = false;
    std::size_t recipients_ = 0;
    std::string tls_version_, offered_auth_, recipient_;
    std::string odd_words_;
    std::string reply_;  // the lines of the one that is coming in
    int refusal_ = 0;
    std::string refusal_words_;
    std::vector<Step> steps_;
};

}  // namespace app::mail
