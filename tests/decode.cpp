#include "tests/decode.hpp"

#include <brotli/decode.h>
#include <zlib.h>

#include <memory>
#include <stdexcept>

namespace tests {
namespace {

std::string decode_gzip(std::string_view body) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("inflateInit2");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    std::string out;
    int result = Z_OK;
    while (result == Z_OK) {
        char piece[16384];
        stream.next_out = reinterpret_cast<Bytef*>(piece);
        stream.avail_out = sizeof piece;
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, sizeof piece - stream.avail_out);
    }
    const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!whole) throw std::runtime_error("no whole gzip body");
    return out;
}

std::string decode_brotli(std::string_view body) {
    const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance};
    auto* next = reinterpret_cast<const std::uint8_t*>(body.data());
    std::size_t left = body.size();
    std::string out;
    auto result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        std::uint8_t piece[16384];
        std::size_t room = sizeof piece;
        std::uint8_t* at = piece;
        result = BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &at, nullptr);
        out.append(reinterpret_cast<const char*>(piece), sizeof piece - room);
    }
    if (result != BROTLI_DECODER_RESULT_SUCCESS || left != 0) throw std::runtime_error("no whole brotli body");
    return out;
}

}  // namespace

std::string decode(std::string_view body, std::string_view content_encoding) {
    if (content_encoding.empty()) return std::string(body);
    if (content_encoding == "gzip") return decode_gzip(body);
    if (content_encoding == "br") return decode_brotli(body);
    throw std::runtime_error("Content-Encoding: " + std::string(content_encoding));
}

}  // namespace tests
