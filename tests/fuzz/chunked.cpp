// ChunkedDecoder: the pieces in which bytes arrive do not matter, limits hold, and what was encoded decodes to itself.
#include "app/http/chunked.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "fuzz.hpp"

namespace {

using app::http::ChunkedDecoder;
using app::http::Limits;
using app::http::Parsed;
using app::http::Refusal;
using fuzz::require;

constexpr Limits limits{.head_bytes_max = 64, .fields_max = 3, .body_bytes_max = 1024};

struct Decoded {
    Parsed parsed = Parsed::incomplete;
    std::size_t consumed = 0;
    std::string body;
    Refusal refusal;
};

Decoded decode(std::string_view bytes, std::size_t step) {
    ChunkedDecoder decoder;
    Decoded decoded;
    while (decoded.parsed == Parsed::incomplete && decoded.consumed < bytes.size()) {
        const std::string_view piece = bytes.substr(decoded.consumed, step);
        std::size_t consumed = 0;
        decoded.parsed = decoder.decode(piece, consumed, decoded.body, limits, decoded.refusal);
        require(consumed <= piece.size(), "no more is consumed than there is");
        require(decoded.parsed != Parsed::incomplete || consumed == piece.size(), "an incomplete body consumes everything");
        decoded.consumed += consumed;
    }
    return decoded;
}

// The input as one body: chunks of at most 7 bytes, which end where the input says.
void check_round_trip(std::string_view bytes) {
    bytes = bytes.substr(0, 1024);
    std::string encoded;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::string_view chunk = bytes.substr(at, 1 + static_cast<unsigned char>(bytes[at]) % 7);
        encoded += std::to_string(chunk.size()) + "\r\n" + std::string{chunk} + "\r\n";
        at += chunk.size();
    }
    encoded += "0\r\n\r\n";
    const Decoded decoded = decode(encoded + "next", 5);
    require(decoded.parsed == Parsed::complete && decoded.body == bytes, "decode(encode(x)) is x");
    require(decoded.consumed == encoded.size(), "the next request is left");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = fuzz::text(data, size);
    const Decoded whole = decode(bytes, std::max<std::size_t>(size, 1));
    require(whole.body.size() <= static_cast<std::size_t>(limits.body_bytes_max), "the body is within the limit");
    if (whole.parsed == Parsed::refused) require(whole.refusal.status != 0, "a refusal has a status");
    for (const std::size_t step : {1U, 3U}) {
        const Decoded pieces = decode(bytes, step);
        require(pieces.parsed == whole.parsed && pieces.body == whole.body, "pieces decode as the whole");
        require(pieces.consumed == whole.consumed, "pieces end where the whole ends");
        require(pieces.refusal.status == whole.refusal.status, "pieces are refused as the whole");
    }
    check_round_trip(bytes);
    return 0;
}
