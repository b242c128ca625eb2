// The lines of a log of Dewar's, in either format (see app/base/log.hpp), and which of them somebody wants to see.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"

namespace manage {

enum class LogLevel { debug, info, warning, error };

// "warning"; nothing for other words.
std::optional<LogLevel> find_log_level(std::string_view name) noexcept;

struct LogLine {
    enum class Kind {
        entry,         // begins with a time and a level
        continuation,  // belongs to the entry before it: a crash report's lines, what another program wrote
        broken         // began as JSON and is none: a line that was cut
    };
    Kind kind = Kind::continuation;
    // Of an entry:
    std::string time;  // "2026-11-22T08:59:06.123Z": compares as text
    LogLevel level = LogLevel::info;
    std::string request_id;  // empty: it has none
};

// `line` is without its end, any bytes. Never throws, memory aside.
LogLine parse_log_line(std::string_view line);

// Which entries are wanted, line by line. A continuation is wanted as its entry is, or when there is none before it; a broken line
// always, for nobody knows what it was.
class LogFilter {
   public:
    struct Wanted {
        LogLevel level = LogLevel::debug;  // or graver
        std::string request_id = {};       // empty: any
        std::string since = {};            // a time as in LogLine, or later; empty: any
    };

    explicit LogFilter(Wanted wanted) : wanted_(std::move(wanted)) {}

    // To be asked once for each line, in their order.
    bool wants(const LogLine& line);

   private:
    Wanted wanted_;
    bool is_in_wanted_entry_ = true;
};

// The time that somebody means: "10m" ago (s, m, h, d), or from "2026-11-22", "2026-11-22T08:59", "2026-11-22T08:59:06Z" on, in UTC. As in
// LogLine; nothing for another text.
std::optional<std::string> parse_since(std::string_view text, app::base::Timestamp now);

}  // namespace manage
