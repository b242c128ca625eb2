#include "manage/log_lines.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "app/base/log.hpp"

using namespace manage;
using Kind = LogLine::Kind;

namespace {

// One line as the log itself writes it, without its end.
std::string logged(const std::string& format, const std::string& message, const std::string& request_id) {
    std::ostringstream stream;
    app::base::set_up_log({.level = "debug", .format = format, .stream = &stream});
    app::base::log_warning(message, request_id);
    app::base::set_up_log({});
    std::string line = stream.str();
    line.pop_back();
    return line;
}

std::string text_of(LogFilter::Wanted wanted, const std::string& lines) {
    LogFilter filter(std::move(wanted));
    std::istringstream in(lines);
    std::string kept;
    for (std::string line; std::getline(in, line);) {
        if (filter.wants(parse_log_line(line))) kept += line + "\n";
    }
    return kept;
}

constexpr const char* five_lines = "left over\n"
                                   "2026-11-22T08:00:00.000Z info GET / 200 body_bytes=1 duration_us=2 request_id=a-1 peer=::1\n"
                                   "2026-11-22T08:00:01.000Z error it broke request_id=a-2\n"
                                   "  at main\n"
                                   "2026-11-22T08:00:02.000Z warning slow request_id=a-2\n";

}  // namespace

TEST_CASE("what the log writes is read, in both formats") {
    for (const char* format : {"text", "json"}) {
        CAPTURE(format);
        const LogLine line = parse_log_line(logged(format, "a \"quoted\" request_id=forged thing", "ab-12"));
        CHECK(line.kind == Kind::entry);
        CHECK(line.level == LogLevel::warning);
        CHECK(line.request_id == "ab-12");
        CHECK(line.time.size() == 24);
        CHECK(line.time.ends_with("Z"));
    }
    CHECK(parse_log_line(logged("text", "no request", "")).request_id.empty());
}

TEST_CASE("the access line's request is found between its fields") {
    const LogLine line = parse_log_line(
        "2026-11-22T08:59:06.123Z info GET /a/b 200 body_bytes=12 duration_us=345 request_id=7f3a-1204 peer=127.0.0.1");
    CHECK(line.request_id == "7f3a-1204");
    CHECK(line.level == LogLevel::info);
    CHECK(line.time == "2026-11-22T08:59:06.123Z");
}

TEST_CASE("what begins with no time and level belongs to the line before") {
    for (const char* line :
         {"", "  at main.cpp:12", "Traceback", "2026-11-22 info x", "2026-11-22T08:59:06.123Z", "2026-11-22T08:59:06.123Z ",
          "2026-11-22T08:59:06.123Z loud x", "2026-11-22T08:59:06.123Zinfo x", "\xff\xfe"}) {
        CAPTURE(line);
        CHECK(parse_log_line(line).kind == Kind::continuation);
    }
}

TEST_CASE("JSON that was cut, or is no line of ours, is broken") {
    for (const char* line : {"{", "{}", "{\"time\":\"2026-11-22T08:59:06.123Z\",\"level\":\"info\",\"mess",
                             "{\"time\":7,\"level\":\"info\"}", "{\"time\":\"yesterday\",\"level\":\"info\"}"}) {
        CAPTURE(line);
        CHECK(parse_log_line(line).kind == Kind::broken);
    }
}

TEST_CASE("a filter keeps what is grave, late and of the request, each with what belongs to it") {
    CHECK(text_of({}, five_lines) == five_lines);
    CHECK(text_of({.level = LogLevel::error}, five_lines) ==
          "left over\n2026-11-22T08:00:01.000Z error it broke request_id=a-2\n  at main\n");
    CHECK(text_of({.request_id = "a-1"}, five_lines) ==
          "left over\n2026-11-22T08:00:00.000Z info GET / 200 body_bytes=1 duration_us=2 request_id=a-1 peer=::1\n");
    CHECK(text_of({.since = "2026-11-22T08:00:02.000Z"}, five_lines) ==
          "left over\n2026-11-22T08:00:02.000Z warning slow request_id=a-2\n");
    CHECK(text_of({.level = LogLevel::error, .request_id = "a-1"}, five_lines) == "left over\n");
}

TEST_CASE("a broken line passes every filter, and what follows an unwanted entry does not") {
    CHECK(text_of({.level = LogLevel::error}, "{\"time\":\"2026-11-22T08:59:06.123Z\",\"level\":\"info\"}\n more\n{\"ti\n") ==
          "{\"ti\n");
}

TEST_CASE("a time may be told as an age or as a date, and as nothing else") {
    const app::base::Timestamp now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(9)};
    CHECK(parse_since("90s", now) == "2026-11-22T08:58:30.000Z");
    CHECK(parse_since("10m", now) == "2026-11-22T08:50:00.000Z");
    CHECK(parse_since("2h", now) == "2026-11-22T07:00:00.000Z");
    CHECK(parse_since("3d", now) == "2026-11-19T09:00:00.000Z");
    CHECK(parse_since("2026-11-20", now) == "2026-11-20T00:00:00.000Z");
    CHECK(parse_since("2026-11-20T08:59", now) == "2026-11-20T08:59:00.000Z");
    CHECK(parse_since("2026-11-20T08:59:06Z", now) == "2026-11-20T08:59:06.000Z");
    CHECK(parse_since("2026-11-20T08:59:06.123Z", now) == "2026-11-20T08:59:06.123Z");
    for (const char* text : {"", "m", "-1h", "1.5h", "10", "10w", "yesterday", "2026-13-01", "2026-02-30", "2026-11-20T24:00",
                             "2026-11-20T08:61", "2026-11-20 08:59", "20261120", "99999999999999999d", "Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_since(text, now));
    }
}
