#include "app/markup/affordable.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "app/base/text.hpp"

namespace app::markup {
namespace {

// In steps of about a nanosecond, or elements, or bytes.
constexpr double unclosed_steps_max = 2e8;
constexpr double emphasis_pairs_max = 5e8;
constexpr double nesting_steps_max = 1e8;  // four nanoseconds each
constexpr double reference_bytes_max = 64e6;
constexpr std::size_t depth_max = 8000;
constexpr double tree_steps_max = 6e8;
constexpr double element_steps = 10;  // a tag costs its depth about ten times what a character does
constexpr double reopened_max = 3e6;
constexpr double attribute_pairs_max = 3e8;

constexpr std::string_view blanks = " \t\n\r";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// How often the text opens what cmark might look for the end of in vain.
double unclosed_steps(std::string_view text) {
    std::size_t openings = 0;
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        openings += at + 1 < text.size() && (text[at + 1] == '?' || text[at + 1] == '!');
    }
    return static_cast<double>(openings) * static_cast<double>(text.size());
}

// Runs of * times runs of _, summed over the pieces between blank lines: no paragraph is longer than such a piece.
double emphasis_pairs(std::string_view text) {
    double pairs = 0;
    std::size_t stars = 0;
    std::size_t underscores = 0;
    bool blank_line = false;
    char previous = '\n';
    for (const char c : text) {
        if (c == '\n') {
            if (blank_line) {
                pairs += static_cast<double>(stars) * static_cast<double>(underscores);
                stars = underscores = 0;
            }
            blank_line = true;
        } else if (blanks.find(c) == std::string_view::npos) {
            blank_line = false;
        }
        stars += c == '*' && previous != '*';
        underscores += c == '_' && previous != '_';
        previous = c;
    }
    return pairs + static_cast<double>(stars) * static_cast<double>(underscores);
}

// The deepest that quotations and lists can nest, times the nodes that may be inside. What opens or continues one stands at the
// begin of a line: a '>', or a list's marker with a blank behind it, or two columns of indentation; a list is two nodes deep.
double nesting_steps(std::string_view text) {
    constexpr std::string_view node_begins = "*_`[]!<&\\\n";
    constexpr std::string_view markers = "*+-.)0123456789";
    std::size_t deepest = 0;
    std::size_t nodes = 0;
    std::size_t depth = 0;
    bool in_prefix = true;
    for (const char c : text) {
        nodes += node_begins.find(c) != std::string_view::npos;
        if (c == '\n' || c == '\r') {
            depth = 0;
            in_prefix = true;
        } else if (in_prefix && (c == '>' || c == ' ' || c == '\t')) {
            depth += c == '>' ? 1 : c == ' ' ? 2 : 8;
            deepest = std::max(deepest, depth);
        } else if (in_prefix) {
            in_prefix = markers.find(c) != std::string_view::npos;
        }
    }
    return static_cast<double>(deepest) * static_cast<double>(nodes);
}

// Where the next of some characters stands, for questions that only go forward: so all of them together read the text once.
class Forward {
   public:
    Forward(std::string_view text, std::string_view characters, bool other_than = false)
        : text_(text), characters_(characters), other_than_(other_than) {}

    std::size_t next(std::size_t from) {
        if (!asked_ || found_ < from) {
            found_ = other_than_ ? text_.find_first_not_of(characters_, from) : text_.find_first_of(characters_, from);
            found_ = std::min(found_, text_.size());
        }
        asked_ = true;
        return found_;
    }

