#include "app/base/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "app/base/clock.hpp"
#include "app/base/error.hpp"
#include "app/base/log_writer.hpp"
#include "app/base/text.hpp"

namespace app::base {
namespace {

// The logger's name is its format: kept where spdlog keeps the logger, so that there is no state beside it.
constexpr std::string_view text_name = "text";
constexpr std::string_view json_name = "json";

using Buffer = spdlog::memory_buf_t;  // short lines need no memory of the heap

void append(Buffer& buffer, std::string_view text) { buffer.append(text.data(), text.data() + text.size()); }

std::optional<spdlog::level::level_enum> find_level(std::string_view name) {
    if (name == "debug") return spdlog::level::debug;
    if (name == "info") return spdlog::level::info;
    if (name == "warning") return spdlog::level::warn;
    if (name == "error") return spdlog::level::err;
    return std::nullopt;
}

// Time and level before a line's fields. With spdlog's own patterns a line takes a third longer.
class LineFormatter final : public spdlog::formatter {
   public:
    explicit LineFormatter(bool json) : json_(json) {}

    void format(const spdlog::details::log_msg& message, Buffer& line) override {
        append(line, json_ ? "{\"time\":\"" : "");
        append_time(line, message.time);
        append(line, json_ ? "\",\"level\":\"" : " ");
        message.color_range_start = line.size();
        const auto level = spdlog::level::to_string_view(message.level);
        append(line, {level.data(), level.size()});
        message.color_range_end = line.size();
        append(line, json_ ? "\"," : " ");
        append(line, {message.payload.data(), message.payload.size()});
        append(line, json_ ? "}\n" : "\n");
    }

    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(json_); }

   private:
    // "2026-11-22T08:59:06." is made once a second.
    void append_time(Buffer& line, std::chrono::system_clock::time_point time) {
        const auto second = std::chrono::floor<std::chrono::seconds>(time);
        if (second != second_ || second_text_.empty()) {
            second_ = second;
            second_text_ = rfc3339(Timestamp{second}).substr(0, 20);
        }
        const auto millisecond = std::chrono::duration_cast<std::chrono::milliseconds>(time - second).count();
        const char digits[] = {static_cast<char>('0' + millisecond / 100), static_cast<char>('0' + millisecond / 10 % 10),
                               static_cast<char>('0' + millisecond % 10), 'Z'};
        append(line, second_text_);
        append(line, {digits, sizeof digits});
    }

    const bool json_;
    std::chrono::sys_seconds second_{};
    std::string second_text_;
};

// How many bytes the UTF-8 character at the start of `text` has; 0 when there is none.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes) {
        if (is_utf8(text.substr(0, bytes))) return bytes;
    }
    return 0;
}

// C1 controls (a terminal may obey them) and the two separators that some readers take for a line's end.
bool is_unsafe(std::string_view character) {
    if (character.size() == 2) return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
    return character == "\u2028" || character == "\u2029";
}

void append_escape(Buffer& line, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    append(line, "\\u00");
    line.push_back(digits[byte >> 4]);
    line.push_back(digits[byte & 15]);
}

bool is_plain(char c, bool json) { return c >= 0x20 && c < 0x7F && c != '\\' && !(json && c == '"'); }

// Appends text that can end neither the line nor the JSON string around it: quotes and backslashes get a backslash, control
// characters become \u00XX (JSON's escape, used in both formats), and what is not UTF-8 becomes U+FFFD.
void append_escaped(Buffer& line, std::string_view text, bool json) {
    while (!text.empty()) {
        std::size_t taken = 0;
        while (taken < text.size() && is_plain(text[taken], json)) ++taken;
        append(line, text.substr(0, taken));
        text.remove_prefix(taken);
        if (text.empty()) return;
        const auto byte = static_cast<unsigned char>(text.front());
        taken = 1;
        if (byte < 0x20 || byte == 0x7F) {
            append_escape(line, byte);
        } else if (byte < 0x80) {
            line.push_back('\\');
            line.push_back(text.front());
        } else if (const std::size_t bytes = character_bytes(text); bytes == 0) {
            append(line, "\uFFFD");
        } else {
            taken = bytes;
            const std::string_view character = text.substr(0, bytes);
            if (!is_unsafe(character)) {
                append(line, character);
            } else if (bytes == 2) {
                append_escape(line, static_cast<unsigned char>(character[1]));
            } else {
                append(line, character == "\u2028" ? "\\u2028" : "\\u2029");
            }
        }
        text.remove_prefix(taken);
    }
}

// One line's fields, in either format: `GET /posts/ 200 status=...` or `"method":"GET",...`.
class Line {
   public:
    explicit Line(bool json) : json_(json) {}

    Line& text(std::string_view name, std::string_view value, bool named_in_text = true) {
        begin(name, named_in_text);
        if (json_) line_.push_back('"');
        append_escaped(line_, value, json_);
        if (json_) line_.push_back('"');
        return *this;
    }

