// The chunked transfer coding (RFC 9112 section 7.1), taken off as the bytes arrive, at any boundary. Strict like parser.hpp: sizes
// in plain hexadecimal, CRLF and nothing else at the end of a line. Chunk extensions and trailer fields are bounded and dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/http/limits.hpp"
#include "app/http/parser.hpp"

namespace app::http {

// One body's decoder. Used by one thread at a time.
class ChunkedDecoder {
   public:
    // Takes the next received bytes and appends the data in them to `body`. `consumed` is set to how many of `bytes` were taken: all
    // of them while incomplete; what follows a complete body is the next request. Refusals: 400 for what is no chunked coding, 413
    // once the announced sizes together pass limits.body_bytes_max, before any such data is taken.
    // After complete or refused only reset may be called.
    Parsed decode(std::string_view bytes, std::size_t& consumed, std::string& body, const Limits& limits, Refusal& refusal);

    // For the next body.
    void reset() { *this = ChunkedDecoder{}; }

   private:
    // What the next byte belongs to.
    enum class State {
        size,
        extension,
        size_line_end,
        data,
        data_end,
        data_line_end,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_line_end,
        last_line_end,
        done
    };

    // One byte of anything but data. Why it cannot be so: a status, 0 when it can.
    Refusal step(char c, const Limits& limits);
    Refusal step_in_size(char c, const Limits& limits);
    Refusal step_in_trailer(char c, const Limits& limits);
    Refusal expect(char c, char expected, State next);

    State state_ = State::size;
    int size_digits_ = 0;             // of the current chunk's size
    std::int64_t remaining_ = 0;      // bytes of the current chunk that did not come yet; while its line is read, its size
    std::int64_t total_ = 0;          // of the chunks before
    std::size_t overhead_bytes_ = 0;  // of extensions and trailers in the whole body: at most head_bytes_max
    std::size_t trailer_fields_ = 0;  // at most fields_max
};

}  // namespace app::http
