// HTML from anybody in, HTML that is safe in any page out. A real HTML5 parser (gumbo) reads it as a browser would; what is
// written is built anew from the tree: whitelisted elements, whitelisted attributes, all text escaped, all attributes quoted.
#pragma once

#include <string>
#include <string_view>

namespace app::markup {

enum class Kind { post, comment };

// Elements that are not of the kind's whitelist lose their tags; their text stays, that of script and style included, as text.
// Comments, doctypes and processing instructions go. Of the attributes a[href,title], abbr[title] and acronym[title] stay, and an
// href only when it is relative or its scheme is http, https or mailto. http(s) and relative links get rel="nofollow". Bare URLs
// in text outside a, code and pre become links (linkify.hpp).
//
// The cost grows with the size times the nesting of `html`; markup.cpp bounds both. Throws base::Error internal when gumbo fails.
std::string sanitize(std::string_view html, Kind kind);

}  // namespace app::markup
