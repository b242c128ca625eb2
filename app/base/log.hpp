// The log: one line per event on standard error or in a file, as text for people or as JSON for machines. A terminal shows each line
// at once; else a thread of the log's own writes them (log_writer.hpp): lines of level error at once, others at most about
// 100 ms later, and what is left when the process ends with exit. Control characters in logged text
// are escaped, so that no request can forge a line. The process has one log and spdlog keeps it in its registry: the one
// exception to "no global state", so that an error can be told from anywhere. Secrets do not belong in here.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace app::base {

struct LogOptions {
    std::string level = "info";      // the least that is written: debug, info, warning or error
    std::string format = "text";     // text (coloured on a terminal), or json (one object per line)
    std::ostream* stream = nullptr;  // where to, for tests; nullptr: the file. Must outlive the log or the next set_up_log
    std::string file = {};           // appended to, made if need be; empty: standard error
};

// Replaces the process's log. To be called before threads that log are started; until then lines of level info and above go to
// standard output as spdlog pleases. Throws invalid for a level or a format of another name, unavailable for a file that cannot
// be opened.
void set_up_log(const LogOptions& options);

// Opens the file anew after it was moved; one that cannot be opened is told in the log, which then stays where it is. Any thread.
void reopen_log();

// Writes what was logged so far. For those who end the process without exit. Any thread.
void flush_log();

// From now on `watcher` is told of every line of level error, unescaped, by the thread that logs it, until the next call or set_up_log:
// when that has returned, it is told nothing more. It neither throws nor waits, and does not log. Any thread.
void watch_errors(std::function<void(std::string_view message, std::string_view request_id)> watcher);

// One answered request. The views need live only during the call.
struct AccessEntry {
    std::string_view method;
    std::string_view path;  // as received, still encoded and without the query: queries carry tokens and addresses
    int status = 0;
    std::int64_t body_bytes = 0;
    std::int64_t duration_us = 0;
    std::string_view request_id;
    std::string_view peer;  // the client's address
};

// Any thread. They neither throw, memory aside, nor wait for the file: what cannot be written is said when it works again.
void log_access(const AccessEntry& entry);  // level info
void log_debug(std::string_view message, std::string_view request_id = {});
void log_info(std::string_view message, std::string_view request_id = {});
void log_warning(std::string_view message, std::string_view request_id = {});
void log_error(std::string_view message, std::string_view request_id = {});

}  // namespace app::base
