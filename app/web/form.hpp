// The fields of an HTML form that was sent as application/x-www-form-urlencoded (WHATWG URL, section 5.1), read strictly.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::web {

struct FormField {
    std::string name;   // decoded, UTF-8 without NUL
    std::string value;  // likewise

    bool operator==(const FormField&) const = default;
};

// The fields of a body in its order; a name may occur more than once, a field without "=" has the value "", and empty pieces
// ("a=1&&b=2") are passed over. Throws invalid for a "%" without two hexadecimal digits and for what is not UTF-8 or holds NUL,
// too_large for more than `fields_max` fields.
std::vector<FormField> parse_form(std::string_view body, std::size_t fields_max = 1000);

// The first value of that name.
std::optional<std::string_view> find_value(const std::vector<FormField>& fields, std::string_view name) noexcept;

}  // namespace app::web
