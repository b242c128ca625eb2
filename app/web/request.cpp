#include "app/web/request.hpp"

#include "app/base/text.hpp"

namespace app::web {

std::string_view Request::path() const noexcept { return target.substr(0, target.find('?')); }

std::string_view Request::query() const noexcept {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::optional<std::string_view> Request::header(std::string_view name) const noexcept {
    for (const Header& header : headers) {
        if (base::equal_ignoring_case(header.name, name)) return header.value;
    }
    return std::nullopt;
}

std::string Request::joined_header(std::string_view name) const {
    std::string joined;
    for (const Header& header : headers) {
        if (!base::equal_ignoring_case(header.name, name)) continue;
        if (!joined.empty()) joined += ", ";
        joined += header.value;
    }
    return joined;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    std::string_view rest = query();
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const auto equals = pair.find('=');
        if (base::form_decode(pair.substr(0, equals)) != name) continue;
        return equals == std::string_view::npos ? std::string{} : base::form_decode(pair.substr(equals + 1));
    }
    return std::nullopt;
}

}  // namespace app::web
