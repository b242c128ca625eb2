#include "app/http/writer.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/http/characters.hpp"
#include "app/web/status.hpp"

namespace app::http {
namespace {

using base::equal_ignoring_case;

// Fields that speak of the connection or are computed here: never the application's.
bool is_own_field(std::string_view name) {
    switch (name.size()) {
        case 2: return equal_ignoring_case(name, "TE");
        case 4: return equal_ignoring_case(name, "Date");
        case 7: return equal_ignoring_case(name, "Trailer") || equal_ignoring_case(name, "Upgrade");
        case 10: return equal_ignoring_case(name, "Connection") || equal_ignoring_case(name, "Keep-Alive");
        case 14: return equal_ignoring_case(name, "Content-Length");
        case 17: return equal_ignoring_case(name, "Transfer-Encoding");
        default: return false;
    }
}

// All of it before the first byte is written. The detail names a header, but never its value: that may be a secret.
void check(const web::Response& response) {
    if (response.status < 100 || response.status > 599)
        throw base::Error(base::Code::internal, "internal server error",
                          "a response's status is " + std::to_string(response.status));
    for (const auto& [name, value] : response.headers) {
        if (!is_token(name))
            throw base::Error(base::Code::internal, "internal server error", "a response header's name is no token");
        const char* const end = value.data() + value.size();
        if (find_control(value.data(), end) != end)
            throw base::Error(base::Code::internal, "internal server error",
                              "the response header " + name + " holds a control character");
    }
}

void append_number(std::string& out, std::int64_t number) {
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

// The length that the body would have had, had the request not been HEAD.
std::int64_t body_length(const web::Response& response, const WriteOptions& options) {
    if (options.head_only && response.body.empty()) {
        if (const auto told = response.header("Content-Length")) {
            const std::optional<std::int64_t> length = base::parse_integer(*told);
            if (length && *length >= 0) return *length;
        }
    }
    return static_cast<std::int64_t>(response.body.size());
}

}  // namespace

void append_response(std::string& out, const web::Response& response, const WriteOptions& options) {
    check(response);
    const int status = response.status;
    const bool may_have_body = status >= 200 && status != 204 && status != 304;  // RFC 9110 section 6.4.1

    out.append("HTTP/1.1 ");
    append_number(out, status);
    out.append(" ").append(web::reason_phrase(status)).append("\r\nDate: ").append(options.date).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (!is_own_field(name)) out.append(name).append(": ").append(value).append("\r\n");
    }
    if (may_have_body) {
        out.append("Content-Length: ");
        append_number(out, body_length(response, options));
        out.append("\r\n");
    }
    if (!options.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (options.minor_version == 0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
    if (may_have_body && !options.head_only) out.append(response.body);
}

}  // namespace app::http
