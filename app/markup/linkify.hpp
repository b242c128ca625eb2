// Turns the bare URLs of a text into links.
#pragma once

#include <string>
#include <string_view>

namespace app::markup {

// Appends `text` with & < > escaped.
void append_text(std::string& html, std::string_view text);

// As append_text, with http://..., https://... and www.... as <a href rel="nofollow">. A URL begins where no word goes on, and
// ends before a blank, a control, < > " or CJK punctuation, and without its trailing punctuation: ? ! . , : ; ' * _ ~ and
// a closing bracket that it did not open. Linear in the text.
void append_linked(std::string& html, std::string_view text);

}  // namespace app::markup
