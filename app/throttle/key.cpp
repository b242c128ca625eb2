#include "app/throttle/key.hpp"

#include <charconv>

#include "app/base/address.hpp"
#include "app/base/sha256.hpp"

namespace app::throttle {
namespace {

std::uint64_t number(const std::uint8_t* bytes) noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
    return value;
}

std::uint64_t number(std::string_view hex) noexcept {
    std::uint64_t value = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    return value;
}

}  // namespace

std::optional<Key> address_key(std::string_view address) noexcept {
    const auto parsed = base::parse_address(address);
    if (!parsed) return std::nullopt;
    constexpr std::uint64_t network = 1;  // unlike the second half of any IPv4 address
    const std::uint64_t high = number(parsed->bytes.data());
    return Key{high, parsed->is_ipv4() ? number(parsed->bytes.data() + 8) : network};
}

Key account_key(std::int64_t id) noexcept { return {0, static_cast<std::uint64_t>(id)}; }

Key name_key(const Key& address, std::string_view name, std::string_view secret) {
    base::Sha256 sum;
    sum.add(secret);
    sum.add(std::to_string(address.high) + " " + std::to_string(address.low) + " ");
    sum.add(name);
    const std::string hex = sum.hex();
    return {number(std::string_view{hex}.substr(0, 16)), number(std::string_view{hex}.substr(16, 16))};
}

}  // namespace app::throttle
