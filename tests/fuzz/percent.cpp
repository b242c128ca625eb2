// Percent-encoding: what is encoded decodes to itself, with either decoder, and decoding never grows.
#include "app/base/text.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::base;
    const std::string_view bytes = fuzz::text(data, size);
    const std::string encoded = percent_encode(bytes);
    fuzz::require(percent_decode(encoded) == bytes, "percent_decode(percent_encode(x)) is x");
    fuzz::require(form_decode(encoded) == bytes, "form_decode(percent_encode(x)) is x");
    const auto decoded = percent_decode(bytes);
    fuzz::require(decoded.has_value() == form_decode(bytes).has_value(), "both decoders refuse the same");
    if (decoded) {
        fuzz::require(decoded->size() <= size, "decoding never grows");
        fuzz::require(percent_decode(percent_encode(*decoded)) == decoded, "what was decoded can be encoded");
    }
    return 0;
}
