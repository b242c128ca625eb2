// parse_head against Debian's libhttp-parser, which many proxies were built on: it is laxer, so that whatever Dewar accepts it must
// accept too, and must see the same request in it, ending at the same byte. Two servers that disagree there can be smuggled past.
#include <http_parser.h>

#include <algorithm>
#include <string>

#include "app/base/text.hpp"
#include "app/http/parser.hpp"
#include "fuzz.hpp"

namespace {

using app::http::Framing;
using app::http::Head;
using app::http::Parsed;
using fuzz::require;

struct Other {
    std::string url;
    std::size_t fields = 0;
    bool has_head = false;
};

Other& other_of(http_parser* parser) { return *static_cast<Other*>(parser->data); }

int on_url(http_parser* parser, const char* at, std::size_t size) {
    other_of(parser).url.append(at, size);
    return 0;
}

int on_headers_complete(http_parser* parser) {
    other_of(parser).has_head = true;
    http_parser_pause(parser, 1);
    return 0;
}

// Where libhttp-parser is known to differ, none of it dangerous: it takes no tab for a blank, Proxy-Connection for Connection, and
// refuses Content-Length beside a field whose name only begins like Transfer-Encoding.
bool is_known_difference(const Head& head, std::string_view bytes) {
    return bytes.substr(0, head.bytes).find('\t') != std::string_view::npos ||
           std::ranges::any_of(head.headers, [](const app::web::Header& header) {
               const std::string name = app::base::to_lower_ascii(header.name);
               return name == "proxy-connection" || (name.starts_with("transfer-encoding") && name.size() > 17);
           });
}

void compare(const Head& head, std::string_view bytes) {
    http_parser parser;
    http_parser_settings settings;
    http_parser_init(&parser, HTTP_REQUEST);
    http_parser_settings_init(&settings);
    Other other;
    parser.data = &other;
    settings.on_url = on_url;
    settings.on_headers_complete = on_headers_complete;
    const std::string_view whole = bytes.substr(0, head.bytes);
    const std::size_t parsed = http_parser_execute(&parser, &settings, whole.data(), whole.size());
    require(other.has_head, "libhttp-parser accepts it too");
    // It pauses before or behind the last line feed.
    require(parsed + 1 >= whole.size(), "both see the head's end at the same byte");
    require(http_method_str(static_cast<http_method>(parser.method)) == head.method, "both see the same method");
    require(other.url.ends_with(head.target) || head.target == "/" || head.target == "*", "both see the same target");
    require(parser.http_major == 1 && parser.http_minor == head.minor_version, "both see the same version");
    require(((parser.flags & F_CHUNKED) != 0) == (head.framing == Framing::chunked), "both see whether the body is chunked");
    if (head.framing == Framing::length)
        require(parser.content_length == static_cast<std::uint64_t>(head.content_length), "both see the same length");
    if (head.framing == Framing::none) require((parser.flags & F_CONTENTLENGTH) == 0, "both see no length");
    // In HTTP/1.0 they read lists with empty members in two ways, and Dewar's answer says which one holds.
    if (head.keep_alive && head.minor_version == 1)
        require(http_should_keep_alive(&parser) != 0, "Dewar keeps no connection that the other one closes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text(data, size);
    std::size_t searched = 0;
    Head head;
    app::http::Refusal refusal;
    if (parse_head(bytes, searched, {}, head, refusal) != Parsed::complete) return 0;
    if (!is_known_difference(head, bytes)) compare(head, bytes);
    return 0;
}
