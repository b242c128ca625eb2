#include "app/base/log.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::base {
namespace {

// The logger's name is its format: kept where spdlog keeps the logger, so that there is no state beside it.
constexpr std::string_view text_name = "text";
constexpr std::string_view json_name = "json";

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v";
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

std::optional<spdlog::level::level_enum> find_level(std::string_view name) {
    if (name == "debug") return spdlog::level::debug;
    if (name == "info") return spdlog::level::info;
    if (name == "warning") return spdlog::level::warn;
    if (name == "error") return spdlog::level::err;
    return std::nullopt;
}

std::shared_ptr<spdlog::sinks::sink> make_sink(std::ostream* stream) {
    if (stream != nullptr) return std::make_shared<spdlog::sinks::ostream_sink_mt>(*stream, true);
    return std::make_shared<spdlog::sinks::stderr_color_sink_mt>();  // colours a terminal only
}

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

void append_escape(std::string& line, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    line.append("\\u00") += digits[byte >> 4];
    line += digits[byte & 15];
}

// Appends text that can end neither the line nor the JSON string around it: quotes and backslashes get a backslash, control
// characters become \u00XX (JSON's escape, used in both formats), and what is not UTF-8 becomes U+FFFD.
void append_escaped(std::string& line, std::string_view text, bool json) {
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        std::size_t taken = 1;
        if (byte < 0x20 || byte == 0x7F) {
            append_escape(line, byte);
        } else if (byte < 0x80) {
            if (byte == '\\' || (json && byte == '"')) line += '\\';
            line += text.front();
        } else if (const std::size_t bytes = character_bytes(text); bytes == 0) {
            line += "\uFFFD";
        } else {
            taken = bytes;
            const std::string_view character = text.substr(0, bytes);
            if (!is_unsafe(character)) {
                line += character;
            } else if (bytes == 2) {
                append_escape(line, static_cast<unsigned char>(character[1]));
            } else {
                line += character == "\u2028" ? "\\u2028" : "\\u2029";
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
        if (json_) line_ += '"';
        append_escaped(line_, value, json_);
        if (json_) line_ += '"';
        return *this;
    }

    Line& number(std::string_view name, std::int64_t value, bool named_in_text = true) {
        begin(name, named_in_text);
        line_ += std::to_string(value);
        return *this;
    }

    const std::string& str() const { return line_; }

   private:
    void begin(std::string_view name, bool named_in_text) {
        if (!line_.empty()) line_ += json_ ? ',' : ' ';
        if (json_) {
            line_.append("\"").append(name).append("\":");
        } else if (named_in_text) {
            line_.append(name).append("=");
        }
    }

    bool json_;
    std::string line_;
};

void log(spdlog::level::level_enum level, std::string_view message, std::string_view request_id) {
    spdlog::logger* const logger = spdlog::default_logger_raw();
    if (!logger->should_log(level)) return;
    Line line{logger->name() == json_name};
    line.text("message", message, false);
    if (!request_id.empty()) line.text("request_id", request_id);
    logger->log(level, line.str());
}

}  // namespace

void set_up_log(const LogOptions& options) {
    const auto level = find_level(options.level);
    if (!level) throw Error(Code::invalid, "the log level must be debug, info, warning or error, not \"" + options.level + "\"");
    const bool json = options.format == json_name;
    if (!json && options.format != text_name) {
        throw Error(Code::invalid, "the log format must be text or json, not \"" + options.format + "\"");
    }
    auto logger = std::make_shared<spdlog::logger>(options.format, make_sink(options.stream));
    logger->set_level(*level);
    logger->set_pattern(json ? json_pattern : text_pattern, spdlog::pattern_time_type::utc);
    spdlog::set_default_logger(std::move(logger));
}

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
