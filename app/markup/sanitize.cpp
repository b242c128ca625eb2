#include "app/markup/sanitize.hpp"

#include <gumbo.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/markup/linkify.hpp"

namespace app::markup {
namespace {

bool keeps(Kind kind, GumboTag tag) {
    switch (tag) {
        case GUMBO_TAG_A:
        case GUMBO_TAG_ABBR:
        case GUMBO_TAG_ACRONYM:
        case GUMBO_TAG_B:
        case GUMBO_TAG_CODE:
        case GUMBO_TAG_EM:
        case GUMBO_TAG_I:
        case GUMBO_TAG_STRONG: return true;
        case GUMBO_TAG_BLOCKQUOTE:
        case GUMBO_TAG_LI:
        case GUMBO_TAG_OL:
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_UL:
        case GUMBO_TAG_H1:
        case GUMBO_TAG_H2:
        case GUMBO_TAG_H3:
        case GUMBO_TAG_P: return kind == Kind::post;
        default: return false;
    }
}

// An element that a browser would move out of an open one: in the parsed tree something stood between them that was dropped.
enum class Group { none, link, paragraph, heading, block };

Group group_of(GumboTag tag) {
    switch (tag) {
        case GUMBO_TAG_A: return Group::link;
        case GUMBO_TAG_P: return Group::paragraph;
        case GUMBO_TAG_H1:
        case GUMBO_TAG_H2:
        case GUMBO_TAG_H3: return Group::heading;
        case GUMBO_TAG_BLOCKQUOTE:
        case GUMBO_TAG_LI:
        case GUMBO_TAG_OL:
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_UL: return Group::block;
        default: return Group::none;
    }
}

// The href as it may be written, or nothing. Browsers skip blanks and controls around and inside a scheme ("java\tscript:"), so
// the scheme is read without them; whatever stands before the first ':' and is no known scheme is refused, not guessed at.
struct Link {
    std::string href;
    bool nofollow = false;
};

std::optional<Link> read_link(std::string_view value) {
    Link link;
    std::string scheme;
    bool has_scheme = false;
    bool scheme_ended = false;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) continue;
        link.href += c;
        if (scheme_ended || c == ' ') continue;
        scheme_ended = c == ':' || c == '/' || c == '?' || c == '#';
        has_scheme = c == ':';
        if (!scheme_ended) scheme += c;
    }
    link.href = base::trim(link.href);
    if (!has_scheme) {
        link.nofollow = true;
        return link;
    }
    link.nofollow = base::equal_ignoring_case(scheme, "http") || base::equal_ignoring_case(scheme, "https");
    if (link.nofollow || base::equal_ignoring_case(scheme, "mailto")) return link;
    return std::nullopt;
}

// Writes the tree. Iterative: how deep it is, is the sender's choice.
class Writer {
   public:
    explicit Writer(Kind kind) : kind_(kind) {}

    std::string write(const GumboNode& root) {
        push_children(root);
        while (!steps_.empty()) {
            const Step step = steps_.back();
            steps_.pop_back();
            if (step.closes) {
                close(step.node->v.element.tag);
            } else {
                visit(*step.node);
            }
        }
        return std::move(html_);
    }

   private:
    struct Step {
        const GumboNode* node;
        bool closes;
    };

    void push_children(const GumboNode& node) {
        const GumboVector& children = node.v.element.children;
        for (unsigned at = children.length; at > 0; --at) {
            steps_.push_back({static_cast<const GumboNode*>(children.data[at - 1]), false});
        }
    }

    void visit(const GumboNode& node) {
        switch (node.type) {
            case GUMBO_NODE_ELEMENT:
            case GUMBO_NODE_TEMPLATE:
                if (fits(node.v.element)) {
                    open(node.v.element);
                    steps_.push_back({&node, true});
                }
                push_children(node);
                break;
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_WHITESPACE: write_text(node.v.text.text); break;
            default: break;  // comments, CDATA of foreign content, the document
        }
    }

    bool fits(const GumboElement& element) const {
        if (element.tag_namespace != GUMBO_NAMESPACE_HTML || !keeps(kind_, element.tag)) return false;
        switch (group_of(element.tag)) {
            case Group::none: return true;
            case Group::link: return open_links_ == 0;
            case Group::heading: return open_headings_ == 0 && open_paragraphs_ == 0;
            case Group::paragraph:
            case Group::block: return open_paragraphs_ == 0;
        }
        return false;
    }

    void count(GumboTag tag, int change) {
        const Group group = group_of(tag);
        if (group == Group::link) open_links_ += change;
        if (group == Group::paragraph) open_paragraphs_ += change;
        if (group == Group::heading) open_headings_ += change;
        if (tag == GUMBO_TAG_A || tag == GUMBO_TAG_CODE || tag == GUMBO_TAG_PRE) open_unlinked_ += change;
    }

    void open(const GumboElement& element) {
        count(element.tag, 1);
        html_.append("<").append(gumbo_normalized_tagname(element.tag));
        if (element.tag == GUMBO_TAG_A) write_link(element);
        if (element.tag == GUMBO_TAG_A || element.tag == GUMBO_TAG_ABBR || element.tag == GUMBO_TAG_ACRONYM) write_title(element);
        if (nofollow_) html_ += " rel=\"nofollow\"";
        nofollow_ = false;
        html_ += '>';
        after_pre_ = element.tag == GUMBO_TAG_PRE;
    }

    void close(GumboTag tag) {
        count(tag, -1);
        html_.append("</").append(gumbo_normalized_tagname(tag)).append(">");
        after_pre_ = false;
    }

    void write_link(const GumboElement& element) {
        const GumboAttribute* const href = gumbo_get_attribute(&element.attributes, "href");
        if (href == nullptr) return;
        const auto link = read_link(href->value);
        if (!link) return;
        html_.append(" href=\"").append(base::escape_html(link->href)).append("\"");
        nofollow_ = link->nofollow;
    }

    void write_title(const GumboElement& element) {
        const GumboAttribute* const title = gumbo_get_attribute(&element.attributes, "title");
        if (title != nullptr) html_.append(" title=\"").append(base::escape_html(title->value)).append("\"");
    }

    void write_text(std::string_view text) {
        if (after_pre_ && text.starts_with('\n')) html_ += '\n';  // a reader drops the first line feed of a pre
        after_pre_ = false;
        if (open_unlinked_ > 0) {
            append_text(html_, text);
        } else {
            append_linked(html_, text);
        }
    }

    Kind kind_;
    std::string html_;
    std::vector<Step> steps_;
    int open_links_ = 0;
    int open_paragraphs_ = 0;
    int open_headings_ = 0;
    int open_unlinked_ = 0;  // elements whose text is not searched for URLs
    bool nofollow_ = false;
    bool after_pre_ = false;
};

}  // namespace

std::string sanitize(std::string_view html, Kind kind) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_BODY;
    const auto destroy = [&options](GumboOutput* output) { gumbo_destroy_output(&options, output); };
    const std::unique_ptr<GumboOutput, decltype(destroy)> output{gumbo_parse_with_options(&options, html.data(), html.size()),
                                                                 destroy};
    if (!output || output->root == nullptr)
        throw base::Error(base::Code::internal, "internal server error", "gumbo gave no tree");
    return Writer{kind}.write(*output->root);
}

}  // namespace app::markup
