#include "app/archive/format.hpp"

#include <array>
#include <charconv>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::archive {

namespace {

constexpr std::string_view magic = "dewar-dump format=";
constexpr std::string_view null_text = "\\N";
constexpr std::string_view table_end = "\\.\t";

// A byte that is written otherwise, and the letter that stands for it behind a backslash.
struct Escape {
    char byte;
    char letter;
};
constexpr Escape escapes[] = {{'\\', '\\'}, {'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\0', '0'}};

// For each byte its letter, or 0.
constexpr auto letters = [] {
    std::array<char, 256> table{};
    for (const Escape& escape : escapes) table[static_cast<unsigned char>(escape.byte)] = escape.letter;
    return table;
}();

char letter_of(char byte) { return letters[static_cast<unsigned char>(byte)]; }

void append_integer(std::string& out, std::int64_t number) {
    std::array<char, 24> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void append_text(std::string& out, std::string_view text) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = letter_of(text[i]);
        if (letter == 0) continue;
        out.append(text, start, i - start);
        out += '\\';
        out += letter;
        start = i + 1;
    }
    out.append(text, start);
}

// In the one way in which it is written: no leading zeros, no minus before zero.
std::optional<std::int64_t> parse_canonical(std::string_view text) {
    const auto number = base::parse_integer(text);
    if (!number) return {};
    const std::size_t first = text.front() == '-' ? 1 : 0;
    if (text[first] == '0' && text != "0") return {};
    return number;
}

bool parse_text(std::string_view text, Rows& rows) {
    std::string& out = rows.texts();
    const std::size_t before = out.size();
    std::size_t start = 0;
    for (std::size_t at = text.find_first_of("\\\r\0", 0, 3); at != std::string_view::npos;
         at = text.find_first_of("\\\r\0", start, 3)) {
        if (text[at] != '\\' || at + 1 == text.size()) return false;
        const char letter = text[at + 1];
        const auto* escape = std::begin(escapes);
        while (escape != std::end(escapes) && escape->letter != letter) ++escape;
        if (escape == std::end(escapes)) return false;
        out.append(text, start, at - start);
        out += escape->byte;
        start = at + 2;
    }
    out.append(text, start);
    rows.end_text(out.size() - before);
    return true;
}

bool parse_value(std::string_view text, Type type, Rows& rows) {
    if (text == null_text) {
        rows.add(nullptr);
        return true;
    }
    if (type == Type::text) return parse_text(text, rows);
    const auto number = parse_canonical(text);
    if (!number) return false;
    if (type == Type::time) {
        rows.add(base::from_microseconds(*number));
    } else {
        rows.add(*number);
    }
    return true;
}

// Cuts " NAME=VALUE" off the front of `rest`.
std::optional<std::string_view> cut_field(std::string_view& rest, std::string_view name) {
    if (!rest.starts_with(' ')) return {};
    rest.remove_prefix(1);
    if (!rest.starts_with(name) || rest.substr(name.size(), 1) != "=") return {};
    rest.remove_prefix(name.size() + 1);
    const std::string_view value = rest.substr(0, rest.find(' '));
    rest.remove_prefix(value.size());
    return value;
}

std::string table_names() {
    std::string names;
    for (const Table& table : tables()) names += (names.empty() ? "" : ",") + std::string(table.name);
    return names;
}

}  // namespace

void Rows::add(const db::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        cells_.emplace_back(*integer);
    } else if (const auto* time = std::get_if<base::Timestamp>(&value)) {
        cells_.emplace_back(*time);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        add_text(*text);
    } else {
        cells_.emplace_back(nullptr);
    }
}

void Rows::clear() noexcept {
    cells_.clear();
    texts_.clear();
}

std::vector<db::Value> Rows::values() const {
    std::vector<db::Value> values;
    values.reserve(cells_.size());
    for (const auto& cell : cells_) {
        if (const auto* text = std::get_if<Text>(&cell)) {
            values.emplace_back(std::string_view(texts_).substr(text->offset, text->size));
        } else if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
            values.emplace_back(*integer);
        } else if (const auto* time = std::get_if<base::Timestamp>(&cell)) {
            values.emplace_back(*time);
        } else {
            values.emplace_back(nullptr);
        }
    }
    return values;
}

void append_header(std::string& out, const Header& header) {
    out += std::string(magic) + std::to_string(format_version) + " schema=" + std::to_string(header.schema) +
           " dialect=" + header.dialect + " made=" + header.made + " tables=" + table_names() + "\n";
}

void append_table(std::string& out, const Table& table) {
    out.append("table ").append(table.name);
    for (const Column& column : table.columns) out.append(" ").append(column.name).append(":").append(to_string(column.type));
    out += '\n';
}

void append_row(std::string& out, const Table& table, std::span<const db::Value> values) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i != 0) out += '\t';
        if (const auto* integer = std::get_if<std::int64_t>(&values[i])) {
            append_integer(out, *integer);
        } else if (const auto* time = std::get_if<base::Timestamp>(&values[i])) {
            append_integer(out, base::to_microseconds(*time));
        } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
            append_text(out, *text);
        } else {
            out += null_text;
        }
    }
    out += '\n';
}

void append_table_end(std::string& out, std::int64_t rows) {
    out += table_end;
    append_integer(out, rows);
    out += '\n';
}

void append_rows_line(std::string& out, std::int64_t rows, const std::string& checksum) {
    out += "rows " + std::to_string(rows) + " " + checksum + "\n";
}

void append_end(std::string& out, const std::string& checksum) { out += "end " + checksum + "\n"; }

std::optional<std::int64_t> parse_format_version(std::string_view line) {
    if (!line.starts_with(magic)) return {};
    line.remove_prefix(magic.size());
    return parse_canonical(line.substr(0, line.find(' ')));
}

std::optional<Header> parse_header(std::string_view line) {
    if (parse_format_version(line) != format_version) return {};
    std::string_view rest = line.substr(magic.size() + 1);  // behind the version, one digit
    const auto schema = cut_field(rest, "schema");
    const auto dialect = cut_field(rest, "dialect");
    const auto made = cut_field(rest, "made");
    if (!schema || !dialect || !made || !cut_field(rest, "tables") || !rest.empty()) return {};
    const auto version = parse_canonical(*schema);
    if (!version) return {};
    return Header{*version, std::string(*dialect), std::string(*made)};
}

bool parse_row(std::string_view line, const Table& table, Rows& rows) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const bool last = i + 1 == table.columns.size();
        const std::size_t end = line.find('\t');
        if (last != (end == std::string_view::npos)) return false;
        if (!parse_value(line.substr(0, end), table.columns[i].type, rows)) return false;
        if (!last) line.remove_prefix(end + 1);
    }
    return true;
}

std::optional<std::int64_t> parse_table_end(std::string_view line) {
    if (!line.starts_with(table_end)) return {};
    return parse_canonical(line.substr(table_end.size()));
}

}  // namespace app::archive
