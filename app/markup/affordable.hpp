// What keeps the cost of rendering linear. cmark and gumbo have inputs whose cost or output grows with the square of their size
// (measured on 0.29.0.gfm.6 and 0.10.1, which Debian 12 has); no honest text is near. These checks recognise such input at
// linear cost and from above: what passes takes well under a second per megabyte, what does not is shown as its own source.
#pragma once

#include <cstddef>
#include <string_view>

namespace app::markup {

// Whether cmark can parse the text in time. Four things are refused: more <? and <! than the size allows (cmark looks for the
// end of each through the whole paragraph), * and _ by ten thousands in one paragraph (their delimiters are searched crosswise),
// much text inside deeply nested quotations and lists (each node walks up to the root), and link references that would unfold
// to more than 64 MB (each use copies the definition).
bool is_affordable(std::string_view markdown);

// What gumbo would have to do with a document. Raw HTML alone can leave elements open, so only that is looked at closely.
class TreeCost {
   public:
    // An element that Markdown made, `depth` elements deep. It is always closed.
    void add_element(std::size_t depth);

    // One piece of raw HTML, whole tags or not.
    void add_raw(std::string_view html);

    // Bounded are: the depth of the tree (freeing it recurses), depth times size (each character may look through the open
    // elements), elements times formatting left open (each paragraph reopens it), and attributes squared (each is compared to
    // those before it in its tag).
    bool is_affordable(std::size_t markdown_bytes) const;

   private:
    std::size_t elements_ = 0;
    std::size_t depth_ = 0;
    std::size_t raw_tags_ = 0;
    std::size_t markers_ = 0;
    std::size_t plain_formatting_ = 0;  // without attributes
    std::size_t formatting_ = 0;        // with
    double attribute_pairs_ = 0;
};

}  // namespace app::markup
