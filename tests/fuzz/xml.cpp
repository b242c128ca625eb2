// XML: nothing crashes the parser, it refuses by `invalid` alone, and what is written of what was read is read as the same.
#include "app/web/xml.hpp"

#include <string>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace app::web;
    const std::string_view bytes = fuzz::text(data, size);
    try {
        const Value document = parse_xml_object(bytes);
        fuzz::require(parse_xml_object(to_xml(document, "document")) == document, "a document re-serialises");
    } catch (const app::base::Error& error) {
        fuzz::require(error.code() == app::base::Code::invalid, "what cannot be read is invalid");
    }
    if (!app::base::is_utf8(bytes)) return 0;
    // The same bytes as a text that somebody wrote: only what XML cannot carry is changed, once.
    const auto body_of = [](const Value& document) { return *document.find("body")->string(); };
    const Value text{Value::Object{{"body", bytes}}};
    const Value once = parse_xml_object(to_xml(text, "post"));
    fuzz::require(parse_xml_object(to_xml(once, "post")) == once, "a text re-serialises");
    const bool changed = bytes.find_first_of(std::string_view{"\0\1\2\3\4\5\6\7\x8\xb\xc\xe\xf\x10\x11\x12\x13\x14\x15\x16\x17"
                                                              "\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f",
                                                              29}) != std::string_view::npos ||
                         bytes.find("\xef\xbf\xbe") != std::string_view::npos ||
                         bytes.find("\xef\xbf\xbf") != std::string_view::npos;
    fuzz::require((body_of(once) == bytes) == !changed, "a text that XML can carry is carried as it is");
    return 0;
}
