#include "app/web/xml.hpp"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::web {
namespace {

using base::Code;
using base::Error;

constexpr int depth_max = 64;
constexpr int elements_max = 10'000;
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// How many bytes of `text`, which is UTF-8, are at its front a character that XML cannot carry: a control character, U+FFFE, U+FFFF.
std::size_t forbidden_bytes(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20) return blanks.find(text.front()) == std::string_view::npos ? 1 : 0;
    return text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf") ? 3 : 0;
}

bool is_character(std::uint32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}

// Names as pugixml reads them.
bool is_xml_name(std::string_view name) {
    const auto begins = [](unsigned char c) { return std::isalpha(c) || c == '_' || c == ':' || c >= 0x80; };
    const auto goes_on = [&](unsigned char c) { return begins(c) || std::isdigit(c) || c == '-' || c == '.'; };
    return !name.empty() && begins(static_cast<unsigned char>(name.front())) && std::ranges::all_of(name, goes_on);
}

std::string singular(std::string_view name) {
    return name.size() > 1 && name.ends_with('s') ? std::string(name.substr(0, name.size() - 1)) : "item";
}

std::string carried(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t forbidden = forbidden_bytes(text);
        out.append(forbidden ? replacement : text.substr(0, 1));
        text.remove_prefix(std::max<std::size_t>(forbidden, 1));
    }
    return out;
}

std::string scalar_text(const Value& value) {
    if (const auto* text = value.string()) return carried(*text);
    if (const auto* flag = value.boolean()) return *flag ? "true" : "false";
    if (const auto* number = value.integer()) return std::to_string(*number);
    if (const auto* number = value.real()) {
        char digits[32];
        return {digits, std::to_chars(digits, digits + sizeof digits, *number).ptr};
    }
    return {};
}

class ElementBuilder {
   public:
    explicit ElementBuilder(std::string_view root) : root_(root) {}

    void append(pugi::xml_node parent, std::string_view name, const Value& value) {
        if (!is_xml_name(name)) throw Error(Code::internal, "internal server error", "no XML name: " + std::string(name));
        pugi::xml_node element = parent.append_child(std::string(name).c_str());
        if (const auto* members = value.object()) {
            for (const auto& [member, content] : *members) append(element, member, content);
        } else if (const auto* items = value.list()) {
            const std::string item = singular(name == "items" ? root_ : name);
            for (const Value& content : *items) append(element, item, content);
        } else if (const std::string text = scalar_text(value); !text.empty()) {
            element.append_child(pugi::node_pcdata).set_value(text.c_str());
        }
    }

   private:
    std::string_view root_;
};

// pugixml writes a carriage return as it is, and every reader takes that for a line feed.
class Writer : public pugi::xml_writer {
   public:
    void write(const void* data, std::size_t size) override {
        for (const char c : std::string_view{static_cast<const char*>(data), size}) {
            if (c == '\r') {
                text_ += "&#13;";
            } else {
                text_ += c;
            }
        }
    }
    std::string result() { return std::move(text_); }

   private:
    std::string text_;
};

[[noreturn]] void refuse(const std::string& what, std::size_t at) {
    throw Error(Code::invalid, what + " at byte " + std::to_string(at + 1));
}

// Finds what pugixml lets pass and must not: it reads what it can. Linear in the text.
class Check {
   public:
    explicit Check(std::string_view text) : text_(text) {}

    void run() {
        check_characters();
        while ((at_ = text_.find_first_of("<&", at_)) < text_.size()) {
            if (text_[at_] == '&') {
                skip_reference();
            } else if (!skip("<!--", "-->") && !skip("<![CDATA[", "]]>") && !skip("<?", "?>")) {
                skip_tag();
            }
        }
    }

   private:
    void check_characters() const {
        for (std::size_t at = 0; at < text_.size(); ++at) {
            const auto byte = static_cast<unsigned char>(text_[at]);
            if (byte >= 0x20 && byte != 0xef) continue;
            if (forbidden_bytes(text_.substr(at))) refuse("a character that XML cannot carry", at);
        }
    }

