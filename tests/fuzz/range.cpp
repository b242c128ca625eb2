// Range: whatever was asked for lies within the body, and what is answered asks for itself. The body's size is the input's length.
#include "app/web/range.hpp"

#include <string>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::web;
    using enum RangeAnswer::Kind;
    const std::string_view header = fuzz::text(data, size);
    for (const std::int64_t body_bytes : {std::int64_t{0}, std::int64_t{1}, static_cast<std::int64_t>(size), INT64_MAX}) {
        const RangeAnswer answer = parse_range(header, body_bytes);
        if (header.find(',') != std::string_view::npos) fuzz::require(answer.kind == whole, "several ranges are the whole");
        if (answer.kind != part) {
            fuzz::require(answer.offset == 0 && answer.bytes == 0, "only a part has a place");
            continue;
        }
        fuzz::require(answer.bytes > 0 && answer.offset >= 0 && answer.offset <= body_bytes - answer.bytes,
                      "a part is of at least one byte and within the body");
        const std::string last = std::to_string(answer.offset + answer.bytes - 1);
        const std::string again = "bytes=" + std::to_string(answer.offset) + "-" + last;
        fuzz::require(parse_range(again, body_bytes) == answer, "what is answered asks for itself");
        const std::string told = content_range(answer, body_bytes);
        fuzz::require(told == "bytes " + again.substr(6) + "/" + std::to_string(body_bytes), "Content-Range says the same");
    }
    return 0;
}
