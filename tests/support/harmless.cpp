#include "tests/support/harmless.hpp"

#include <gumbo.h>

#include <memory>
#include <set>

#include "app/base/text.hpp"

namespace tests {
namespace {

using app::markup::Kind;

const std::set<std::string_view> comment_elements{"a", "abbr", "acronym", "b", "code", "em", "i", "strong"};
const std::set<std::string_view> post_elements{"a",  "abbr", "acronym", "b",  "blockquote", "code", "em", "i", "li",
                                               "ol", "pre",  "strong",  "ul", "h1",         "h2",   "h3", "p"};

std::string name_of(const GumboElement& element) {
    if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
    GumboStringPiece piece = element.original_tag;
    gumbo_tag_from_original_text(&piece);
    return std::string(piece.data, piece.length);
}

// As a browser's URL parser begins: controls and blanks around go, and so do tabs and line ends.
std::string scheme_of(std::string_view href) {
    std::string url;
    for (const char c : href) {
        if (static_cast<unsigned char>(c) > ' ') url += c;
    }
    const auto end = url.find_first_of(":/?#");
    return end != std::string::npos && url[end] == ':' ? app::base::to_lower_ascii(url.substr(0, end)) : "";
}

std::string find_harm(const GumboElement& element, const std::string& name) {
    const bool is_link = name == "a";
    const auto allowed = [&](std::string_view attribute) {
        return attribute == "title" ? is_link || name == "abbr" || name == "acronym"
                                    : is_link && (attribute == "href" || attribute == "rel");
    };
    for (unsigned i = 0; i < element.attributes.length; ++i) {
        const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
        if (!allowed(attribute.name)) return name + "[" + attribute.name + "]";
    }
    const GumboAttribute* const href = gumbo_get_attribute(&element.attributes, "href");
    if (!href) return {};
    const std::string scheme = scheme_of(href->value);
    const GumboAttribute* const rel = gumbo_get_attribute(&element.attributes, "rel");
    const bool is_followed = !rel || rel->value != std::string_view{"nofollow"};
    const bool is_good = scheme == "mailto" || ((scheme.empty() || scheme == "http" || scheme == "https") && !is_followed);
    return is_good ? "" : "a[href=" + std::string(href->value) + "]";
}

std::string find_harm(const GumboNode& node, const std::set<std::string_view>& elements) {
    switch (node.type) {
        case GUMBO_NODE_ELEMENT: break;
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_WHITESPACE: return {};
        default: return "a comment or the like";
    }
    const GumboElement& element = node.v.element;
    std::string name = name_of(element);
    const bool is_page = name == "html" || name == "head" || name == "body";
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML || (!is_page && !elements.contains(name))) return name;
    if (auto harm = find_harm(element, name); !harm.empty()) return harm;
    for (unsigned i = 0; i < element.children.length; ++i) {
        if (auto harm = find_harm(*static_cast<const GumboNode*>(element.children.data[i]), elements); !harm.empty()) return harm;
    }
    return {};
}

}  // namespace

std::string find_harm(std::string_view html, Kind kind) {
    const std::string page = "<!DOCTYPE html><body>" + std::string(html);
    const auto destroy = [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); };
    const std::unique_ptr<GumboOutput, decltype(destroy)> parsed{
        gumbo_parse_with_options(&kGumboDefaultOptions, page.data(), page.size()), destroy};
    return find_harm(*parsed->root, kind == Kind::post ? post_elements : comment_elements);
}

}  // namespace tests
