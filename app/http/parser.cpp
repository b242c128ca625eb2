#include "app/http/parser.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "app/base/text.hpp"
#include "app/http/characters.hpp"
#include "app/web/method.hpp"

namespace app::http {
namespace {

using base::equal_ignoring_case;

// One head, all of whose bytes are there. The functions return false after refusing.
class HeadParser {
   public:
    HeadParser(std::string_view bytes, const Limits& limits, Head& head, Refusal& refusal)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()), limits_(limits), head_(head), refusal_(refusal) {}

    bool parse() { return parse_request_line() && parse_fields() && check_host() && check_body() && check_expectations(); }

   private:
    bool refuse(int status, const char* reason) {
        refusal_ = {status, reason};
        return false;
    }

    bool parse_request_line();
    bool parse_target(std::string_view target);
    bool parse_absolute_target(std::string_view target);
    bool parse_version(std::string_view version);

    bool parse_fields();
    bool parse_field();
    bool note_field(const web::Header& field);
    bool note_content_length(std::string_view value);
    void note_connection(std::string_view value);

    bool check_host();
    bool check_body();
    bool check_expectations();

    const char* at_;
    const char* const end_;  // behind the empty line; the two CRLF before it stop every scan
    const Limits& limits_;
    Head& head_;
    Refusal& refusal_;

    std::string_view authority_;          // of an absolute-form target
    std::optional<std::size_t> host_;     // where in the headers
    std::optional<std::int64_t> length_;  // Content-Length
    std::size_t transfer_encodings_ = 0;  // how many such fields
    bool is_chunked_ = false;             // the last of them says so
    bool says_close_ = false;
    bool says_keep_alive_ = false;
    bool says_continue_ = false;
    bool expects_else_ = false;
};

bool HeadParser::parse_request_line() {
    const char* const method_end = skip(character_classes::token, at_, end_);
    if (method_end == at_ || *method_end != ' ')
        return refuse(400, "the request line does not begin with a method and one space");
    const char* const target = method_end + 1;
    const char* const target_end = skip(character_classes::target, target, end_);
    if (target_end == target || *target_end != ' ')
        return refuse(400, "the request target is empty, holds a character that it must not, or no single space follows it");
    const char* const line_end = find_control(target_end + 1, end_);
    if (line_end[0] != '\r' || line_end[1] != '\n') return refuse(400, "a control character in the request line");
    head_.method = {at_, method_end};
    if (!parse_version({target_end + 1, line_end})) return false;
    at_ = line_end + 2;

    if (!web::find_method(head_.method)) return refuse(501, "this server does not know the method");
    return parse_target({target, target_end});
}

bool HeadParser::parse_version(std::string_view version) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
        !is_digit(version[7]))
        return refuse(400, "the request line does not end with an HTTP version");
    if (version[5] != '1' || version[7] > '1') return refuse(505, "this server speaks HTTP/1.1 and HTTP/1.0");
    head_.minor_version = version[7] - '0';
    return true;
}

bool HeadParser::parse_target(std::string_view target) {
    if (target.size() > limits_.target_bytes_max) return refuse(414, "the request target is too long");
    head_.target = target;
    if (target.front() == '/') return true;
    if (target == "*") return head_.method == "OPTIONS" || refuse(400, "only OPTIONS may ask for *");
    return parse_absolute_target(target);
}

// host[:port] as it stands in Host and in an absolute target: a DNS name (RFC 1123; '_' and '~' as RFC 3986 allows them), an IPv4 or
// a bracketed IPv6 address. RFC 3986's escapes and sub-delimiters are refused: no name has them, and a ',' would be two hosts.
bool is_authority(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    if (text.starts_with('[')) {
        char address[INET6_ADDRSTRLEN] = {};
        const auto close = text.find(']');
        if (close == std::string_view::npos || close - 1 >= sizeof address) return false;
        text.copy(address, close - 1, 1);
        in6_addr parsed;
        // An embedded NUL would hide the rest of the address; neither Host nor target can hold one.
        if (::inet_pton(AF_INET6, address, &parsed) != 1) return false;
        at += close + 1;
    } else {
        at = skip(character_classes::host, at, end);
        if (at == text.data() || at - text.data() > 255) return false;
    }
    if (at == end) return true;
    if (*at != ':') return false;
    if (++at == end) return true;  // the port may be empty
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(at, end, port);
    return error == std::errc{} && stop == end;
}

