#include "app/base/log.hpp"

#include <doctest/doctest.h>

#include <iostream>
#include <sstream>
#include <string>

#include "app/base/error.hpp"

using namespace app::base;

namespace {

// The process's log into a stream, and back to standard error when the case is over.
class Capture {
   public:
    explicit Capture(std::string format, std::string level = "debug") {
        set_up_log({.level = std::move(level), .format = std::move(format), .stream = &stream_});
    }
    ~Capture() { set_up_log({.stream = &std::cerr}); }

    // What was written, each line without the time it begins with or holds.
    std::string text() const { return without_times(stream_.str()); }

   private:
    static std::string without_times(std::string text) {
        constexpr std::size_t time_bytes = std::string_view{"2026-11-22T08:59:06.123Z"}.size();
        for (std::size_t at = 0; (at = text.find('Z', at)) != std::string::npos;) {
            if (at + 1 < time_bytes || text[at - 4] != '.') {
                ++at;
                continue;
            }
            text.replace(at + 1 - time_bytes, time_bytes, "TIME");
            at = at + 1 - time_bytes + 4;
        }
        return text;
    }

    std::ostringstream stream_;
};

const AccessEntry entry{"GET", "/posts/1", 200, 1234, 567, "r1", "127.0.0.1"};

}  // namespace

TEST_CASE("a line of text has time, level, message and request") {
    const Capture log{"text"};
    log_info("started");
    log_warning("slow query", "r1");
    CHECK(log.text() == "TIME info started\nTIME warning slow query request_id=r1\n");
}

TEST_CASE("who watches errors is told of each as it was given, and of nothing else") {
    const Capture log{"json"};
    std::string told;
    watch_errors([&](std::string_view message, std::string_view request) { told.append(message).append(request).append(";"); });
    log_error("it said \"no\"\n", "r1");
    log_warning("careful");
    watch_errors({});
    log_error("again");
    CHECK(told == "it said \"no\"\nr1;");
}

TEST_CASE("a line of JSON is one object") {
    const Capture log{"json"};
    log_error("it said \"no\" \\ 你好", "r1");
    CHECK(log.text() == R"({"time":"TIME","level":"error","message":"it said \"no\" \\ 你好","request_id":"r1"})"
                        "\n");
}

TEST_CASE("an access line has what was asked and what was answered") {
    {
        const Capture log{"text"};
        log_access(entry);
        CHECK(log.text() == "TIME info GET /posts/1 200 body_bytes=1234 duration_us=567 request_id=r1 peer=127.0.0.1\n");
    }
    const Capture log{"json"};
    log_access(entry);
    CHECK(log.text() == R"({"time":"TIME","level":"info","method":"GET","path":"/posts/1","status":200,"body_bytes":1234,)"
                        R"("duration_us":567,"request_id":"r1","peer":"127.0.0.1"})"
                        "\n");
}

TEST_CASE("a request cannot forge a line") {
    for (const char* format : {"text", "json"}) {
        const Capture log{format};
        log_info("a\nb\r\x1B[31m\x7F\xC2\x85\u2028\xFF");
        const std::string text = log.text();
        CHECK(text.find('\n') == text.size() - 1);
        CHECK(text.find("a\\u000ab\\u000d\\u001b[31m\\u007f\\u0085\\u2028\uFFFD") != std::string::npos);
    }
}

TEST_CASE("braces in a message are no placeholders") {
    const Capture log{"text"};
    log_info("{} {0} %v");
    CHECK(log.text() == "TIME info {} {0} %v\n");
}

TEST_CASE("lines below the level are not written") {
    const Capture log{"text", "warning"};
    log_debug("a");
    log_info("b");
    log_access(entry);
    log_warning("c");
    CHECK(log.text() == "TIME warning c\n");
}

TEST_CASE("an unknown level or format is refused by name") {
    CHECK_THROWS_WITH_AS(set_up_log({.level = "loud"}), "the log level must be debug, info, warning or error, not \"loud\"",
                         Error);
    CHECK_THROWS_WITH_AS(set_up_log({.format = "xml"}), "the log format must be text or json, not \"xml\"", Error);
}
