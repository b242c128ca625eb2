#include "app/base/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "app/base/text.hpp"

namespace app::base {
namespace {

constexpr std::size_t mapped_bytes = 12;  // of an IPv4 address, before its own four
constexpr int mapped_bits = 96;
constexpr std::array<std::uint8_t, mapped_bytes> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool same_bits(const Address& a, const Address& b, int bits) noexcept {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.bytes.begin(), a.bytes.begin() + bits / 8, b.bytes.begin())) return false;
    if (bits % 8 == 0) return true;
    return ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - bits % 8)) == 0;
}

}  // namespace

bool Address::is_ipv4() const noexcept { return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin()); }

std::optional<Address> parse_address(std::string_view text) noexcept {
    char copy[INET6_ADDRSTRLEN] = "";
    if (text.size() >= sizeof copy || text.find('\0') != std::string_view::npos) return std::nullopt;
    text.copy(copy, text.size());
    Address address;
    if (::inet_pton(AF_INET6, copy, address.bytes.data()) == 1) return address;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
    if (::inet_pton(AF_INET, copy, address.bytes.data() + mapped_bytes) == 1) return address;
    return std::nullopt;
}

std::string to_string(const Address& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.is_ipv4()) {
        ::inet_ntop(AF_INET, address.bytes.data() + mapped_bytes, text, sizeof text);
    } else {
        ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
    }
    return text;
}

bool Network::contains(const Address& one) const noexcept {
    const bool takes_ipv4 = bits >= mapped_bits && address.is_ipv4();
    return takes_ipv4 == one.is_ipv4() && same_bits(address, one, bits);
}

std::optional<Network> parse_network(std::string_view text) noexcept {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    Network network{.address = *address};
    if (slash == std::string_view::npos) return network;
    const std::string_view digits = text.substr(slash + 1);
    const auto bits = digits.size() <= 3 && !digits.starts_with('-') ? parse_integer(digits) : std::nullopt;
    const bool is_short =
        text.substr(0, slash).find(':') == std::string_view::npos;  // an IPv4 prefix counts from its own first bit
    if (!bits || *bits > (is_short ? 32 : 128)) return std::nullopt;
    network.bits = static_cast<int>(*bits) + (is_short ? mapped_bits : 0);
    for (int bit = network.bits; bit < 128; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        if ((network.address.bytes[byte] >> (7 - bit % 8) & 1) != 0) return std::nullopt;
    }
    return network;
}

}  // namespace app::base
