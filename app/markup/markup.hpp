// Markdown in, harmless HTML out: what stands in body_html of a post and of a comment. Three steps: CommonMark to HTML (raw HTML
// passes), the HTML through a real HTML5 parser and out again by whitelist (sanitize.hpp), and bare URLs in its text linked
// (linkify.hpp). The result is well-formed, may be put into a page unescaped, and is stored: rendering happens on write.
#pragma once

#include <string>
#include <string_view>

namespace app::markup {

// `markdown` is UTF-8 (what is not becomes U+FFFD, as does NUL) of a size that the caller has bounded; the cost is linear in it.
// Throws base::Error internal when the parsers fail. Any thread, no state.
//
// A post keeps a abbr acronym b blockquote code em i li ol pre strong ul h1 h2 h3 p.
std::string render_post(std::string_view markdown);

// A comment keeps a abbr acronym b code em i strong: one line of running text, so no paragraphs.
std::string render_comment(std::string_view markdown);

}  // namespace app::markup