    Line& number(std::string_view name, std::int64_t value, bool named_in_text = true) {
        begin(name, named_in_text);
        char digits[20];
        append(line_, {digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
        return *this;
    }

    spdlog::string_view_t str() const { return {line_.data(), line_.size()}; }

   private:
    void begin(std::string_view name, bool named_in_text) {
        if (line_.size() > 0) line_.push_back(json_ ? ',' : ' ');
        if (json_) {
            line_.push_back('"');
            append(line_, name);
            append(line_, "\":");
        } else if (named_in_text) {
            append(line_, name);
            line_.push_back('=');
        }
    }

    bool json_;
    Buffer line_;
};

// What a program writes for other programs goes through a LogWriter.
class WriterSink final : public spdlog::sinks::sink {
   public:
    WriterSink(const std::string& path, bool json)
        : formatter_(std::make_unique<LineFormatter>(json)), writer_(path, [this, json](const std::string& what) {
              Line line{json};
              line.text("message", what, false);
              log({spdlog::string_view_t{}, spdlog::level::warn, line.str()});
          }) {}

    void log(const spdlog::details::log_msg& message) override {
        const std::lock_guard lock(mutex_);
        line_.clear();
        formatter_->format(message, line_);
        writer_.append({line_.data(), line_.size()});
    }
    void flush() override { writer_.flush(); }
    void set_pattern(const std::string& pattern) override {
        set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    }
    void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
        const std::lock_guard lock(mutex_);
        formatter_ = std::move(formatter);
    }
    void reopen() { writer_.reopen(); }

   private:
    std::mutex mutex_;
    std::unique_ptr<spdlog::formatter> formatter_;
    Buffer line_;
    LogWriter writer_;
};

// Stands among the sinks, so that the one who watches is kept where the log is; it writes nothing.
class ErrorWatch final : public spdlog::sinks::sink {
   public:
    void log(const spdlog::details::log_msg&) override {}
    void flush() override {}
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

    void set(std::function<void(std::string_view, std::string_view)> watcher) {
        const std::lock_guard lock(mutex_);
        watcher_ = std::move(watcher);
    }
    void tell(std::string_view message, std::string_view request_id) {
        const std::lock_guard lock(mutex_);
        if (watcher_) watcher_(message, request_id);
    }

   private:
    std::mutex mutex_;
    std::function<void(std::string_view, std::string_view)> watcher_;
};

ErrorWatch* find_error_watch(const spdlog::logger& logger) {
    for (const auto& sink : logger.sinks()) {
        if (auto* watch = dynamic_cast<ErrorWatch*>(sink.get())) return watch;
    }
    return nullptr;
}

std::shared_ptr<spdlog::sinks::sink> make_sink(const LogOptions& options, bool json) {
    if (options.stream != nullptr) return std::make_shared<spdlog::sinks::ostream_sink_mt>(*options.stream, true);
    if (options.file.empty() && ::isatty(STDERR_FILENO) == 1) return std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    return std::make_shared<WriterSink>(options.file, json);
}

void log(spdlog::level::level_enum level, std::string_view message, std::string_view request_id) {
    spdlog::logger* const logger = spdlog::default_logger_raw();
    if (!logger->should_log(level)) return;
    Line line{logger->name() == json_name};
    line.text("message", message, false);
    if (!request_id.empty()) line.text("request_id", request_id);
    logger->log(level, line.str());
    if (level != spdlog::level::err) return;
    if (ErrorWatch* const watch = find_error_watch(*logger)) watch->tell(message, request_id);
}

}  // namespace

void set_up_log(const LogOptions& options) {
    const auto level = find_level(options.level);
    if (!level) throw Error(Code::invalid, "the log level must be debug, info, warning or error, not \"" + options.level + "\"");
    const bool json = options.format == json_name;
    if (!json && options.format != text_name) {
        throw Error(Code::invalid, "the log format must be text or json, not \"" + options.format + "\"");
    }
    auto logger = std::make_shared<spdlog::logger>(
        options.format, spdlog::sinks_init_list{make_sink(options, json), std::make_shared<ErrorWatch>()});
    logger->set_level(*level);
    logger->flush_on(spdlog::level::err);
    logger->set_formatter(std::make_unique<LineFormatter>(json));
    spdlog::set_default_logger(std::move(logger));
}

void reopen_log() {
    for (const auto& sink : spdlog::default_logger_raw()->sinks()) {
        try {
            if (auto* writer = dynamic_cast<WriterSink*>(sink.get())) writer->reopen();
        } catch (const Error& error) {
            log_error(error.message() + "; the old one stays in use");
        }
    }
}

void watch_errors(std::function<void(std::string_view message, std::string_view request_id)> watcher) {
    if (ErrorWatch* const watch = find_error_watch(*spdlog::default_logger_raw())) watch->set(std::move(watcher));
}

void flush_log() { spdlog::default_logger_raw()->flush(); }

void log_access(const AccessEntry& entry) {
    spdlog::logger* const logger = spdlog::default_logger_raw();
    if (!logger->should_log(spdlog::level::info)) return;
    Line line{logger->name() == json_name};
    line.text("method", entry.method, false).text("path", entry.path, false).number("status", entry.status, false);
    line.number("body_bytes", entry.body_bytes).number("duration_us", entry.duration_us);
    line.text("request_id", entry.request_id).text("peer", entry.peer);
    logger->log(spdlog::level::info, line.str());
}

void log_debug(std::string_view message, std::string_view request_id) { log(spdlog::level::debug, message, request_id); }
void log_info(std::string_view message, std::string_view request_id) { log(spdlog::level::info, message, request_id); }
void log_warning(std::string_view message, std::string_view request_id) { log(spdlog::level::warn, message, request_id); }
void log_error(std::string_view message, std::string_view request_id) { log(spdlog::level::err, message, request_id); }

}  // namespace app::base
