#include "config/dotenv.hpp"

#include <algorithm>
#include <cstddef>

#include "config/refuse.hpp"

namespace config {

namespace {

// Thrown within this file as the text of what is wrong; parse_dotenv() adds the place.
struct Wrong {
    std::string what;
};

constexpr std::string_view blanks = " \t";

bool is_name(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c); });
}

std::string_view without_leading_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

std::string_view without_trailing_blanks(std::string_view text) {
    return text.substr(0, text.find_last_not_of(blanks) + 1);  // npos + 1 == 0
}

// After a closing quote, only blanks and a comment may follow.
void expect_end(std::string_view rest) {
    const std::string_view after = without_leading_blanks(rest);
    if (after.empty()) return;
    const bool comment = after.front() == '#' && after.size() < rest.size();
    if (!comment) throw Wrong{"something follows the closing quote; a comment needs a space before its #"};
}

std::string single_quoted(std::string_view text) {
    const std::size_t end = text.find('\'', 1);
    if (end == std::string_view::npos) throw Wrong{"the single quote is not closed on this line"};
    expect_end(text.substr(end + 1));
    return std::string(text.substr(1, end - 1));
}

char unescaped(char letter) {
    switch (letter) {
        case 'n': return '\n';
        case 't': return '\t';
        case '"':
        case '\\':
        case '$': return letter;
        default: throw Wrong{R"(an unknown escape; within double quotes there are \n \t \" \\ and \$)"};
    }
}

std::string double_quoted(std::string_view text) {
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            expect_end(text.substr(i + 1));
            return value;
        }
        if (text[i] != '\\') {
            value += text[i];
        } else if (++i < text.size()) {
            value += unescaped(text[i]);
        }
    }
    throw Wrong{"the double quote is not closed on this line"};
}

DotenvEntry unquoted(std::string_view text) {
    DotenvEntry entry;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '#' && blanks.find(text[i - 1]) != std::string_view::npos) {
            text = text.substr(0, i);
            entry.has_comment = true;
            break;
        }
    }
    entry.value = without_trailing_blanks(text);
    return entry;
}

// With the value alone.
DotenvEntry value_of(std::string_view text) {
    const std::string_view value = without_leading_blanks(text);
    const bool blank_first = value.size() < text.size();
    if (value.empty()) return {};
    if (blank_first && value.front() == '#') return {.has_comment = true};
    if (blank_first) throw Wrong{"no space may stand around the ="};
    if (value.front() == '\'') return {.value = single_quoted(value)};
    if (value.front() == '"') return {.value = double_quoted(value)};
    return unquoted(value);
}

DotenvEntry entry_of(std::string_view line) {
    constexpr std::string_view keyword = "export";
    if (line.starts_with(keyword) && blanks.find(line.substr(keyword.size()).substr(0, 1)) != std::string_view::npos &&
        line.size() > keyword.size()) {
        line = without_leading_blanks(line.substr(keyword.size()));
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) throw Wrong{"there is no =; a line is NAME=value"};
    const std::string_view name = line.substr(0, equals);
    if (is_name(without_trailing_blanks(name)) && !is_name(name)) throw Wrong{"no space may stand around the ="};
    if (!is_name(name)) throw Wrong{"the name before the = must be of letters, digits and _, and not begin with a digit"};
    DotenvEntry entry = value_of(line.substr(equals + 1));
    entry.name = name;
    return entry;
}

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view path) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());

    std::vector<DotenvEntry> entries;
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        line = without_leading_blanks(line);
        if (line.empty() || line.front() == '#') continue;
        try {
            DotenvEntry entry = entry_of(line);
            entry.line = number;
            const auto earlier = std::ranges::find(entries, entry.name, &DotenvEntry::name);
            if (earlier != entries.end()) throw Wrong{entry.name + " is set already, on line " + std::to_string(earlier->line)};
            entries.push_back(std::move(entry));
        } catch (const Wrong& wrong) {
            refuse(std::string(path) + ":" + std::to_string(number), wrong.what);
        }
    }
    return entries;
}

}  // namespace config
