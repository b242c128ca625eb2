// parse_cookies: bounded, nothing but what RFC 6265 allows comes out, and that can be written and read again.
#include "app/web/cookie.hpp"

#include <string>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto cookies = app::web::parse_cookies(fuzz::text(data, size));
    fuzz::require(cookies.size() <= 100, "no more cookies than allowed");
    std::string again;
    for (const auto& [name, value] : cookies) {
        fuzz::require(!name.empty() && name.find_first_of("=; \t\"") == std::string_view::npos, "a name is a token");
        fuzz::require(value.find_first_of("; \t\",\\") == std::string_view::npos, "a value holds no separator");
        again.append(again.empty() ? "" : "; ").append(name).append("=").append(value);
    }
    fuzz::require(app::web::parse_cookies(again) == cookies, "what was accepted re-serialises");
    return 0;
}
