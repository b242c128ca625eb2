// The character classes of HTTP's grammar (RFC 9110 section 5.6.2 and 5.5), and the one scan that parser, decoder and writer
// share. Inside this room only.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace app::http {

namespace character_classes {

inline constexpr unsigned char token = 1;   // RFC 9110 section 5.6.2
inline constexpr unsigned char target = 2;  // what a request target may hold: visible ASCII but '#'
inline constexpr unsigned char host = 4;    // a registered name as the DNS has them, or an IPv4 address

constexpr std::array<unsigned char, 256> make_table() {
    std::array<unsigned char, 256> table{};
    for (int c = 0x21; c < 0x7F; ++c) table[static_cast<std::size_t>(c)] = target;
    table['#'] = 0;
    for (const char c : std::string_view{"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"})
        table[static_cast<unsigned char>(c)] |= token | host;
    for (const char c : std::string_view{"!#$%&'*+-.^_`|~"}) table[static_cast<unsigned char>(c)] |= token;
    for (const char c : std::string_view{"-._~"}) table[static_cast<unsigned char>(c)] |= host;
    return table;
}

inline constexpr std::array<unsigned char, 256> table = make_table();

}  // namespace character_classes

constexpr bool is_in(unsigned char character_class, char c) noexcept {
    return (character_classes::table[static_cast<unsigned char>(c)] & character_class) != 0;
}

// The first byte in [at, end) that is not of the class, or end.
constexpr const char* skip(unsigned char character_class, const char* at, const char* end) noexcept {
    while (at != end && is_in(character_class, *at)) ++at;
    return at;
}

constexpr bool is_token(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    return !text.empty() && skip(character_classes::token, text.data(), end) == end;
}

// A control character that no field value may hold: all of ASCII's but the tab.
constexpr bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

// The first control character in [at, end), or end. Eight bytes at a time: this is where most of a head is passed over.
inline const char* find_control(const char* at, const char* end) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    for (; end - at >= 8; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        // The high bit of a byte of `flags` is set where that byte is below 0x20 or is 0x7F; a borrow can only set more of them.
        const std::uint64_t deletes = word ^ (ones * 0x7F);
        const std::uint64_t flags = (((word - ones * 0x20) & ~word) | ((deletes - ones) & ~deletes)) & (ones * 0x80);
        if (flags == 0) continue;
        for (int byte = 0; byte < 8; ++byte) {
            if (is_control(at[byte])) return at + byte;
        }
    }
    while (at != end && !is_control(*at)) ++at;
    return at;
}

// Without the blanks (RFC 9110 section 5.6.3) around it.
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace app::http
