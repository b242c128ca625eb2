#include "app/mail/smtp_conversation.hpp"

#include <algorithm>
#include <optional>

#include "app/base/text.hpp"

namespace app::mail {

namespace {

constexpr std::size_t words_max = 500;

// The text of a line, behind its code: without the enhanced status code (RFC 3463) where the line before had it too.
std::string_view text_of(std::string_view line, bool continues) {
    std::string_view text = base::trim(line.substr(std::min<std::size_t>(line.size(), 4)));
    const std::size_t blank = text.find(' ');
    const bool has_status = text.size() > 5 && text[1] == '.' && (text[0] == '2' || text[0] == '4' || text[0] == '5');
    if (continues && has_status && blank != std::string_view::npos) text.remove_prefix(blank + 1);
    return text;
}

bool begins_with(std::string_view line, std::string_view verb) {
    return base::equal_ignoring_case(line.substr(0, verb.size()), verb);
}

}  // namespace

void Conversation::said(std::string_view line) {
    const bool is_credential = awaits_ == Awaits::authentication && line.find(' ') == std::string_view::npos;
    if (is_credential) return;
    if (begins_with(line, "EHLO") || begins_with(line, "HELO")) {
        if (upgraded_ && awaits_ == Awaits::starttls) pass_tls();
        awaits_ = Awaits::capabilities;
        offered_auth_.clear();
    } else if (begins_with(line, "STARTTLS")) {
        stage_ = Stage::tls;
        awaits_ = Awaits::starttls;
    } else if (begins_with(line, "AUTH ")) {
        stage_ = Stage::authentication;
        awaits_ = Awaits::authentication;
        tried_auth_ = true;
    } else if (begins_with(line, "MAIL FROM")) {
        stage_ = Stage::sender;
        awaits_ = Awaits::sender;
    } else if (begins_with(line, "RCPT TO")) {
        stage_ = Stage::recipient;
        awaits_ = Awaits::recipient;
        const std::size_t begin = std::min(line.find('<'), line.size());
        recipient_ = line.substr(std::min(begin + 1, line.size()), std::min(line.find('>'), line.size()) - begin - 1);
    } else if (begins_with(line, "DATA")) {
        stage_ = Stage::data;
        awaits_ = Awaits::permission;
    } else if (begins_with(line, "QUIT")) {
        awaits_ = Awaits::nothing;
    }
}

bool Conversation::heard(std::string_view line) {
    line = base::trim(line);
    if (awaits_ == Awaits::greeting) stage_ = Stage::greeting;
    const std::optional<std::int64_t> code = base::parse_integer(line.substr(0, 3));
    if (!code || line.size() < 3) {
        if (awaits_ == Awaits::greeting) odd_words_ = line.empty() ? "an empty line" : line.substr(0, words_max);
        return !is_odd();
    }
    if (awaits_ == Awaits::capabilities && begins_with(line.substr(std::min<std::size_t>(4, line.size())), "AUTH")) {
        offered_auth_ = base::trim(line.substr(std::min<std::size_t>(9, line.size())));
    }
    reply_.append(reply_.empty() ? "" : " ").append(text_of(line, !reply_.empty()));
    const bool is_last = line.size() == 3 || line[3] == ' ';
    if (!is_last) return true;
    if (reply_.size() > words_max) reply_.resize(words_max);
    const bool goes_on = take_reply(static_cast<int>(*code));
    reply_.clear();
    return goes_on;
}

// A whole reply, which is in reply_.
bool Conversation::take_reply(int code) {
    const std::string words = std::to_string(code) + " " + reply_;
    if (code >= 400 && awaits_ != Awaits::nothing) {
        refusal_ = code;
        refusal_words_ = words;
        return true;
    }
    switch (awaits_) {
        case Awaits::greeting:
            greeted_ = true;
            pass(Stage::greeting, words);
            awaits_ = Awaits::nothing;
            return true;
        case Awaits::capabilities: {
            refusal_ = 0;
            const bool is_secure_enough = plan_.tls != Tls::starttls || upgraded_;
            if (!plan_.signs_in || !is_secure_enough || !offered_auth_.empty()) return true;
            stage_ = Stage::authentication;
            lacks_auth_ = true;
            return false;
        }
        case Awaits::starttls: upgraded_ = true; return true;
        case Awaits::authentication:
            if (code == 235) pass(Stage::authentication, words);
            return true;
        case Awaits::sender: pass(Stage::sender, words); return true;
        case Awaits::recipient:
            pass(Stage::recipient, recipient_ + ": " + words);
            rehearsed_ = plan_.stops_before_data && ++recipients_ == plan_.recipients;
            if (rehearsed_) stage_ = Stage::data;
            return !rehearsed_;
        case Awaits::permission: awaits_ = Awaits::verdict; return true;
        case Awaits::verdict:
            pass(Stage::data, words);
            stage_ = Stage::done;
            accepted_ = true;
            awaits_ = Awaits::nothing;
            return true;
        case Awaits::nothing: return true;
    }
    return true;
}

void Conversation::secured(std::string_view version) {
    tls_version_ = version;
    if (plan_.tls != Tls::implicit) return;
    pass_tls();
    stage_ = Stage::greeting;
}

void Conversation::pass_tls() { pass(Stage::tls, tls_version_.empty() ? "TLS" : tls_version_); }

}  // namespace app::mail
