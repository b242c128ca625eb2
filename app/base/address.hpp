// Internet addresses and the networks that hold them, as text writes them. IPv4 and IPv6 are one kind: an IPv4 address is kept as
// the IPv6 address that maps it (::ffff:192.0.2.1, RFC 4291 section 2.5.5.2), so that a client is the same one whichever of both
// a socket reports. Any thread; nothing here throws (memory aside) or asks a name server.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace app::base {

struct Address {
    std::array<std::uint8_t, 16> bytes{};  // in network order

    bool is_ipv4() const noexcept;
    bool operator==(const Address&) const = default;
};

// "192.0.2.1" (four decimal numbers without leading zeros) or "2001:db8::1"; nothing for all else: names, ports, zones, blanks.
std::optional<Address> parse_address(std::string_view text) noexcept;

// The shortest way to write it (RFC 5952); four numbers for IPv4.
std::string to_string(const Address& address);

struct Network {
    Address address;  // the first one
    int bits = 128;   // how many of its first bits all its addresses share

    // An IPv4 address is in IPv4 networks only, although "::/0" holds the one that maps it.
    bool contains(const Address& one) const noexcept;
};

// "10.0.0.0/8", "2001:db8::/32", or one address. Nothing for all else, and for bits that are set behind the prefix ("10.0.0.1/8"):
// whoever writes that means something else.
std::optional<Network> parse_network(std::string_view text) noexcept;

}  // namespace app::base
