// parse_log_line: any bytes are an entry, a continuation or a broken line, and an entry's time is one.
#include "fuzz.hpp"
#include "manage/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using Kind = manage::LogLine::Kind;
    const std::string_view text = fuzz::text(data, size);
    const manage::LogLine line = manage::parse_log_line(text);
    fuzz::require((line.kind == Kind::entry) == !line.time.empty(), "an entry has a time, and nothing else has");
    fuzz::require(line.kind != Kind::broken || text.starts_with('{'), "what is broken began as JSON");
    const auto time = manage::parse_since(line.time, app::base::Timestamp{});
    fuzz::require(!time || *time == line.time, "a time that is valid is read as it is");
    manage::LogFilter filter({.level = manage::LogLevel::error});
    const bool is_grave = line.level == manage::LogLevel::error || line.kind != Kind::entry;
    fuzz::require(filter.wants(line) == is_grave, "what is no entry, or grave, is wanted");
    return 0;
}
