#include "app/mail/message.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"

namespace app::mail {

namespace {

constexpr std::size_t line_max = 76;
constexpr std::string_view fold = "\r\n ";

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

// The end of the character of UTF-8 that begins at `begin`.
std::size_t next_character(std::string_view text, std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end;
}

// As encoded words of whole characters, at most 75 bytes each (RFC 2047 section 2), one on a line. The first line has room for
// `used` bytes less.
std::string encoded_words(std::string_view text, std::size_t used) {
    constexpr std::string_view begin = "=?UTF-8?B?", end = "?=";
    constexpr std::size_t word_max = 75;
    std::string words;
    while (!text.empty()) {
        const std::size_t room = (words.empty() ? std::min(word_max, line_max - used) : word_max) - begin.size() - end.size();
        std::size_t taken = 0;
        while (taken < text.size() && (next_character(text, taken) + 2) / 3 * 4 <= room) taken = next_character(text, taken);
        words.append(words.empty() ? "" : fold).append(begin).append(base::base64_encode(text.substr(0, taken))).append(end);
        text.remove_prefix(taken);
    }
    return words;
}

// Text that a reader sees, behind the `used` bytes of its line: as it is where that is possible, folded at blanks.
std::string unstructured(std::string_view text, std::size_t used) {
    const auto words = base::split(text, ' ');
    const bool fits =
        std::ranges::all_of(words, [](std::string_view word) { return !word.empty() && word.size() < line_max - 1; });
    if (!is_printable_ascii(text) || !fits || text.find("=?") != std::string_view::npos) return encoded_words(text, used);
    std::string folded;
    for (const std::string_view word : words) {
        if (used + 1 + word.size() > line_max) {
            folded.append(fold);
            used = 1;
        } else if (!folded.empty()) {
            folded += ' ';
            ++used;
        }
        folded.append(word);
        used += word.size();
    }
    return folded;
}

// A name as the phrase before an address: quoted, unless it is of letters, digits and blanks.
std::string phrase(std::string_view name, std::size_t used) {
    if (!is_printable_ascii(name) || name.size() + 2 > line_max - used) return encoded_words(name, used);
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
    };
    if (std::ranges::all_of(name, plain)) return std::string(name);
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string address_list(const std::vector<Address>& addresses, std::size_t used) {
    std::string list;
    for (const Address& address : addresses) {
        if (!list.empty()) list.append(",").append(fold);
        const std::string wire = to_wire(address.email);
        if (address.name.empty()) {
            list.append(wire);
            continue;
        }
        const std::string name = phrase(address.name, list.empty() ? used : 1);
        const std::size_t line_end = name.size() - std::min(name.rfind('\n') + 1, name.size());  // npos + 1 == 0
        list.append(name).append(used + line_end + wire.size() + 3 > line_max ? fold : " ").append("<" + wire + ">");
    }
    return list;
}

// RFC 5322 section 3.3 has offsets, not zones by name.
std::string date_of(base::Timestamp time) {
    const std::string text = base::http_date(time);
    return text.substr(0, text.size() - std::string_view("GMT").size()) + "+0000";
}

}  // namespace

std::string new_message_id(const Address& from) {
    constexpr std::size_t random_bytes = 18;
    return base::random_token(random_bytes) + "@" + domain_of(from.email);
}

void require_valid(const Message& message) {
    const auto refuse = [](const char* what) { throw base::Error(base::Code::invalid, what); };
    require_valid(message.from);
    if (message.to.empty()) refuse("a mail needs a recipient");
    for (const Address& address : message.to) require_valid(address);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (!base::is_utf8(message.subject) || std::ranges::any_of(message.subject, is_control)) {
        refuse("the subject of a mail is one line of UTF-8, without control characters");
    }
    if (!base::is_utf8(message.text) || !base::is_utf8(message.html)) refuse("the text of a mail is UTF-8");
    if (!is_printable_ascii(message.message_id) || message.message_id.find_first_of("<> ") != std::string::npos ||
        message.message_id.empty()) {
        refuse("a mail needs a Message-ID without blanks and angles");
    }
}

std::vector<std::string> header_lines(const Message& message) {
    require_valid(message);
    const auto line = [](std::string name, const auto& write) {
        name += ": ";
        return name + write(name.size());
    };
    return {line("From", [&](std::size_t used) { return address_list({message.from}, used); }),
            line("To", [&](std::size_t used) { return address_list(message.to, used); }),
            line("Subject", [&](std::size_t used) { return unstructured(message.subject, used); }),
            "Date: " + date_of(message.date),
            "Message-ID: <" + message.message_id + ">",
            "Auto-Submitted: auto-generated"};
}

}  // namespace app::mail
