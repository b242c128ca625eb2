// HTTP status codes: their phrases, and the one table that says what an Error's code means for HTTP.
#pragma once

#include <string_view>

#include "app/base/error.hpp"

namespace app::web {

// 400 for invalid, 404 for not_found and so on; 500 for internal.
int status_of(base::Code code) noexcept;

// "Not Found" for 404 (RFC 9110 section 15); "Unknown" for a number without a registered phrase.
std::string_view reason_phrase(int status) noexcept;

}  // namespace app::web
