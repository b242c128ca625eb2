#include "app/models/names.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::models {

namespace {

constexpr std::size_t email_bytes_max = 254;  // RFC 5321 section 4.5.3.1.3, without the angle brackets
constexpr std::size_t local_part_bytes_max = 64;
constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t username_bytes_max = 64;

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

// ASCII and Latin-1 blanks and control characters; `text` is UTF-8.
bool has_blank_or_control(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= ' ' || byte == 0x7f) return true;
        // U+0080 to U+00A0: C1 controls and the no-break space
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) <= 0xa0) return true;
    }
    return false;
}

bool is_label(std::string_view label) noexcept {
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-' || is_beyond_ascii(c); });
}

bool is_domain(std::string_view domain) noexcept {
    for (;;) {
        const auto dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        domain.remove_prefix(dot + 1);
    }
}

}  // namespace

std::string canonical_email(std::string_view email) { return base::to_lower_ascii(base::trim(email)); }

bool is_email(std::string_view canonical) noexcept {
    if (canonical.size() > email_bytes_max || !base::is_utf8(canonical) || has_blank_or_control(canonical)) return false;
    const auto at = canonical.find('@');
    if (at == std::string_view::npos || at == 0 || at > local_part_bytes_max) return false;
    // A second '@' fails as a part of the domain.
    return canonical.substr(0, at).find_first_of("()<>[]:;\\,\"") == std::string_view::npos &&
           is_domain(canonical.substr(at + 1));
}

bool is_username(std::string_view username) noexcept {
    return !username.empty() && username.size() <= username_bytes_max && is_letter(username.front()) &&
           std::all_of(username.begin(), username.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '.'; });
}

std::vector<base::FieldError> find_name_faults(std::string_view canonical_email, std::string_view username) {
    std::vector<base::FieldError> faults;
    if (!is_email(canonical_email))
        faults.push_back({"/email", "the e-mail address does not look like one: name@domain is needed"});
    if (!is_username(username)) {
        faults.push_back(
            {"/username", "a username is a letter, then letters, digits, dots and underscores: at most 64 characters"});
    }
    return faults;
}

std::string username_key(std::string_view username) { return base::to_lower_ascii(username); }

}  // namespace app::models
