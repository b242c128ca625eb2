// Accept and Content-Type: qualities are within their range, names in lower case, and what was read can be written and read again.
#include <string>

#include "app/base/text.hpp"
#include "app/web/negotiation.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::web;
    const std::string_view bytes = fuzz::text(data, size);
    const auto ranges = parse_accept(bytes);
    std::string again;
    for (const MediaRange& range : ranges) {
        fuzz::require(range.quality >= 0 && range.quality <= 1000, "a quality is within 0..1000");
        fuzz::require(range.type == app::base::to_lower_ascii(range.type), "types are in lower case");
        const std::string thousandths = std::to_string(1000 + range.quality).substr(1);
        again += range.type + "/" + range.subtype + ";q=" + (range.quality == 1000 ? "1" : "0." + thousandths) + ",";
    }
    const auto reread = parse_accept(again);
    fuzz::require(reread.size() == ranges.size(), "what was read re-serialises");
    for (std::size_t at = 0; at < ranges.size(); ++at)
        fuzz::require(reread[at].type == ranges[at].type && reread[at].subtype == ranges[at].subtype &&
                          reread[at].quality == ranges[at].quality,
                      "each range re-serialises");
    fuzz::require(prefers_json_error(bytes) == prefers_json_error(again), "the same ranges prefer the same");
    const std::string type = media_type(bytes);
    fuzz::require(media_type(type) == type, "a media type is its own media type");
    fuzz::require(is_json(bytes) == is_json(type), "JSON is told by the media type alone");
    return 0;
}
