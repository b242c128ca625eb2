// The Cookie header of a request (RFC 6265 section 4.2). Unlike the rest of a request it is not all of one sender's making: other
// applications under the same domain put their cookies there, so that a pair that is malformed is passed over and not refused.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "app/web/request.hpp"

namespace app::web {

struct Cookie {
    std::string_view name;   // a token; case counts
    std::string_view value;  // without the quotes around it, otherwise as sent

    bool operator==(const Cookie&) const = default;
};

// The well-formed pairs of a Cookie header's value, in its order, the first 100 of them: browsers keep fewer for one site.
std::vector<Cookie> parse_cookies(std::string_view header);

// The first cookie of that name: of several, browsers send the one with the longest path first.
std::optional<std::string_view> find_cookie(const Request& request, std::string_view name);

}  // namespace app::web
