#include "app/markup/markup.hpp"

#include <cmark-gfm.h>

#include <cstdlib>
#include <memory>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/markup/affordable.hpp"
#include "app/markup/linkify.hpp"
#include "app/markup/sanitize.hpp"

namespace app::markup {
namespace {

// Raw HTML passes (UNSAFE): the sanitizer decides on it. No extension is used, autolink included: bare URLs are linked after
// sanitising, where raw HTML has them too.
constexpr int cmark_options = CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8;

struct FreeNode {
    void operator()(cmark_node* node) const noexcept { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, FreeNode>;

struct FreeText {
    void operator()(char* text) const noexcept { std::free(text); }
};

// What the sanitizer would have to do.
TreeCost measure(cmark_node* document) {
    TreeCost cost;
    std::size_t depth = 0;
    std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> walk{cmark_iter_new(document), cmark_iter_free};
    for (cmark_event_type event; (event = cmark_iter_next(walk.get())) != CMARK_EVENT_DONE;) {
        cmark_node* const node = cmark_iter_get_node(walk.get());
        const cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
            cost.add_raw(cmark_node_get_literal(node));
        } else if (cmark_node_first_child(node) != nullptr) {
            event == CMARK_EVENT_ENTER ? cost.add_element(++depth) : void(--depth);
        }
    }
    return cost;
}

std::string_view without_outer_line_feeds(std::string_view text) {
    const auto first = text.find_first_not_of('\n');
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of('\n') - first + 1);
}

std::string as_text(std::string_view markdown, Kind kind) {
    std::string html;
    append_text(html, base::trim(markdown));
    return kind == Kind::post ? "<p>" + html + "</p>" : html;
}

std::string render(std::string_view markdown, Kind kind) {
    if (!is_affordable(markdown)) return as_text(markdown, kind);
    const Document document{cmark_parse_document(markdown.data(), markdown.size(), cmark_options)};
    if (!document) throw base::Error(base::Code::internal, "internal server error", "cmark gave no document");
    if (!measure(document.get()).is_affordable(markdown.size())) return as_text(markdown, kind);
    const std::unique_ptr<char, FreeText> html{cmark_render_html(document.get(), cmark_options, nullptr)};
    // Without the last line feed: behind an unclosed <b> it would be bold, an element of its own.
    return std::string{without_outer_line_feeds(sanitize(without_outer_line_feeds(html.get()), kind))};
}

}  // namespace

std::string render_post(std::string_view markdown) { return render(markdown, Kind::post); }

std::string render_comment(std::string_view markdown) { return render(markdown, Kind::comment); }

}  // namespace app::markup
