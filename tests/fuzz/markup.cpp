// render_post, render_comment: whatever is written, a browser finds nothing in the result that is not whitelisted, and nothing in what
// comes of sanitising that again (which may link what a removed tag had kept from its word); both are UTF-8.
#include "app/markup/markup.hpp"

#include <string>

#include "app/base/text.hpp"
#include "fuzz.hpp"
#include "tests/support/harmless.hpp"

namespace {

void check(const std::string& html, app::markup::Kind kind) {
    const std::string harm = tests::find_harm(html, kind);
    fuzz::require(harm.empty(), ("it is harmless, without " + harm).c_str());
    fuzz::require(app::base::is_utf8(html), "it is UTF-8");
    const std::string again = app::markup::sanitize(html, kind);
    fuzz::require(tests::find_harm(again, kind).empty() && app::base::is_utf8(again), "what is sanitised again is harmless, too");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    check(app::markup::render_post(text), app::markup::Kind::post);
    check(app::markup::render_comment(text), app::markup::Kind::comment);
    return 0;
}
