// A route's rule, parsed by the compiler: "/posts/<int:id>" is the segments "posts" and int "id". A rule that is no rule does
// not compile, and the message says why.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace app::web {

// A string literal as a template argument.
template <std::size_t Size>
struct FixedString {
    char data[Size]{};

    consteval FixedString(const char (&text)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) data[i] = text[i];
    }
    constexpr std::string_view view() const { return {data, Size - 1}; }
};

// What a segment matches: its own text, or a variable: one non-empty segment; ASCII digits that fit 63 bits; all the rest.
enum class Converter { literal, string, integer, path };

struct Segment {
    Converter converter = Converter::literal;
    std::string_view text;  // the literal, or the variable's name

    constexpr bool is_variable() const { return converter != Converter::literal; }
};

inline constexpr std::size_t segments_max = 12;
inline constexpr std::size_t variables_max = 4;

struct Pattern {
    std::string_view rule;
    std::array<Segment, segments_max> segments{};
    std::size_t segment_count = 0;
    std::size_t variable_count = 0;
    bool trailing_slash = false;  // "/" has no segments and a trailing slash

    constexpr const Segment* begin() const { return segments.data(); }
    constexpr const Segment* end() const { return segments.data() + segment_count; }

    // The variable of that position, counted from 0.
    constexpr const Segment& variable(std::size_t index) const {
        const Segment* segment = begin();
        while (!segment->is_variable() || index-- > 0) ++segment;
        return *segment;
    }
    constexpr bool has_variable(std::string_view name) const {
        for (const Segment& segment : *this) {
            if (segment.is_variable() && segment.text == name) return true;
        }
        return false;
    }
};

namespace detail {

constexpr bool is_name(std::string_view text) {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    for (const char c : text) {
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

// Unreserved and sub-delims of RFC 3986 section 2 but for what rules use themselves.
constexpr void check_literal(std::string_view text) {
    for (const char c : text) {
        if (c == '<' || c == '>') throw "rule: a variable is a whole segment, as in /posts/<int:id>";
        if (c <= ' ' || c > '~' || c == '?' || c == '#' || c == '%' || c == '\\') {
            throw "rule: a literal segment holds no blanks, '?', '#', '%' or '\\'";
        }
    }
    if (text == "." || text == "..") throw "rule: '.' and '..' are no segments";
}

constexpr Segment parse_variable(std::string_view inside) {  // without its < and >
    std::size_t colon = 0;
    while (colon < inside.size() && inside[colon] != ':') ++colon;
    const bool named = colon < inside.size();
    const std::string_view converter = named ? inside.substr(0, colon) : std::string_view{"string"};
    const std::string_view name = named ? inside.substr(colon + 1) : inside;
    if (!is_name(name)) throw "rule: a variable needs a name of letters, digits and '_'";
    if (converter == "string") return {Converter::string, name};
    if (converter == "int") return {Converter::integer, name};
    if (converter == "path") return {Converter::path, name};
    throw "rule: the converters are string, int and path";
}

}  // namespace detail

// Parses a rule. In constant evaluation a mistake does not compile; the text of the throw is part of the message.
constexpr Pattern parse_pattern(std::string_view rule) {
    Pattern pattern;
    pattern.rule = rule;
    if (rule.empty() || rule[0] != '/') throw "rule: it starts with '/'";
    std::size_t position = 1;
    while (position < rule.size()) {
        std::size_t end = position;
        while (end < rule.size() && rule[end] != '/') ++end;
        const std::string_view text = rule.substr(position, end - position);
        if (text.empty()) throw "rule: '//' is no segment";
        if (pattern.segment_count == segments_max) throw "rule: it has more than 12 segments";
        if (pattern.segment_count > 0 && pattern.segments[pattern.segment_count - 1].converter == Converter::path) {
            throw "rule: a path variable is the last segment";
        }
        Segment segment{Converter::literal, text};
        if (text.size() > 2 && text.front() == '<' && text.back() == '>') {
            segment = detail::parse_variable(text.substr(1, text.size() - 2));
            if (pattern.has_variable(segment.text)) throw "rule: a variable's name occurs twice";
            if (++pattern.variable_count > variables_max) throw "rule: it has more than 4 variables";
        } else {
            detail::check_literal(text);
        }
        pattern.segments[pattern.segment_count++] = segment;
        position = end + 1;
    }
    pattern.trailing_slash = rule.back() == '/';
    if (pattern.trailing_slash && pattern.segment_count > 0 &&
        pattern.segments[pattern.segment_count - 1].converter == Converter::path) {
        throw "rule: a path variable takes the trailing slash itself";
    }
    return pattern;
}

}  // namespace app::web
