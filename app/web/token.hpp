// RFC 9110 section 5.6.2: what names of headers and parameters, methods and media types are made of.
#pragma once

#include <string_view>

namespace app::web {

constexpr bool is_token(std::string_view text) noexcept {
    constexpr std::string_view characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~";
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace app::web
