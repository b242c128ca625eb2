// Accept-Encoding: a coding is chosen only if the header names it or "*", and more elements never change what cannot be read.
#include <string>

#include "app/base/text.hpp"
#include "app/web/negotiation.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::web;
    const std::string_view header = fuzz::text(data, size);
    const ContentCoding chosen = choose_coding(header);
    const std::string lower = app::base::to_lower_ascii(header);
    if (chosen != ContentCoding::identity) {
        const bool named = lower.find(to_string(chosen)) != std::string::npos || lower.find('*') != std::string::npos;
        fuzz::require(named, "nobody gets a coding that was not named");
    }
    fuzz::require(choose_coding(lower) == chosen, "case does not count");
    fuzz::require(choose_coding(std::string(header) + ",unknown;q=1") == chosen, "another coding does not count");
    fuzz::require(choose_coding(std::string(header) + ",br;q=0,gzip;q=0,x-gzip;q=0") == ContentCoding::identity,
                  "what is refused is not chosen");
    return 0;
}
