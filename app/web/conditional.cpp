#include "app/web/conditional.hpp"

#include <algorithm>
#include <vector>

#include "app/base/text.hpp"

namespace app::web {
namespace {

constexpr std::string_view weak_mark = "W/";

std::string_view without_weak_mark(std::string_view tag) {
    if (tag.starts_with(weak_mark)) tag.remove_prefix(weak_mark.size());
    return tag;
}

// The tags of a list, each as it stands there; a tag may hold commas. What is no tag ends the list.
std::vector<std::string_view> parse_tags(std::string_view list) {
    std::vector<std::string_view> tags;
    while (true) {
        const auto start = list.find_first_not_of(", \t");
        if (start == std::string_view::npos) return tags;
        list.remove_prefix(start);
        const std::string_view quoted = without_weak_mark(list);
        const auto end = quoted.find('"', 1);
        if (!quoted.starts_with('"') || end == std::string_view::npos) return tags;
        const auto size = list.size() - quoted.size() + end + 1;
        tags.push_back(list.substr(0, size));
        list.remove_prefix(size);
    }
}

// The one of the client's tags that is `etag` in some coding: in the one that this request asks for, if there are several.
std::optional<std::string> find_listed(std::string_view list, std::string_view etag, ContentCoding asked) {
    const auto tags = parse_tags(list);
    for (const ContentCoding coding : {asked, ContentCoding::identity, ContentCoding::gzip, ContentCoding::brotli}) {
        std::string tag = coded_tag(etag, coding);
        if (std::ranges::find(tags, without_weak_mark(tag), without_weak_mark) != tags.end()) return tag;
    }
    return std::nullopt;
}

}  // namespace

std::string coded_tag(std::string_view etag, ContentCoding coding) {
    std::string tag{etag};
    if (coding == ContentCoding::identity || !tag.starts_with('"') || tag.size() < 2) return tag;
    return tag.insert(tag.size() - 1, "-" + std::string(to_string(coding)));
}

std::optional<Response> not_modified(const Request& request, std::string_view etag) {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    const std::string list = request.joined_header("If-None-Match");
    if (list.empty()) return std::nullopt;
    std::optional<std::string> tag{etag};
    if (base::trim(list) != "*") tag = find_listed(list, etag, choose_coding(request.joined_header("Accept-Encoding")));
    if (!tag) return std::nullopt;
    return empty_response(304).set("ETag", std::move(*tag));
}

bool if_match_holds(const Request& request, std::string_view etag) {
    if (!request.header("If-Match")) return true;
    const std::string list = request.joined_header("If-Match");
    if (base::trim(list) == "*") return true;
    const auto tags = parse_tags(list);
    for (const ContentCoding coding : {ContentCoding::identity, ContentCoding::gzip, ContentCoding::brotli}) {
        const std::string tag = coded_tag(etag, coding);
        if (!tag.starts_with(weak_mark) && std::ranges::find(tags, tag) != tags.end()) return true;
    }
    return false;
}

bool if_range_holds(const Request& request, std::string_view etag) {
    const auto condition = request.header("If-Range");
    return !condition || (*condition == etag && !etag.starts_with(weak_mark));
}

}  // namespace app::web
