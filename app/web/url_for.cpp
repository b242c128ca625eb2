#include "app/web/url_for.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::web {
namespace {

void append(std::string& url, const std::variant<std::int64_t, std::string_view>& value, bool keep_slashes) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        url += std::to_string(*number);
        return;
    }
    const std::string_view text = std::get<std::string_view>(value);
    if (!keep_slashes) {
        url += base::percent_encode(text);
        return;
    }
    bool first = true;
    for (const std::string_view part : base::split(text, '/')) {
        if (!first) url += '/';
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
    append(url, argument->value, segment.converter == Converter::path);
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
        append(url, argument.value, false);
    }
    return url;
}

}  // namespace app::web
