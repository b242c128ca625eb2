// The Range header (RFC 9110 section 14), for the one who honours it: static files. One range is answered; several are, as the
// section allows, answered with the whole: clients that resume or seek ask for one, and many small ones are an old attack.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace app::web {

struct RangeAnswer {
    enum class Kind {
        whole,          // 200: no range, several, or nothing that is one
        part,           // 206: `bytes` bytes from `offset`, at least one, within the body
        unsatisfiable,  // 416: it begins behind the end
    };

    Kind kind = Kind::whole;
    std::int64_t offset = 0;
    std::int64_t bytes = 0;

    bool operator==(const RangeAnswer&) const = default;
};

// What to answer to this Range header ("" when there is none) with a body of so many bytes: bytes=a-b, bytes=a-, bytes=-n.
// A range that reaches behind the end is cut there; numbers may be of any length.
RangeAnswer parse_range(std::string_view header, std::int64_t body_bytes) noexcept;

// The Content-Range of that part ("bytes 0-4/10"), or of a 416 ("bytes */10").
std::string content_range(const RangeAnswer& range, std::int64_t body_bytes);

}  // namespace app::web
