// render_post, render_comment: whatever is written, a browser finds nothing in the result that is not whitelisted, and the result is
// UTF-8 that means itself when it is read again.
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
    fuzz::require(app::markup::sanitize(html, kind) == html, "sanitising again changes nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    check(app::markup::render_post(text), app::markup::Kind::post);
    check(app::markup::render_comment(text), app::markup::Kind::comment);
    return 0;
}
