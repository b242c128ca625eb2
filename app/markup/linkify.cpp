#include "app/markup/linkify.hpp"

#include "app/base/text.hpp"

namespace app::markup {
namespace {

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Chinese sentences put their punctuation right behind a URL, without a blank: U+3000..303F and the full-width forms of ASCII
// punctuation (U+FF00..FF0F, FF1A..FF20, FF3B..FF40, FF5B..FF65), and the quotes U+2018..201F.
bool begins_with_cjk_punctuation(std::string_view text) {
    if (text.size() < 3) return false;
    const auto second = static_cast<unsigned char>(text[1]);
    const auto third = static_cast<unsigned char>(text[2]);
    switch (static_cast<unsigned char>(text[0])) {
        case 0xE2: return second == 0x80 && third >= 0x98 && third <= 0x9F;
        case 0xE3: return second == 0x80;
        case 0xEF:
            if (second == 0xBC) return third <= 0x8F || (third >= 0x9A && third <= 0xA0) || third >= 0xBB;
            return second == 0xBD && (third == 0x80 || (third >= 0x9B && third <= 0xA5));
        default: return false;
    }
}

std::size_t run_bytes(std::string_view text) {
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const auto byte = static_cast<unsigned char>(text[end]);
        if (byte <= ' ' || byte == 0x7F || byte == '<' || byte == '>' || byte == '"') break;
        if (byte >= 0xE2 && begins_with_cjk_punctuation(text.substr(end))) break;
    }
    return end;
}

std::string_view without_trailing_punctuation(std::string_view url) {
    std::size_t opened = 0;
    std::size_t closed = 0;
    for (const char c : url) {
        opened += c == '(';
        closed += c == ')';
    }
    while (!url.empty()) {
        const char last = url.back();
        if (last == ')' && closed > opened) {
            --closed;
        } else if (std::string_view{"?!.,:;'*_~]"}.find(last) == std::string_view::npos) {
            break;
        }
        url.remove_suffix(1);
    }
    return url;
}

// What stands before the host if a URL begins here: "http://", "https://", "www." or nothing.
std::string_view prefix_of(std::string_view text) {
    for (const std::string_view prefix : {"http://", "https://", "www."}) {
        if (base::equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return text.substr(0, prefix.size());
    }
    return {};
}

bool has_host(std::string_view prefix, std::string_view url) {
    if (url.size() <= prefix.size() || !is_word(url[prefix.size()])) return false;
    if (prefix.ends_with('/')) return true;
    const std::string_view host = url.substr(prefix.size(), url.find_first_of("/?#", prefix.size()) - prefix.size());
    const auto dot = host.find('.');
    return dot != std::string_view::npos && dot + 1 < host.size() && is_word(host[dot + 1]);
}

void append_link(std::string& html, std::string_view prefix, std::string_view url) {
    html += "<a href=\"";
    if (!prefix.ends_with('/')) html += "http://";
    html += base::escape_html(url);
    html += "\" rel=\"nofollow\">";
    append_text(html, url);
    html += "</a>";
}

}  // namespace

void append_text(std::string& html, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            default: html += c;
        }
    }
}

void append_linked(std::string& html, std::string_view text) {
    std::size_t copied = 0;
    std::size_t at = 0;
    while ((at = text.find_first_of("hHwW", at)) != std::string_view::npos) {
        const bool inside_word = at > 0 && ((is_word(text[at - 1]) && static_cast<unsigned char>(text[at - 1]) < 0x80) ||
                                            std::string_view{"@./_-+=&"}.find(text[at - 1]) != std::string_view::npos);
        const std::string_view prefix = inside_word ? std::string_view{} : prefix_of(text.substr(at));
        if (prefix.empty()) {
            ++at;
            continue;
        }
        const std::string_view run = text.substr(at, run_bytes(text.substr(at)));
        const std::string_view url = without_trailing_punctuation(run);
        if (has_host(prefix, url)) {
            append_text(html, text.substr(copied, at - copied));
            append_link(html, prefix, url);
            copied = at + url.size();
        }
        at += run.size();  // what the run holds was looked at: looking again would make the cost quadratic
    }
    append_text(html, text.substr(copied));
}

}  // namespace app::markup
