// How a dump looks: a gzip stream of lines, to be read with zcat, the same on every database.
//
//     dewar-dump format=1 schema=1 dialect=sqlite made=2026-11-22T15:53:02.123Z tables=roles,users,posts
//     table roles id:integer name:text permissions:integer is_default:integer
//     1<TAB>User<TAB>7<TAB>1
//     \.<TAB>1
//     ...
//     rows 4711 SHA256
//     end SHA256
//
// The first line says what it is and where it comes from; all others depend on the rows alone. A table is its columns with their
// types, its rows in the order of its primary key, and their number. Values are separated by tabs, as in PostgreSQL's COPY: an
// integer in decimal, a time in microseconds since 1970, a text as its bytes with \\ \t \n \r and \0 for a backslash, a tab, a line
// feed, a carriage return and a NUL; NULL is \N. The line `rows` has the number of all rows and the SHA-256 of the lines between the
// first and itself: equal rows have equal sums, whichever database they lie in. The line `end` has the SHA-256 of all before it, and
// nothing follows it. There is one way to write a value, and only that is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/archive/tables.hpp"
#include "app/db/database.hpp"

namespace app::archive {

inline constexpr std::int64_t format_version = 1;
inline constexpr std::size_t line_bytes_max = 256 << 20;  // of a row; several times what the longest post needs

struct Header {
    std::int64_t schema = 0;
    std::string dialect;
    std::string made;  // when
};

// What a dump held, as whoever wrote or read it found it.
struct Summary {
    Header header;
    std::vector<std::pair<std::string_view, std::int64_t>> tables;  // with the number of their rows
    std::int64_t rows = 0;
    std::int64_t bytes = 0;  // compressed
    std::string rows_checksum;
    std::string checksum;
};

// Rows in memory, with their own copies of the texts.
class Rows {
   public:
    void add(const db::Value& value);
    void add_text(std::string_view text) { texts_.append(text), end_text(text.size()); }
    // For a text that comes in pieces: append them, then say how long it has become.
    std::string& texts() noexcept { return texts_; }
    void end_text(std::size_t size) { cells_.emplace_back(Text{texts_.size() - size, size}); }

    void clear() noexcept;
    bool empty() const noexcept { return cells_.empty(); }
    std::size_t values_count() const noexcept { return cells_.size(); }
    std::size_t bytes() const noexcept { return texts_.size(); }
    // Their texts are views, valid until something is added.
    std::vector<db::Value> values() const;

   private:
    struct Text {
        std::size_t offset = 0;
        std::size_t size = 0;
    };
    std::vector<std::variant<std::nullptr_t, std::int64_t, base::Timestamp, Text>> cells_;
    std::string texts_;
};

// The lines, each with its end, appended to `out`.
void append_header(std::string& out, const Header& header);
void append_table(std::string& out, const Table& table);
void append_row(std::string& out, const Table& table, std::span<const db::Value> values);
void append_table_end(std::string& out, std::int64_t rows);
void append_rows_line(std::string& out, std::int64_t rows, const std::string& checksum);
void append_end(std::string& out, const std::string& checksum);

// What stands in a line, without its end. Nothing, or false, for one that the functions above do not write.
std::optional<Header> parse_header(std::string_view line);
bool parse_row(std::string_view line, const Table& table, Rows& rows);  // appends; false may leave some values of the row there
std::optional<std::int64_t> parse_table_end(std::string_view line);

// The version of the format that a dump's first line names; nothing if it is none.
std::optional<std::int64_t> parse_format_version(std::string_view line);

}  // namespace app::archive