// http://host/path?query -> /path?query (RFC 9112 section 3.2.2)
bool HeadParser::parse_absolute_target(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const auto path = std::min(target.find_first_of("/?", scheme.size()), target.size());
        authority_ = target.substr(scheme.size(), path - scheme.size());
        if (!is_authority(authority_)) return refuse(400, "the request target's host is not valid");
        head_.target = target.substr(path);
        // RFC 9112 section 3.2.4: an OPTIONS without path is for the server as a whole.
        if (head_.target.empty()) head_.target = head_.method == "OPTIONS" ? "*" : "/";
        return head_.target.front() != '?' || refuse(400, "the request target has a query and no path");
    }
    return refuse(400, "the request target is neither a path nor an http URL");
}

bool HeadParser::parse_fields() {
    while (*at_ != '\r') {
        if (head_.headers.size() == limits_.fields_max) return refuse(431, "too many header fields");
        if (!parse_field()) return false;
    }
    // The end was found by its four bytes: a '\r' here that does not begin it stands alone.
    return end_ - at_ == 2 || refuse(400, "a carriage return without a line feed");
}

bool HeadParser::parse_field() {
    const char* const name = at_;
    at_ = skip(character_classes::token, at_, end_);
    if (at_ == name) return refuse(400, "a header line begins with a blank or has no name");
    if (*at_ != ':') return refuse(400, "a header's name holds a character that it must not, or no colon follows it");
    const char* const name_end = at_++;
    while (*at_ == ' ' || *at_ == '\t') ++at_;
    const char* const value = at_;
    at_ = find_control(at_, end_);
    if (at_[0] != '\r' || at_[1] != '\n') return refuse(400, "a control character in a header's value");
    const char* value_end = at_;
    while (value_end != value && (value_end[-1] == ' ' || value_end[-1] == '\t')) --value_end;
    at_ += 2;
    return note_field(head_.headers.emplace_back(web::Header{{name, name_end}, {value, value_end}}));
}

// The fields that decide where a request ends and what becomes of its connection; told apart by length first.
bool HeadParser::note_field(const web::Header& field) {
    switch (field.name.size()) {
        case 4:
            if (!equal_ignoring_case(field.name, "Host")) return true;
            if (host_) return refuse(400, "more than one Host");
            host_ = head_.headers.size() - 1;
            return is_authority(field.value) || refuse(400, "the Host is not valid");
        case 6:
            if (!equal_ignoring_case(field.name, "Expect")) return true;
            (equal_ignoring_case(field.value, "100-continue") ? says_continue_ : expects_else_) = true;
            return true;
        case 10:
            if (equal_ignoring_case(field.name, "Connection")) note_connection(field.value);
            return true;
        case 12:
            if (!equal_ignoring_case(field.name, "Content-Type")) return true;
            head_.body_bytes_max = std::min(head_.body_bytes_max, limits_.body_bytes_max_of(field.value));
            return true;
        case 14: return !equal_ignoring_case(field.name, "Content-Length") || note_content_length(field.value);
        case 17:
            if (!equal_ignoring_case(field.name, "Transfer-Encoding")) return true;
            ++transfer_encodings_;
            is_chunked_ = equal_ignoring_case(field.value, "chunked");
            return true;
        default: return true;
    }
}

bool HeadParser::note_content_length(std::string_view value) {
    if (length_) return refuse(400, "more than one Content-Length");
    std::int64_t length = 0;
    const char* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, length);
    if (error != std::errc{} || stop != end || value.front() == '-')
        return refuse(400, "the Content-Length is no number of bytes");
    length_ = length;
    return true;
}

