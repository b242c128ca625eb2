// Small conversions of text that every room needs: percent-encoding, HTML escapes, base64, UTF-8, ASCII case and numbers.
// Nothing here depends on the locale, keeps state or throws (memory aside); every function may be called from any thread and
// costs time linear in its input. Views that are returned point into the argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::base {

// Decodes %XX (RFC 3986 section 2.1, either case); every other byte, '+' included, stays. Nothing when a '%' is not followed by
// two hexadecimal digits. The result may be any bytes: ask is_utf8 before calling it text.
std::optional<std::string> percent_decode(std::string_view text);

// As percent_decode, but '+' is a space: a name or a value of application/x-www-form-urlencoded or of a query.
std::optional<std::string> form_decode(std::string_view text);

// Encodes every byte that is not unreserved (letters, digits, - . _ ~) as %XX, upper case: fits one path segment or one query value.
std::string percent_encode(std::string_view text);

// Escapes & < > " ' so that the text is safe as HTML text and inside a quoted attribute.
std::string escape_html(std::string_view text);

// Whether the bytes are UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. NUL is allowed.
bool is_utf8(std::string_view bytes) noexcept;

// ASCII only: the other bytes stay, or must be equal.
std::string to_lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

// Without the leading and trailing blanks: space, \t, \n, \v, \f, \r.
std::string_view trim(std::string_view text) noexcept;

// The pieces between the separators, empty ones included: one piece more than there are separators, so "" gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

// The pieces (std::string or std::string_view) with the separator between them; "" of none.
template <class Pieces>
std::string join(const Pieces& pieces, std::string_view separator = ", ") {
    std::string text;
    bool is_first = true;
    for (const auto& piece : pieces) {
        text.append(is_first ? "" : separator).append(piece);
        is_first = false;
    }
    return text;
}

// The whole text as a number: ASCII digits (leading zeros allowed) after an optional '-'. Nothing for anything else, blanks and
// '+' included, and for what does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

// RFC 4648 section 4 (HTTP Basic): standard alphabet, padding required. Decoding gives nothing for anything not canonical: blanks,
// missing or surplus padding, stray bits in the last character.
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

// RFC 4648 section 5 without padding: safe in URLs, file names and cookies. Decoding accepts exactly what encoding produces.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace app::base
