// The chunked coding: what is decoded, what is refused, and that the boundaries at which bytes arrive do not matter.
#include "app/http/chunked.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include "heads.hpp"

namespace {

using app::http::ChunkedDecoder;
using app::http::Limits;
using app::http::Parsed;
using app::http::Refusal;
using namespace std::string_view_literals;

struct Decoded {
    Parsed parsed = Parsed::incomplete;
    std::size_t consumed = 0;
    std::string body;
    int status = 0;
};

// In pieces of at most `step` bytes.
Decoded decode(std::string_view bytes, std::size_t step, const Limits& limits = {}) {
    ChunkedDecoder decoder;
    Decoded decoded;
    Refusal refusal;
    while (decoded.parsed == Parsed::incomplete && decoded.consumed < bytes.size()) {
        const std::string piece{bytes.substr(decoded.consumed, step)};  // a copy: reading past its end would be found
        std::size_t consumed = 0;
        decoded.parsed = decoder.decode(piece, consumed, decoded.body, limits, refusal);
        decoded.consumed += consumed;
        if (decoded.parsed == Parsed::incomplete) REQUIRE(consumed == piece.size());
    }
    if (decoded.parsed == Parsed::refused) {
        decoded.status = refusal.status;
        CHECK_FALSE(std::string_view{refusal.reason}.empty());
    }
    return decoded;
}

Decoded decode(std::string_view bytes, const Limits& limits = {}) {
    const Decoded whole = decode(bytes, bytes.size(), limits);
    for (const std::size_t step : {1U, 2U, 3U, 7U}) {
        CAPTURE(step);
        const Decoded pieces = decode(bytes, step, limits);
        CHECK(pieces.parsed == whole.parsed);
        CHECK(pieces.status == whole.status);
        CHECK(pieces.body == whole.body);
        CHECK(pieces.consumed == whole.consumed);
    }
    return whole;
}

}  // namespace

