// Whom a limit is for, as a number of 128 bits: a client's address, an account, or an account as somebody tries to enter it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace app::throttle {

struct Key {
    std::uint64_t high = 0, low = 0;

    bool operator==(const Key&) const = default;
};

// An IPv4 address whole; of an IPv6 address the first 64 bits, for a client has all addresses behind them. Nothing for what is no
// address: a request that came through no socket.
std::optional<Key> address_key(std::string_view address) noexcept;

Key account_key(std::int64_t id) noexcept;

// What somebody at that address calls an account; whether there is one does not matter. `secret` differs from process to process,
// so that nobody can look for two names that share a key. Throws internal when libcrypto fails.
Key name_key(const Key& address, std::string_view name, std::string_view secret);

}  // namespace app::throttle
