#include "app/archive/writer.hpp"

#include "app/base/error.hpp"

namespace app::archive {

namespace {

constexpr std::size_t lines_bytes = 64 << 10;  // gathered before they are summed up and compressed

}  // namespace

DumpWriter::DumpWriter(Header header, std::function<void(std::string_view)> sink) : gzip_(std::move(sink)) {
    append_header(lines_, header);
    sum_.add(lines_);  // and not rows_sum_
    gzip_.write(lines_);
    lines_.clear();
    summary_.header = std::move(header);
}

void DumpWriter::begin_table(const Table& table) {
    table_ = &table;
    table_rows_ = 0;
    append_table(lines_, table);
}

void DumpWriter::add_row(std::span<const db::Value> values) {
    const std::size_t before = lines_.size();
    append_row(lines_, *table_, values);
    if (lines_.size() - before > line_bytes_max) {
        throw base::Error(base::Code::invalid, "a row of the table " + std::string(table_->name) + " is too long for a dump");
    }
    ++table_rows_;
    if (lines_.size() >= lines_bytes) flush();
}

void DumpWriter::end_table() {
    append_table_end(lines_, table_rows_);
    summary_.tables.emplace_back(table_->name, table_rows_);
    summary_.rows += table_rows_;
}

Summary DumpWriter::finish() {
    flush();
    summary_.rows_checksum = rows_sum_.hex();
    append_rows_line(lines_, summary_.rows, summary_.rows_checksum);
    flush();
    summary_.checksum = sum_.hex();
    append_end(lines_, summary_.checksum);
    flush();
    gzip_.finish();
    summary_.bytes = gzip_.bytes();
    return summary_;
}

void DumpWriter::flush() {
    rows_sum_.add(lines_);
    sum_.add(lines_);
    gzip_.write(lines_);
    lines_.clear();
}

}  // namespace app::archive
