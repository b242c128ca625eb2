#include "app/web/cookie.hpp"

#include <algorithm>
#include <cstddef>

#include "app/web/token.hpp"

namespace app::web {
namespace {

constexpr std::size_t cookies_max = 100;

bool is_value(std::string_view text) {
    constexpr std::string_view excluded = "\",;\\";
    return std::ranges::all_of(text, [&](char c) { return c > 0x20 && c < 0x7F && excluded.find(c) == std::string_view::npos; });
}

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::vector<Cookie> parse_cookies(std::string_view header) {
    std::vector<Cookie> cookies;
    while (!header.empty() && cookies.size() < cookies_max) {
        const auto end = std::min(header.find(';'), header.size());
        const std::string_view pair = trim_blanks(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = pair.substr(0, equals);
        std::string_view value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (is_token(name) && is_value(value)) cookies.push_back({name, value});
    }
    return cookies;
}

std::optional<std::string_view> find_cookie(const Request& request, std::string_view name) {
    const auto header = request.header("Cookie");
    if (!header) return std::nullopt;
    for (const Cookie& cookie : parse_cookies(*header)) {
        if (cookie.name == name) return cookie.value;
    }
    return std::nullopt;
}

}  // namespace app::web
