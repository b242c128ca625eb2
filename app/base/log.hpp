// The log: one line per event on standard error, as text for people or as JSON for machines. Control characters in logged text
// are escaped, so that no request can forge a line. The process has one log and spdlog keeps it in its registry: the one
// exception to "no global state", so that an error can be told from anywhere. Secrets do not belong in here.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace app::base {

struct LogOptions {
    std::string level = "info";      // the least that is written: debug, info, warning or error
    std::string format = "text";     // text (coloured on a terminal), or json (one object per line)
    std::ostream* stream = nullptr;  // where to; nullptr: standard error. Must outlive the log or the next set_up_log
};

// Replaces the process's log. To be called before threads that log are started; until then lines of level info and above go to
// standard output as spdlog pleases. Throws invalid for a level or a format of another name.
void set_up_log(const LogOptions& options);

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

// Any thread. They do not throw, memory aside: when the stream fails, spdlog says so on standard error and the line is lost.
void log_access(const AccessEntry& entry);  // level info
void log_debug(std::string_view message, std::string_view request_id = {});
void log_info(std::string_view message, std::string_view request_id = {});
void log_warning(std::string_view message, std::string_view request_id = {});
void log_error(std::string_view message, std::string_view request_id = {});

}  // namespace app::base
