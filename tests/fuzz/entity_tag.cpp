// If-None-Match: a tag hits only if it stands in the header, always if it stands at its front, and a 304 names a tag of this state.
#include <string>

#include "app/web/conditional.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::web;
    const std::string_view header = fuzz::text(data, size);
    const auto ask = [](std::string_view list) {
        Request request;
        request.headers = {{"If-None-Match", list}, {"Accept-Encoding", "br"}};
        return not_modified(request, "\"abc\"");
    };
    if (const auto response = ask(header)) {
        const std::string tag{response->header("ETag").value_or("")};
        fuzz::require(tag == "\"abc\"" || tag == "\"abc-gzip\"" || tag == "\"abc-br\"", "the tag is one of this state");
        fuzz::require(header.find(tag) != std::string_view::npos || header.find('*') != std::string_view::npos,
                      "the client has the tag");
    }
    fuzz::require(ask("\"abc\", " + std::string(header)).has_value(), "what stands behind a tag does not matter");
    fuzz::require(!ask("\"abd\"x" + std::string(header)) || header.find("\"abc") != std::string_view::npos,
                  "no tag comes from nowhere");
    return 0;
}
