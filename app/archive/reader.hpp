// Reads a dump (format.hpp) as it comes, in bounded memory, and believes nothing: whoever has read it to its end without an error has
// got what was written.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "app/archive/format.hpp"
#include "app/archive/gzip.hpp"
#include "app/base/sha256.hpp"

namespace app::archive {

// For one thread. Each call throws invalid, in one line that begins with the name, for a dump that is cut off, damaged or of another
// shape, and what the source throws.
class DumpReader {
   public:
    // Reads the first line. `source` appends some bytes to what it is given, nothing at the end. Throws invalid also for what is no
    // dump, and for a newer format.
    DumpReader(std::string name, std::function<void(std::string&)> source);

    const Header& header() const noexcept { return summary_.header; }

    // For each of tables() in their order: begin_table, then next_row until it returns false. next_row appends a row to `rows`.
    void begin_table(const Table& table);
    bool next_row(Rows& rows);

    // Reads the end and compares the sums.
    const Summary& finish();

   private:
    std::string_view next_line();
    void require(bool holds, const std::string& reason) const;

    std::string name_;
    GzipReader gzip_;
    base::Sha256 rows_sum_;  // of the lines before the current one but for the first
    base::Sha256 sum_;       // of those before the current one
    std::string text_;       // what was read and not yet used up, from start_ on
    std::size_t start_ = 0;
    std::size_t line_size_ = 0;  // of the current line, which ends before start_
    std::int64_t line_number_ = 0;
    const Table* table_ = nullptr;
    std::int64_t table_rows_ = 0;
    Summary summary_;
};

// A source that reads the file at `path`. Throws unavailable with the system's reason if it cannot be read; only a regular file is
// one, for it is read more than once.
std::function<void(std::string&)> file_source(const std::string& path);

}  // namespace app::archive
