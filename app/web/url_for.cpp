#include "app/web/url_for.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::web {
namespace {

void append_value(std::string& url, const std::variant<std::int64_t, std::string_view>& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        url += std::to_string(*number);
    } else {
        url += base::percent_encode(std::get<std::string_view>(value));
    }
}

// Browsers take a segment of dots away, encoded or not: the link would lead elsewhere.
void check_dots(std::string_view segment, std::string_view name) {
    if (segment != "." && segment != "..") return;
    throw base::Error(base::Code::invalid, "a link with a dot segment in \"" + std::string(name) + "\"");
}

// A slash that would follow a slash is encoded: "//host" is another server.
void append_path(std::string& url, std::string_view path, std::string_view name) {
    bool first = true;
    for (const std::string_view part : base::split(path, '/')) {
        check_dots(part, name);
        if (!first) url += url.ends_with('/') ? "%2F" : "/";
        first = false;
        url += base::percent_encode(part);
    }
}

void append_segment(std::string& url, const Segment& segment, std::span<const UrlArgument> arguments) {
    url += '/';
    if (!segment.is_variable()) {
        url += segment.text;
        return;
    }
    const auto argument = std::ranges::find(arguments, segment.text, &UrlArgument::name);
    const auto* text = std::get_if<std::string_view>(&argument->value);
    if (text && text->empty()) {
        throw base::Error(base::Code::invalid, "a link with an empty \"" + std::string(segment.text) + "\"");
    }
    if (segment.converter == Converter::path) return append_path(url, *text, segment.text);
    if (text) check_dots(*text, segment.text);
    append_value(url, argument->value);
}

}  // namespace

std::string build_url(const Site& site, const Rule& rule, std::span<const UrlArgument> arguments, bool external) {
    std::string url;
    if (external) {
        if (site.public_url().empty()) {
            throw base::Error(base::Code::internal, "an absolute link to " + rule.endpoint +
                                                        " needs PUBLIC_URL, the scheme and host of this server; set it");
        }
        url = site.public_url();
    }
    const Pattern& pattern = *rule.route->pattern;
    url += rule.blueprint->url_prefix;
    for (const Segment& segment : pattern) append_segment(url, segment, arguments);
    if (pattern.trailing_slash) url += '/';
    char separator = '?';
    for (const UrlArgument& argument : arguments) {
        if (pattern.has_variable(argument.name) || argument.name == "_external") continue;
        url += separator;
        separator = '&';
        url += argument.name;
        url += '=';
        append_value(url, argument.value);
    }
    return url;
}

}  // namespace app::web
