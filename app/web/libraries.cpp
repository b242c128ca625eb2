#include "app/web/libraries.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <cstdint>

namespace app::web {

namespace {

// 0x01000009 is 1.0.9.
std::string brotli_version(std::uint32_t number) {
    return std::to_string(number >> 24) + "." + std::to_string(number >> 12 & 0xfff) + "." + std::to_string(number & 0xfff);
}

}  // namespace

std::vector<base::Library> libraries() {
    return {{"brotli", "", brotli_version(BrotliEncoderVersion())}, {"zlib", ZLIB_VERSION, zlibVersion()}};
}

}  // namespace app::web
