// parse_head: how bytes arrive does not matter, a prefix is never more complete than the whole, and what was accepted can be written
// out and read again as the same head.
#include <string>

#include "app/http/parser.hpp"
#include "app/web/method.hpp"
#include "fuzz.hpp"

namespace {

using app::http::Head;
using app::http::Limits;
using app::http::Parsed;
using app::http::Refusal;
using fuzz::require;

constexpr Limits limits{.head_bytes_max = 2048, .fields_max = 20, .target_bytes_max = 256};

struct Verdict {
    Parsed parsed = Parsed::incomplete;
    Refusal refusal;
    Head head;
};

Verdict parse(std::string_view bytes) {
    Verdict verdict;
    std::size_t searched = 0;
    verdict.parsed = parse_head(bytes, searched, limits, verdict.head, verdict.refusal);
    return verdict;
}

void check_same(const Verdict& one, const Verdict& other) {
    require(one.parsed == other.parsed, "the verdict is the same");
    require(one.refusal.status == other.refusal.status, "the status is the same");
    if (one.parsed != Parsed::complete) return;
    require(one.head.target == other.head.target && one.head.method == other.head.method, "the request line is the same");
    require(one.head.headers.size() == other.head.headers.size(), "the fields are the same");
    require(one.head.framing == other.head.framing && one.head.content_length == other.head.content_length,
            "the body is the same");
    require(one.head.keep_alive == other.head.keep_alive, "the connection is the same");
}

void check_dribbled(std::string_view bytes, const Verdict& whole) {
    Verdict verdict;
    std::size_t searched = 0;
    for (std::size_t size = 1; size <= bytes.size() && verdict.parsed == Parsed::incomplete; ++size)
        verdict.parsed = parse_head(bytes.substr(0, size), searched, limits, verdict.head, verdict.refusal);
    check_same(whole, verdict);
    if (whole.parsed == Parsed::complete) require(verdict.head.bytes == whole.head.bytes, "the head's size is the same");
}

void check_accepted(const Head& head, std::string_view bytes) {
    require(head.bytes <= bytes.size() && head.bytes <= limits.head_bytes_max, "the head lies within the bytes and the limit");
    require(bytes.substr(0, head.bytes).ends_with("\r\n\r\n"), "the head ends with an empty line");
    require(app::web::find_method(head.method).has_value(), "the method is known");
    require(head.target.starts_with('/') || (head.target == "*" && head.method == "OPTIONS"), "the target is a path or *");
    require(head.content_length >= 0 && head.content_length <= limits.body_bytes_max, "the length is within the limit");
    std::string again =
        std::string{head.method} + " " + std::string{head.target} + " HTTP/1." + (head.minor_version ? "1" : "0") + "\r\n";
    for (const auto& [name, value] : head.headers) {
        require(value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos,
                "no value holds a line's end or NUL");
        again.append(name).append(": ").append(value).append("\r\n");
    }
    again += "\r\n";
    // Written with ": ", and with a Host where an absolute target had it, it may have outgrown its limits.
    const Verdict verdict = parse(again);
    if (verdict.refusal.status != 431) check_same({Parsed::complete, {}, head}, verdict);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text(data, size);
    const Verdict whole = parse(bytes);
    if (whole.parsed == Parsed::refused)
        require(whole.refusal.status >= 400 && whole.refusal.status <= 505 && *whole.refusal.reason,
                "a refusal has a status and a reason");
    if (whole.parsed == Parsed::complete) check_accepted(whole.head, bytes);
    if (size <= 4096) check_dribbled(bytes, whole);
    return 0;
}
