// The base64 half of text.hpp.
#include <array>

#include "app/base/text.hpp"

namespace app::base {
namespace {

constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Table = std::array<signed char, 256>;

constexpr Table reverse(std::string_view alphabet) {
    Table table{};
    table.fill(-1);
    for (int value = 0; value < 64; ++value) table[static_cast<unsigned char>(alphabet[value])] = static_cast<signed char>(value);
    return table;
}

constexpr Table standard_values = reverse(standard_alphabet);
constexpr Table url_values = reverse(url_alphabet);

// Digits without padding. One digit too many, a foreign character or a bit set beyond the last byte: nothing.
std::optional<std::string> decode(std::string_view digits, const Table& values) {
    if (digits.size() % 4 == 1) return std::nullopt;
    // -1 for a foreign character stays below 0 through shifts and ORs.
    const auto value_of = [&](std::size_t i) { return int{values[static_cast<unsigned char>(digits[i])]}; };
    std::string bytes(digits.size() / 4 * 3, '\0');
    char* at = bytes.data();
    for (; digits.size() >= 4; digits.remove_prefix(4)) {
        const int group = value_of(0) << 18 | value_of(1) << 12 | value_of(2) << 6 | value_of(3);
        if (group < 0) return std::nullopt;
        *at++ = static_cast<char>(group >> 16);
        *at++ = static_cast<char>(group >> 8);
        *at++ = static_cast<char>(group);
    }
    std::uint32_t pending = 0;
    int pending_bits = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int value = value_of(i);
        if (value < 0) return std::nullopt;
        pending = pending << 6 | static_cast<std::uint32_t>(value);
        pending_bits += 6;
        if (pending_bits < 8) continue;
        pending_bits -= 8;
        bytes += static_cast<char>(pending >> pending_bits);
        pending &= (1U << pending_bits) - 1;
    }
    if (pending != 0) return std::nullopt;
    return bytes;
}

// Without padding.
std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3 + 2);
    std::uint32_t pending = 0;
    int pending_bits = 0;
    for (const char byte : bytes) {
        pending = (pending << 8 | static_cast<unsigned char>(byte)) & 0xFFFF;
        for (pending_bits += 8; pending_bits >= 6; pending_bits -= 6) text += alphabet[pending >> (pending_bits - 6) & 63];
    }
    if (pending_bits > 0) text += alphabet[pending << (6 - pending_bits) & 63];
    return text;
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, standard_values);
}

std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, url_values); }

std::string base64_encode(std::string_view bytes) {
    std::string text = encode(bytes, standard_alphabet);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string base64url_encode(std::string_view bytes) { return encode(bytes, url_alphabet); }

}  // namespace app::base
