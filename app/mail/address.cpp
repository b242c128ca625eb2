#include "app/mail/address.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::mail {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t email_bytes_max = 254, local_bytes_max = 64;

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// For a message about an address that may hold anything.
std::string shown(std::string_view text) {
    constexpr std::size_t bytes_max = 80;
    std::string line = '"' + std::string(text.substr(0, bytes_max)) + '"';
    std::ranges::replace_if(line, is_control, '?');
    return line;
}

[[noreturn]] void refuse(std::string_view email, const std::string& why) {
    throw Error(Code::invalid, shown(email) + " is no address that mail can be sent to: " + why);
}

void require_local_part(std::string_view email, std::string_view local) {
    if (local.empty() || local.size() > local_bytes_max) refuse(email, "1 to 64 characters stand before the @");
    if (!is_ascii(local)) refuse(email, "before the @ only ASCII is possible");
    constexpr std::string_view specials = "()<>[]:;@\\,\" ";
    const bool odd =
        std::ranges::any_of(local, [&](char c) { return is_control(c) || specials.find(c) != std::string_view::npos; });
    if (odd) refuse(email, "blanks, quotes, angles and the like cannot stand before the @");
}

// Letters, digits and hyphens between dots, after conversion.
bool is_host_name(std::string_view domain) {
    for (const std::string_view label : base::split(domain, '.')) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        const auto fits = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        };
        if (!std::ranges::all_of(label, fits)) return false;
    }
    return true;
}

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
    std::string text;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        if (name[i] == '\\' && i + 2 < name.size()) ++i;
        text += name[i];
    }
    return text;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) try {
    text = base::trim(text);
    Address address{.email = std::string(text)};
    if (text.ends_with('>')) {
        const std::size_t angle = text.rfind('<');
        if (angle == std::string_view::npos) return std::nullopt;
        address.name = unquoted(base::trim(text.substr(0, angle)));
        address.email = text.substr(angle + 1, text.size() - angle - 2);
    }
    require_valid(address);
    return address;
} catch (const Error&) {
    return std::nullopt;
}

void require_valid(const Address& address) {
    if (!base::is_utf8(address.name) || std::ranges::any_of(address.name, is_control)) {
        refuse(address.email, "its name is not one line of UTF-8");
    }
    to_wire(address.email);
}

std::string to_wire(std::string_view email) {
    const std::size_t at = email.rfind('@');
    if (at == std::string_view::npos) refuse(email, "there is no @ in it");
    require_local_part(email, email.substr(0, at));
    const std::string domain(email.substr(at + 1));
    if (domain.empty() || domain.find('\0') != std::string::npos || !base::is_utf8(domain)) refuse(email, "its domain is none");
    const std::string ascii = host_to_wire(domain);
    if (!is_host_name(ascii)) refuse(email, "its domain is none");
    if (at + 1 + ascii.size() > email_bytes_max) refuse(email, "it is longer than 254 characters");
    return std::string(email.substr(0, at + 1)) + ascii;
}

// libcurl would read the name in the locale's encoding; it is UTF-8 here. The flags are those that browsers and libcurl use.
std::string host_to_wire(const std::string& host) {
    if (is_ascii(host)) return host;
    std::uint8_t* converted = nullptr;
    const auto* name = reinterpret_cast<const std::uint8_t*>(host.c_str());
    const int result = idn2_lookup_u8(name, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result != IDN2_OK) throw Error(Code::invalid, shown(host) + " is no host's name: " + idn2_strerror(result));
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(converted, idn2_free);
    return reinterpret_cast<const char*>(converted);
}

std::string domain_of(std::string_view email) {
    const std::string wire = to_wire(email);
    return wire.substr(wire.rfind('@') + 1);
}

}  // namespace app::mail