TEST_CASE("chunks are put together, and what follows them is left") {
    const Decoded decoded = decode("4\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
    CHECK(decoded.parsed == Parsed::complete);
    CHECK(decoded.body == "Wikipedia in \r\n\r\nchunks.");
    CHECK(decoded.consumed == 44);
}

TEST_CASE("every prefix of a chunked body is incomplete") {
    const std::string_view bytes = "3;x=\"y\"\r\nabc\r\n0\r\nX: y\r\n\r\n";
    for (std::size_t size = 1; size < bytes.size(); ++size) CHECK(decode(bytes.substr(0, size)).parsed == Parsed::incomplete);
    CHECK(decode(bytes).body == "abc");
}

TEST_CASE("sizes are hexadecimal in either case, with leading zeros") {
    CHECK(decode("0000a\r\n0123456789\r\n0\r\n\r\n").body == "0123456789");
    CHECK(decode("A\r\n0123456789\r\n000\r\n\r\n").body == "0123456789");
    CHECK(decode("1a\r\n0123456789abcdefghijklmnop\r\n0\r\n\r\n").body.size() == 26);
    CHECK(decode("0\r\n\r\n").parsed == Parsed::complete);
}

TEST_CASE("extensions and trailers are dropped") {
    const Decoded decoded = decode("3;a;b=c;d=\"e f\"\r\nabc\r\n0;last\r\nTransfer-Encoding: x\r\nX:\r\nY: \xFF\t\r\n\r\n");
    CHECK(decoded.parsed == Parsed::complete);
    CHECK(decoded.body == "abc");
}

TEST_CASE("what is no chunked coding is refused") {
    for (const std::string_view bytes : {"\r\n"sv,
                                         ";a\r\n"sv,
                                         "g\r\n"sv,
                                         " 5\r\n"sv,
                                         "5 \r\nhello\r\n"sv,
                                         "5\t\r\nhello\r\n"sv,
                                         "+5\r\nhello\r\n"sv,
                                         "-2\r\n"sv,
                                         "0x5\r\nhello\r\n"sv,
                                         "5\nhello\r\n"sv,
                                         "5\rhello\r\n"sv,
                                         "5\r\r\nhello\r\n"sv,
                                         "5\r\nhello\n"sv,
                                         "5\r\nhelloX"sv,
                                         "5\r\nhello0\r\n\r\n"sv,
                                         "5\r\nhello\r0\r\n\r\n"sv,
                                         "5\r\nhello\r\n\r\n"sv,
                                         "5;a\nhello\r\n"sv,
                                         "5;a\rb\r\n"sv,
                                         "5;\0\r\nhello\r\n"sv,
                                         "5,5\r\n"sv,
                                         "5_0\r\n"sv,
                                         "\0\r\n"sv,
                                         "0\r\n\n"sv,
                                         "0\r\n\rX"sv,
                                         "0\n\r\n"sv,
                                         "0\r\nX\r\n\r\n"sv,
                                         "0\r\nX : y\r\n\r\n"sv,
                                         "0\r\n: y\r\n\r\n"sv,
                                         "0\r\n X: y\r\n\r\n"sv,
                                         "0\r\nX: y\n\r\n"sv,
                                         "0\r\nX: y\rz\r\n\r\n"sv,
                                         "0\r\nX: y\r\n z\r\n\r\n"sv,
                                         "0\r\nX: \0\r\n\r\n"sv,
                                         "00000000000000005\r\nhello\r\n"sv}) {
        CAPTURE(printable(bytes));
        const Decoded decoded = decode(bytes);
        CHECK(decoded.parsed == Parsed::refused);
        CHECK(decoded.status == 400);
    }
}

TEST_CASE("a size that is too large, or that would wrap around, is refused before its data") {
    for (const std::string_view size : {"1000001"sv, "7fffffffffffffff"sv, "8000000000000000"sv, "ffffffffffffffff"sv,
                                        "10000000000000000"sv, "fffffffffffffffe"sv}) {
        CAPTURE(size);
        CHECK(decode(std::string(size) + "\r\nabc").status == 413);
    }
    CHECK(decode("1000000\r\nabc").parsed == Parsed::incomplete);
}

TEST_CASE("the chunks together are held to the limit") {
    Limits limits;
    limits.body_bytes_max = 8;
    CHECK(decode("4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n", limits).body == "abcdefgh");
    const Decoded decoded = decode("4\r\nabcd\r\n5\r\nefghi\r\n0\r\n\r\n", limits);
    CHECK(decoded.status == 413);
    CHECK(decoded.body == "abcd");
    limits.body_bytes_max = std::numeric_limits<std::int64_t>::max();
    CHECK(decode("1\r\na\r\n7fffffffffffffff\r\n", limits).status == 413);
}

TEST_CASE("extensions are bounded over the whole body, trailers too") {
    Limits limits;
    limits.head_bytes_max = 30;
    limits.fields_max = 2;
    CHECK(decode("1;" + std::string(30, 'x') + "\r\na\r\n0\r\n\r\n", limits).parsed == Parsed::complete);
    CHECK(decode("1;" + std::string(31, 'x') + "\r\na\r\n0\r\n\r\n", limits).status == 413);
    std::string many;
    for (int chunk = 0; chunk < 16; ++chunk) many += "1;ab\r\nx\r\n";
    CHECK(decode(many, limits).status == 413);
    CHECK(decode("0\r\nA: b\r\nA: b\r\n\r\n", limits).parsed == Parsed::complete);
    CHECK(decode("0\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", limits).status == 431);
    CHECK(decode("0\r\nA: " + std::string(40, 'b') + "\r\n\r\n", limits).status == 431);
}

TEST_CASE("a decoder that was reset reads the next body") {
    ChunkedDecoder decoder;
    Refusal refusal;
    std::size_t consumed = 0;
    std::string body;
    CHECK(decoder.decode("5\r\nhel", consumed, body, {}, refusal) == Parsed::incomplete);
    decoder.reset();
    body.clear();
    CHECK(decoder.decode("1\r\nx\r\n0\r\n\r\n", consumed, body, {}, refusal) == Parsed::complete);
    CHECK(body == "x");
}