   private:
    std::string_view text_;
    std::string_view characters_;
    bool other_than_;
    std::size_t found_ = 0;
    bool asked_ = false;
};

// The longest thing that looks like the destination and title of a link reference ("]: /url 'title'"), times the brackets that
// may ask for it.
double reference_bytes(std::string_view text) {
    Forward definition{text, "]"};
    Forward blank{text, blanks};
    Forward destination{text, blanks, true};
    Forward title{text, blanks, true};
    std::array closings{Forward{text, "\""}, Forward{text, "'"}, Forward{text, ")"}};
    std::size_t brackets = 0;
    std::size_t longest = 0;
    for (std::size_t at = definition.next(0); at < text.size(); at = definition.next(at + 1)) {
        ++brackets;
        if (text.substr(at, 2) != "]:") continue;
        const std::size_t begin = destination.next(at + 2);
        std::size_t end = blank.next(begin);
        const std::size_t opening = title.next(end);
        const std::size_t quote = opening < text.size() ? std::string_view{"\"'("}.find(text[opening]) : std::string_view::npos;
        if (quote != std::string_view::npos) end = closings[quote].next(opening + 1);
        longest = std::max(longest, end - begin);
    }
    return static_cast<double>(brackets) * static_cast<double>(longest);
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view known) { return base::equal_ignoring_case(known, name); });
}

// Elements that HTML reopens in the next paragraph when nobody closed them: at most three of a kind with the same attributes,
// counted anew inside each marker (HTML Standard, "the list of active formatting elements"). An `a` is open once at most.
constexpr std::array<std::string_view, 14> formatting_names{"a",    "b", "big",   "code",   "em",     "font", "i",
                                                            "nobr", "s", "small", "strike", "strong", "tt",   "u"};
constexpr std::size_t alike_max = 3 * formatting_names.size();
constexpr std::array<std::string_view, 7> marker_names{"applet", "caption", "marquee", "object", "td", "template", "th"};

// Whether an attribute may begin behind html[at]; words of a text look like one.
bool may_begin_attribute(std::string_view html, std::size_t at) {
    constexpr std::string_view separators = " \t\n\r\f/\"'";
    return separators.find(html[at]) != std::string_view::npos && at + 1 < html.size() && html[at + 1] != '>' &&
           separators.find(html[at + 1]) == std::string_view::npos;
}

}  // namespace

bool is_affordable(std::string_view markdown) {
    return unclosed_steps(markdown) <= unclosed_steps_max && emphasis_pairs(markdown) <= emphasis_pairs_max &&
           nesting_steps(markdown) <= nesting_steps_max && reference_bytes(markdown) <= reference_bytes_max;
}

void TreeCost::add_element(std::size_t depth) {
    ++elements_;
    depth_ = std::max(depth_, depth);
}

void TreeCost::add_raw(std::string_view html) {
    std::size_t attributes = 0;
    for (std::size_t at = 0; at < html.size(); ++at) {
        attributes += may_begin_attribute(html, at);
        if (html[at] != '<' || at + 1 == html.size()) continue;
        if (!is_letter(html[at + 1])) {
            ++elements_;
            continue;
        }
        ++raw_tags_;
        const std::string_view start = html.substr(at + 1, 9);
        const std::size_t name_end = std::min(start.find_first_of(" \t\n\r\f/>"), start.size());
        const std::string_view name = start.substr(0, name_end);
        if (is_one_of(name, marker_names)) ++markers_;
        if (!is_one_of(name, formatting_names)) continue;
        const bool is_plain = start.substr(name_end).starts_with('>') || base::equal_ignoring_case(name, "a");
        ++(is_plain ? plain_formatting_ : formatting_);
    }
    attribute_pairs_ += static_cast<double>(attributes) * static_cast<double>(attributes);
}

bool TreeCost::is_affordable(std::size_t markdown_bytes) const {
    const std::size_t depth = depth_ + raw_tags_;
    const double elements = static_cast<double>(elements_ + raw_tags_);
    const std::size_t reopened = formatting_ + std::min(plain_formatting_, alike_max * (1 + markers_));
    return depth <= depth_max &&
           (static_cast<double>(markdown_bytes) + element_steps * elements) * static_cast<double>(depth) <= tree_steps_max &&
           elements * static_cast<double>(reopened) <= reopened_max && attribute_pairs_ <= attribute_pairs_max;
}

}  // namespace app::markup
