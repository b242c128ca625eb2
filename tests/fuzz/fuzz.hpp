// What every fuzz target shares. A target feeds one input to one function and checks what must hold for any input at all; built
// with -D DEWAR_FUZZ=ON libFuzzer makes the inputs up, in every other build replay.cpp reads them from tests/fuzz/corpus/TARGET.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// Ends the program, as libFuzzer wants it, when a property does not hold.
inline void require(bool holds, const char* property) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", property);
    std::abort();
}

}  // namespace fuzz
