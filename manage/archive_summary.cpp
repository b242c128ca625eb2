#include "manage/archive_summary.hpp"

#include <map>

#include "app/web/json.hpp"

namespace manage {

std::string archive_summary(const std::string& verb, const std::string& file, const app::archive::Summary& summary,
                            const Stopwatch& stopwatch, bool as_json) {
    const std::int64_t elapsed_ms = stopwatch.elapsed_ms();
    const std::int64_t rows_per_second = stopwatch.per_second(summary.rows);
    if (!as_json) {
        return verb + " " + with_commas(summary.rows) + " rows of " + std::to_string(summary.tables.size()) + " tables, " + file +
               ", " + as_bytes(summary.bytes) + ", in " + as_duration(elapsed_ms) + " (" + with_commas(rows_per_second) +
               " rows/s)\nSHA-256 of the rows: " + summary.rows_checksum + "\n";
    }
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object()
        .field("bytes", summary.bytes)
        .field("checksum", summary.checksum)
        .field("dialect", summary.header.dialect)
        .field("elapsed_ms", elapsed_ms)
        .field("file", file)
        .field("made", summary.header.made)
        .field("rows", summary.rows)
        .field("rows_checksum", summary.rows_checksum)
        .field("rows_per_second", rows_per_second)
        .field("schema", summary.header.schema)
        .key("tables")
        .begin_object();
    for (const auto& [name, rows] : std::map(summary.tables.begin(), summary.tables.end())) json.field(name, rows);
    json.end_object().end_object();
    return text + "\n";
}

}  // namespace manage
