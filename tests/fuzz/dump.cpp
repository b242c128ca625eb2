// DumpReader: any bytes are a dump or invalid, and what was read can be written again as the same lines. The input is the text of a
// dump, or what a file holds if it begins as a gzip stream.
#include <string>

#include "app/archive/reader.hpp"
#include "app/archive/writer.hpp"
#include "app/base/error.hpp"
#include "fuzz.hpp"

namespace {

std::string compressed(std::string_view text) {
    std::string bytes;
    app::archive::GzipWriter gzip([&](std::string_view piece) { bytes += piece; });
    gzip.write(text);
    gzip.finish();
    return bytes;
}

// Reads what it can; false when that was not all.
bool read_lines(const std::string& bytes, std::string& written, app::archive::Summary& summary) try {
    bool given = false;
    app::archive::DumpReader reader("input", [&](std::string& out) {
        if (!given) out += bytes;
        given = true;
    });
    app::archive::DumpWriter writer(reader.header(), [&](std::string_view piece) { written += piece; });
    for (const app::archive::Table& table : app::archive::tables()) {
        reader.begin_table(table);
        writer.begin_table(table);
        app::archive::Rows rows;
        while (reader.next_row(rows)) {
            fuzz::require(rows.values_count() == table.columns.size(), "a value per column");
            writer.add_row(rows.values());
            rows.clear();
        }
        writer.end_table();
    }
    summary = reader.finish();
    const app::archive::Summary again = writer.finish();
    fuzz::require(again.rows_checksum == summary.rows_checksum, "what was read is written as the same lines");
    return true;
} catch (const app::base::Error& error) {
    fuzz::require(error.code() == app::base::Code::invalid, "the file's fault");
    return false;
}

// One row, for the input will rarely have the sums of a whole dump.
void read_row(std::string_view line) {
    for (const app::archive::Table& table : app::archive::tables()) {
        app::archive::Rows rows;
        if (!app::archive::parse_row(line, table, rows)) continue;
        std::string again;
        app::archive::append_row(again, table, rows.values());
        fuzz::require(again == std::string(line) + "\n", "there is one way to write a row");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text(data, size);
    std::string written;
    app::archive::Summary summary;
    read_lines(input.starts_with("\x1f\x8b") ? std::string(input) : compressed(input), written, summary);
    read_row(input.substr(0, input.find('\n')));
    return 0;
}
