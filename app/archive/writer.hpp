// Writes a dump (format.hpp) as it comes, in bounded memory.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "app/archive/format.hpp"
#include "app/archive/gzip.hpp"
#include "app/base/sha256.hpp"

namespace app::archive {

// For one thread. All of tables() must be written, in their order: begin_table, add_row for each row, end_table.
class DumpWriter {
   public:
    // `sink` gets the bytes of the dump as they come; what it throws comes through.
    DumpWriter(Header header, std::function<void(std::string_view)> sink);

    void begin_table(const Table& table);
    // A value per column. Throws invalid for a row that is longer than a reader takes.
    void add_row(std::span<const db::Value> values);
    void end_table();

    // To be called once, at the end.
    Summary finish();

   private:
    void flush();

    GzipWriter gzip_;
    base::Sha256 rows_sum_;
    base::Sha256 sum_;
    std::string lines_;  // not yet added to the sums and the stream
    const Table* table_ = nullptr;
    std::int64_t table_rows_ = 0;
    Summary summary_;
};

}  // namespace app::archive
