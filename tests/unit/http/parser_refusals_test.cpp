// Heads that must be refused, byte by byte as an attacker would write them, each with its status. Every one is also fed in two
// pieces at every boundary, and one byte at a time: how bytes arrive must never decide what they mean.
#include "heads.hpp"

namespace {

using namespace std::string_view_literals;

struct Refused {
    const char* why;
    int status;
    std::string_view bytes;
};

constexpr Refused request_lines[] = {
    {"no method", 400, " / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"no target", 400, "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"empty target", 400, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"HTTP/0.9", 400, "GET /\r\n\r\n"},
    {"two blanks after the method", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"two blanks after the target", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a tab after the method", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a tab after the target", 400, "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a blank before the method", 400, "  GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a blank after the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
    {"a fourth word", 400, "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n"},
    {"a blank in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a method that is no token", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a method with a colon", 400, "GET: / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an unknown method", 501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a method in lower case", 501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"TRACE", 501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"CONNECT", 501, "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"},
    {"authority-form without CONNECT", 400, "GET a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n"},
    {"a relative target", 400, "GET posts HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"asterisk-form without OPTIONS", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"more than an asterisk", 400, "OPTIONS *x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a fragment", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"UTF-8 in the target", 400, "GET /\xC3\xA4 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a control character in the target", 400, "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"DEL in the target", 400, "GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv},
    {"NUL in the method", 400, "GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n"sv},
    {"a bare CR in the request line", 400, "GET / HTTP/1.1\rX\r\nHost: a\r\n\r\n"},
    {"a bare CR as a blank", 400, "GET\r/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"},
    {"bare LFs only", 400, "GET / HTTP/1.1\nHost: a\n\n"},
    {"an empty line of a bare LF first", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"three empty lines first", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a CR first", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"NUL first", 400, "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv},
    {"TLS on a port without it", 400, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"sv},
    {"HTTP/2 with prior knowledge", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
    {"HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
    {"HTTP/0.9 by name", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"},
    {"a minor version of two digits", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
    {"no minor version", 400, "GET / HTTP/1\r\nHost: a\r\n\r\n"},
    {"http in lower case", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
    {"a version with a comma", 400, "GET / HTTP/1,1\r\nHost: a\r\n\r\n"},
    {"another protocol", 400, "GET / RTSP/1.0\r\nHost: a\r\n\r\n"},
    {"userinfo in an absolute target", 400, "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an absolute target without host", 400, "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an absolute target of another scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an absolute target with a bad port", 400, "GET http://a:80x/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an absolute target of a query alone", 400, "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n"},
};

constexpr Refused fields[] = {
    {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
    {"no Host with an absolute target", 400, "GET http://a/ HTTP/1.1\r\n\r\n"},
    {"two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"the same Host twice", 400, "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"},
    {"two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"},
    {"an empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {"a Host of blanks", 400, "GET / HTTP/1.1\r\nHost:  \t \r\n\r\n"},
    {"a Host that is a list", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {"a Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"a Host with userinfo", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"a Host with a blank", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {"a Host with a quote", 400, "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n"},
    {"a Host beyond ASCII", 400, "GET / HTTP/1.1\r\nHost: \xC3\xA4\r\n\r\n"},
    {"a Host with a port that is no number", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
    {"a Host with a port too large", 400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"},
    {"a Host with two ports", 400, "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"},
    {"a Host of a port alone", 400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"},
    {"an IPv6 Host without brackets", 400, "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"},
    {"an IPv6 Host without its end", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
    {"an IPv6 Host that is none", 400, "GET / HTTP/1.1\r\nHost: [1:2]\r\n\r\n"},
    {"an empty IPv6 Host", 400, "GET / HTTP/1.1\r\nHost: []\r\n\r\n"},
    {"an IPv6 Host with a tail", 400, "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"},
    {"a blank before the colon", 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
    {"a tab before the colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 0\r\n\r\n"},
    {"a field without colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nfoo\r\n\r\n"},
    {"a field without name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"},
    {"a name with a parenthesis", 400, "GET / HTTP/1.1\r\nHost: a\r\nX(): b\r\n\r\n"},
    {"a name beyond ASCII", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\xC3\xA4: b\r\n\r\n"},
    {"a name with NUL", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"sv},
    {"a folded line", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"},
    {"a folded line with a tab", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n"},
    {"a blank line before the fields", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"sv},
    {"a bare CR in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"},
    {"two CRs at a line's end", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n"},
    {"a line that begins with a bare CR", 400, "GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n"},
    {"a bare LF in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n"},
    {"the end as a bare LF", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"},
    {"a control character in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: b\x0B\r\n\r\n"},
    {"DEL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: 12345678\x7F 12345678\r\n\r\n"},
    {"an expectation that nobody meets", 417, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 200-ok\r\n\r\n"},
    {"two expectations", 417, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue, x\r\n\r\n"},
};

// Where two servers might see two different ends of the same request.
constexpr Refused bodies[] = {
    {"Content-Length and chunked", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"chunked and Content-Length", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"},
    {"Content-Length and an unknown coding", 400,
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n"},
    {"two Content-Lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"},
    {"the same Content-Length twice", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\n"},
    {"a list of lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"},
    {"a signed length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"},
    {"a negative length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n"},
    {"minus nothing", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\n"},
    {"a length with a tail", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5a\r\n\r\n"},
    {"a length in hexadecimal", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"},
    {"a length with a blank in it", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n"},
    {"an empty length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"},
    {"a length in Arabic digits", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xD9\xA5\r\n\r\n"},
    {"a length that does not fit", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n"},
    {"a length that would wrap around", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\n"},
    {"a length over the limit", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n"},
    {"the largest length", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n"},
    {"too large in spite of Expect", 413,
     "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\nExpect: 100-continue\r\n\r\n"},
    {"an unknown coding", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"},
    {"a coding that looks like chunked", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"},
    {"chunked after another", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
    {"chunked not last", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n"},
    {"chunked twice", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"},
    {"chunked in two fields", 501,
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"chunked, then something else", 501,
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"},
    {"something else, then chunked", 501,
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"chunked with a parameter", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;a=b\r\n\r\n"},
    {"chunked in quotes", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n"},
    {"identity", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"},
    {"an empty coding", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"},
    {"a vertical tab before chunked", 400,
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0B"
     "chunked\r\n\r\n"},
    {"a blank before the coding's colon", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n"},
    {"a folded coding", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n"},
    {"chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
};

void check(const Refused& refused) {
    CAPTURE(refused.why);
    CAPTURE(printable(refused.bytes));
    const Verdict verdict = parse(refused.bytes);
    REQUIRE(verdict.parsed == app::http::Parsed::refused);
    CHECK(verdict.status == refused.status);
    check_all_splits(refused.bytes, verdict);
    std::string buffer;
    const Verdict dribbled = parse_dribbled(refused.bytes, buffer);
    CHECK(dribbled.parsed == app::http::Parsed::refused);
    CHECK(dribbled.status == refused.status);
}

}  // namespace

TEST_CASE("a request line that RFC 9112 does not allow is refused with its status") {
    for (const Refused& refused : request_lines) check(refused);
}

TEST_CASE("a header that is malformed, or a Host that is missing, doubled or not valid, is refused") {
    for (const Refused& refused : fields) check(refused);
}

TEST_CASE("a body whose end could be read in two ways, or that is too large, is refused") {
    for (const Refused& refused : bodies) check(refused);
}
