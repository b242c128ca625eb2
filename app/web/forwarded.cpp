#include "app/web/forwarded.hpp"

#include <algorithm>
#include <ranges>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/token.hpp"

namespace app::web {
namespace {

constexpr std::size_t pairs_max = 16;  // RFC 7239 knows four, and any may be added

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 7239 lets a port be hidden too: "_mark".
bool is_port(std::string_view text) {
    if (text.starts_with('_')) return is_token(text);
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit);
}

// A whole quoted-string's text (RFC 9110 section 5.6.4).
std::optional<std::string> unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    text = text.substr(1, text.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\') ++i;
        if (i == text.size()) return std::nullopt;
        plain += text[i];
    }
    return plain;
}

// Where the first part of `text` ends: at a semicolon that is not between quotes.
std::size_t end_of_pair(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ';' && !quoted) {
            return i;
        }
    }
    return text.size();
}

// The elements of all headers of that name, the last one first, given to `use` until it returns false.
template <class Use>
void for_each_from_right(const Request& request, std::string_view name, Use&& use) {
    for (const Header& header : std::views::reverse(request.headers)) {
        if (!base::equal_ignoring_case(header.name, name)) continue;
        std::string_view list = header.value;
        while (!list.empty()) {
            const std::string_view element = take_last_element(list);
            if (!element.empty() && !use(element)) return;  // an empty one says nothing (RFC 9110 section 5.6.1)
        }
    }
}

// "http" or "https" as text that stays.
std::optional<std::string_view> find_scheme(std::string_view text) {
    for (const std::string_view scheme : {"http", "https"}) {
        if (base::equal_ignoring_case(text, scheme)) return scheme;
    }
    return std::nullopt;
}

}  // namespace

std::string_view take_last_element(std::string_view& list) noexcept {
    bool quoted = false;
    std::size_t begin = list.size();
    for (; begin > 0; --begin) {
        const char c = list[begin - 1];
        if (c == ',' && !quoted) break;
        if (c != '"') continue;
        std::size_t backslashes = 0;
        while (quoted && backslashes + 1 < begin && list[begin - 2 - backslashes] == '\\') ++backslashes;
        if (backslashes % 2 == 0) quoted = !quoted;
    }
    const std::string_view element = list.substr(begin);
    list = list.substr(0, begin == 0 ? 0 : begin - 1);
    return base::trim(element);
}

std::optional<base::Address> parse_node(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(end + 1), inside = text.substr(1, end - 1);
        const bool has_port = rest.starts_with(':') && is_port(rest.substr(1));
        if ((!rest.empty() && !has_port) || inside.find(':') == std::string_view::npos) return std::nullopt;
        return base::parse_address(inside);
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
        if (!is_port(text.substr(colon + 1))) return std::nullopt;
        text = text.substr(0, colon);
    }
    return base::parse_address(text);
}

std::optional<ForwardedElement> parse_forwarded_element(std::string_view text) {
    ForwardedElement element;
    std::vector<std::string> seen;
    while (!text.empty()) {
        const std::size_t end = end_of_pair(text);
        const std::string_view pair = base::trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        std::string name = base::to_lower_ascii(pair.substr(0, equals));
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        const auto plain = is_token(value) ? std::optional{std::string(value)} : unquote(value);
        if (!is_token(name) || !plain || seen.size() == pairs_max || std::ranges::find(seen, name) != seen.end())
            return std::nullopt;
        if (name == "for") element.node = *plain;
        if (name == "proto") element.proto = *plain;
        seen.push_back(std::move(name));
    }
    return element;
}

Proxies::Proxies(std::span<const std::string> networks, ForwardedHeader header) : header_(header) {
    for (const std::string& text : networks) {
        const auto network = base::parse_network(text);
        if (!network) throw base::Error(base::Code::invalid, "\"" + text + "\" is neither an address nor a network");
        networks_.push_back(*network);
    }
}

bool Proxies::trusts(const base::Address& address) const noexcept {
    return std::ranges::any_of(networks_, [&](const base::Network& network) { return network.contains(address); });
}

std::optional<Client> Proxies::find_client(const Request& request) const {
    const auto peer = base::parse_address(request.peer);
    if (!peer || !trusts(*peer)) return std::nullopt;
    base::Address client = *peer;
    std::string_view scheme = request.scheme;
    const auto go_to = [&](const std::optional<base::Address>& node) {
        if (node) client = *node;
        return node && trusts(*node);
    };
    if (header_ == ForwardedHeader::forwarded) {
        bool is_last = true;
        for_each_from_right(request, "Forwarded", [&](std::string_view text) {
            const auto element = parse_forwarded_element(text);
            if (!element) return false;
            if (is_last) scheme = find_scheme(element->proto).value_or(scheme);
            is_last = false;
            return go_to(parse_node(element->node));
        });
    } else {
        for_each_from_right(request, "X-Forwarded-For", [&](std::string_view text) { return go_to(parse_node(text)); });
        for_each_from_right(request, "X-Forwarded-Proto", [&](std::string_view text) {
            scheme = find_scheme(text).value_or(scheme);
            return false;
        });
    }
    return Client{.address = base::to_string(client), .scheme = scheme};
}

}  // namespace app::web
