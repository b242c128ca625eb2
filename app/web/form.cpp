#include "app/web/form.hpp"

#include <algorithm>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::web {
namespace {

std::string decode(std::string_view text) {
    std::optional<std::string> decoded = base::form_decode(text);
    if (!decoded) throw base::Error(base::Code::invalid, "the form holds a \"%\" that is not followed by two hexadecimal digits");
    if (!base::is_utf8(*decoded) || decoded->find('\0') != std::string::npos)
        throw base::Error(base::Code::invalid, "the form's text must be UTF-8 without NUL");
    return std::move(*decoded);
}

}  // namespace

std::vector<FormField> parse_form(std::string_view body, std::size_t fields_max) {
    std::vector<FormField> fields;
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const std::string_view pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (pair.empty()) continue;
        if (fields.size() == fields_max)
            throw base::Error(base::Code::too_large, "the form has more than " + std::to_string(fields_max) + " fields");
        const auto equals = std::min(pair.find('='), pair.size());
        fields.push_back({decode(pair.substr(0, equals)), decode(pair.substr(std::min(equals + 1, pair.size())))});
    }
    return fields;
}

std::optional<std::string_view> find_value(const std::vector<FormField>& fields, std::string_view name) noexcept {
    const auto found = std::ranges::find(fields, name, &FormField::name);
    if (found == fields.end()) return std::nullopt;
    return found->value;
}

}  // namespace app::web