    bool skip(std::string_view opening, std::string_view closing) {
        if (!text_.substr(at_).starts_with(opening)) return false;
        const auto end = text_.find(closing, at_ + opening.size());
        if (end == std::string_view::npos) refuse("malformed XML: no " + std::string(closing) + " for what begins", at_);
        at_ = end + closing.size();
        return true;
    }

    void skip_tag() {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("<!")) refuse("a DOCTYPE or another declaration, which is not read here,", at_);
        if (!rest.starts_with("</") && ++elements_ > elements_max) {
            refuse("more than " + std::to_string(elements_max) + " XML elements", at_);
        }
        ++at_;
    }

    void skip_reference() {
        constexpr std::size_t longest = 12;  // &#x0010ffff; is
        const std::string_view rest = text_.substr(at_ + 1, longest);
        const auto end = rest.find(';');
        if (end == std::string_view::npos || !is_known(rest.substr(0, end))) refuse("an unknown XML entity", at_);
        at_ += end + 2;
    }

    static bool is_known(std::string_view name) {
        constexpr std::string_view predefined[] = {"amp", "lt", "gt", "quot", "apos"};
        if (!name.starts_with('#')) return std::ranges::find(predefined, name) != std::end(predefined);
        name.remove_prefix(1);
        const int number_base = name.starts_with('x') ? 16 : 10;
        if (number_base == 16) name.remove_prefix(1);
        std::uint32_t code = 0;
        const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), code, number_base);
        return problem == std::errc{} && end == name.data() + name.size() && is_character(code);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int elements_ = 0;
};

bool is_text(const pugi::xml_node& node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

std::size_t offset_of(const pugi::xml_node& node) {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
}

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }

Value::Object members_of(const pugi::xml_node& element, int depth);

Value content_of(const pugi::xml_node& element, int depth) {
    if (depth > depth_max) refuse("XML nested deeper than " + std::to_string(depth_max) + " elements", offset_of(element));
    const auto is_element = [](const pugi::xml_node& node) { return node.type() == pugi::node_element; };
    if (element.find_child(is_element)) return members_of(element, depth);
    std::string text;
    for (const pugi::xml_node& node : element.children()) text += node.value();  // several where comments or CDATA stood
    return text;
}

Value::Object members_of(const pugi::xml_node& element, int depth) {
    Value::Object members;
    for (const pugi::xml_node& child : element.children()) {
        if (is_text(child)) {
            if (!is_blank(child.value())) refuse("text beside elements, or in the outermost one,", offset_of(child));
        } else if (!members.emplace(child.name(), content_of(child, depth + 1)).second) {
            refuse("a second element \"" + std::string(child.name()) + "\" in one element", offset_of(child));
        }
    }
    return members;
}

// The one element of the document.
pugi::xml_node root_of(const pugi::xml_document& document) {
    pugi::xml_node root;
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_declaration) {
            const std::string_view encoding = node.attribute("encoding").value();
            if (encoding.empty() || base::equal_ignoring_case(encoding, "utf-8") ||
                base::equal_ignoring_case(encoding, "us-ascii"))
                continue;
            throw Error(Code::invalid, "the XML declares an encoding that is not UTF-8");
        }
        if (is_text(node) ? !is_blank(node.value()) : static_cast<bool>(root)) {
            throw Error(Code::invalid, "malformed XML: something stands beside the outermost element");
        }
        if (!is_text(node)) root = node;
    }
    if (!root) throw Error(Code::invalid, "malformed XML: there is no element");
    return root;
}

}  // namespace

std::string to_xml(const Value& document, std::string_view root) {
    pugi::xml_document xml;
    ElementBuilder(root).append(xml, root, document);
    Writer writer;
    xml.save(writer, "", pugi::format_raw, pugi::encoding_utf8);
    return writer.result();
}

Value parse_xml_object(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (!base::is_utf8(text)) throw Error(Code::invalid, "the XML is not UTF-8");
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Check(text).run();
    pugi::xml_document document;
    constexpr unsigned options = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_declaration | pugi::parse_fragment;
    const auto result = document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
    if (result.status == pugi::status_out_of_memory) throw Error(Code::unavailable, "out of memory");
    if (!result) refuse("malformed XML", static_cast<std::size_t>(result.offset));
    return members_of(root_of(document), 1);
}

}  // namespace app::web