void HeadParser::note_connection(std::string_view value) {
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        const std::string_view option = trim_blanks(value.substr(0, comma));
        if (equal_ignoring_case(option, "close")) says_close_ = true;
        if (equal_ignoring_case(option, "keep-alive")) says_keep_alive_ = true;
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

bool HeadParser::check_host() {
    if (!host_ && head_.minor_version > 0) return refuse(400, "no Host");
    if (authority_.empty()) return true;
    // RFC 9112 section 3.2.2: the absolute target's host is the one that counts.
    if (host_) {
        head_.headers[*host_].value = authority_;
    } else {
        head_.headers.push_back({"Host", authority_});
    }
    return true;
}

// RFC 9112 sections 6.1 and 6.3. Whatever two servers might read in two ways is refused.
bool HeadParser::check_body() {
    head_.keep_alive = !says_close_ && (head_.minor_version > 0 || says_keep_alive_);
    if (transfer_encodings_ > 0) {
        if (length_) return refuse(400, "both Content-Length and Transfer-Encoding");
        if (head_.minor_version == 0) return refuse(400, "a Transfer-Encoding in HTTP/1.0");
        if (transfer_encodings_ > 1 || !is_chunked_) return refuse(501, "this server knows no transfer coding but chunked, once");
        head_.framing = Framing::chunked;
    } else if (length_) {
        if (*length_ > head_.body_bytes_max) return refuse(413, "the body is too large");
        head_.framing = Framing::length;
        head_.content_length = *length_;
    }
    return true;
}

bool HeadParser::check_expectations() {
    if (expects_else_) return refuse(417, "this server meets no expectation but 100-continue");
    const bool has_body = head_.framing == Framing::chunked || head_.content_length > 0;
    head_.expects_continue = says_continue_ && has_body && head_.minor_version > 0;
    return true;
}

// What a request line has beside its target: "OPTIONS", two blanks, "HTTP/1.1" and the line's end.
constexpr std::size_t request_line_rest_bytes_max = 19;
constexpr int empty_lines_max = 2;

// Where in `buffer` the request line begins.
std::size_t skip_empty_lines(std::string_view buffer) {
    std::size_t start = 0;
    while (start < std::size_t{2} * empty_lines_max && buffer.substr(start).starts_with("\r\n")) start += 2;
    return start;
}

// Looks for the end of the head in what is new since `searched`. A line feed without its carriage return is refused at once: the
// client may wait for an answer to what it takes for a whole request.
Parsed find_end(std::string_view buffer, std::size_t start, std::size_t& searched, const Limits& limits, std::size_t& end,
                Refusal& refusal) {
    const std::size_t line_deadline =
        std::min(start + limits.target_bytes_max + request_line_rest_bytes_max, limits.head_bytes_max);
    if (searched < line_deadline && buffer.size() >= line_deadline &&
        buffer.substr(0, line_deadline).find('\n', start) == std::string_view::npos) {
        refusal = {414, "the request line is too long"};
        return Parsed::refused;
    }
    const std::string_view allowed = buffer.substr(0, limits.head_bytes_max);
    std::size_t at = std::max(searched, start);
    for (;;) {
        at = allowed.find('\n', at);
        if (at == std::string_view::npos) break;
        if (at == start || allowed[at - 1] != '\r') {
            refusal = {400, "a line feed without a carriage return"};
            return Parsed::refused;
        }
        if (at >= start + 3 && allowed[at - 2] == '\n') {
            end = at + 1;
            return Parsed::complete;
        }
        ++at;
    }
    if (buffer.size() >= limits.head_bytes_max) {
        refusal = {431, "the request's head is too large"};
        return Parsed::refused;
    }
    searched = buffer.size();
    return Parsed::incomplete;
}

}  // namespace

void Head::clear() {
    std::vector<web::Header> kept = std::move(headers);
    kept.clear();
    *this = Head{};
    headers = std::move(kept);
}

Parsed parse_head(std::string_view buffer, std::size_t& searched, const Limits& limits, Head& head, Refusal& refusal) {
    const std::size_t start = skip_empty_lines(buffer);
    const std::string_view request = buffer.substr(start);
    if (request.empty() || request == "\r") return Parsed::incomplete;
    // Refused by its first byte: a third empty line, TLS on a port without it, and whatever else is no HTTP.
    if (!is_in(character_classes::token, request.front())) {
        refusal = {400, "the request line does not begin with a method"};
        return Parsed::refused;
    }
    std::size_t end = 0;
    const Parsed found = find_end(buffer, start, searched, limits, end, refusal);
    if (found != Parsed::complete) return found;
    head.clear();
    head.bytes = end;
    head.body_bytes_max = limits.body_bytes_max;
    return HeadParser{buffer.substr(start, end - start), limits, head, refusal}.parse() ? Parsed::complete : Parsed::refused;
}

}  // namespace app::http
