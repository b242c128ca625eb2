#include "app/web/negotiation.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::web {
namespace {

// "0.25" -> 250; RFC 9110 allows three digits after the point.
int parse_quality(std::string_view text) {
    if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return 1000;
    int quality = (text[0] - '0') * 1000;
    if (text.size() > 1 && text[1] != '.') return 1000;
    int unit = 100;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') return 1000;
        quality += (digit - '0') * unit;
        unit /= 10;
    }
    return std::min(quality, 1000);
}

// The quality among the parameters of an element; 1 when there is none.
int find_quality(std::span<const std::string_view> parameters) {
    int quality = 1000;
    for (const std::string_view parameter : parameters) {
        const std::string_view trimmed = base::trim(parameter);
        if (trimmed.starts_with("q=") || trimmed.starts_with("Q=")) quality = parse_quality(trimmed.substr(2));
    }
    return quality;
}

// 0 for what no range covers. Of ranges that are as specific as each other the kindest counts.
int quality_of(std::string_view media_type, const std::vector<MediaRange>& ranges) {
    int quality = 0, specific = -1;
    for (const MediaRange& range : ranges) {
        if (!range.covers(media_type)) continue;
        const int how = (range.type != "*") + (range.subtype != "*");
        if (how > specific || (how == specific && range.quality > quality)) quality = range.quality;
        specific = std::max(specific, how);
    }
    return quality;
}

}  // namespace

bool MediaRange::covers(std::string_view media_type) const {
    const auto slash = media_type.find('/');
    if (type == "*") return true;
    return type == media_type.substr(0, slash) && (subtype == "*" || subtype == media_type.substr(slash + 1));
}

std::vector<MediaRange> parse_accept(std::string_view accept) {
    std::vector<MediaRange> ranges;
    for (const std::string_view element : base::split(accept, ',')) {
        const auto parts = base::split(element, ';');
        const std::string name = media_type(parts.front());
        if (name.empty()) continue;
        const auto slash = name.find('/');
        MediaRange range{name.substr(0, slash), name.substr(slash + 1)};
        if (range.type == "*" && range.subtype != "*") continue;
        range.quality = find_quality(std::span{parts}.subspan(1));
        ranges.push_back(std::move(range));
    }
    return ranges;
}

std::optional<std::string_view> choose_media_type(std::string_view accept, std::span<const std::string_view> offers) {
    const auto ranges = parse_accept(accept);
    if (ranges.empty()) return offers.front();
    std::optional<std::string_view> best;
    int best_quality = 0;
    for (const std::string_view offer : offers) {
        const int quality = quality_of(offer, ranges);
        if (quality <= best_quality) continue;
        best = offer;
        best_quality = quality;
    }
    return best;
}

bool prefers_json_error(std::string_view accept) {
    bool json = false;
    for (const MediaRange& range : parse_accept(accept)) {
        if (range.quality == 0) continue;
        if (range.covers("text/html") || range.covers("application/xhtml+xml")) return false;
        json = json || (range.type == "application" && range.subtype == "json");
    }
    return json;
}

std::string_view to_string(ContentCoding coding) noexcept {
    switch (coding) {
        case ContentCoding::gzip: return "gzip";
        case ContentCoding::brotli: return "br";
        case ContentCoding::identity: break;
    }
    return {};
}

ContentCoding choose_coding(std::string_view accept_encoding) {
    std::optional<int> brotli, gzip, identity, any;
    for (const std::string_view element : base::split(accept_encoding, ',')) {
        const auto parts = base::split(element, ';');
        const std::string name = base::to_lower_ascii(base::trim(parts.front()));
        const int quality = find_quality(std::span{parts}.subspan(1));
        if (name == "br") brotli = quality;
        if (name == "gzip" || name == "x-gzip") gzip = quality;
        if (name == "identity") identity = quality;
        if (name == "*") any = quality;
    }
    const int brotli_quality = brotli.value_or(any.value_or(0)), gzip_quality = gzip.value_or(any.value_or(0));
    const int best = std::max(brotli_quality, gzip_quality);
    if (best == 0 || best < identity.value_or(0)) return ContentCoding::identity;
    return brotli_quality == best ? ContentCoding::brotli : ContentCoding::gzip;
}

std::string media_type(std::string_view content_type) {
    const std::string_view name = base::trim(content_type.substr(0, content_type.find(';')));
    const auto slash = name.find('/');
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == name.size() || std::ranges::any_of(name, is_blank) ||
        name.find('/', slash + 1) != std::string_view::npos) {
        return {};
    }
    return base::to_lower_ascii(name);
}

bool is_json(std::string_view content_type) {
    const std::string name = media_type(content_type);
    return name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"));
}

bool is_xml(std::string_view content_type) {
    const std::string name = media_type(content_type);
    return name == "application/xml" || name == "text/xml";
}

}  // namespace app::web
