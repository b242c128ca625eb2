// HTTP methods, alone and as sets: `GET | POST`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace app::web {

// A set of methods; also the value of a single one. A structural type, so that a route can carry it as a template argument.
struct Methods {
    unsigned bits = 0;

    constexpr bool empty() const { return bits == 0; }
    constexpr bool contains(Methods other) const { return (bits & other.bits) == other.bits; }
    constexpr Methods operator|(Methods other) const { return {bits | other.bits}; }
    constexpr bool operator==(const Methods&) const = default;
};

inline constexpr Methods GET{1}, HEAD{2}, POST{4}, PUT{8}, PATCH{16}, DELETE{32}, OPTIONS{64};

// The method of that name (RFC 9110 section 9: names are case-sensitive), or nothing for one that Dewar does not know.
std::optional<Methods> find_method(std::string_view name) noexcept;

// "GET, HEAD, OPTIONS": as the Allow header wants it, in a fixed order.
std::string to_string(Methods methods);

}  // namespace app::web
