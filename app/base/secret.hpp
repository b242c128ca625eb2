// Everything that keeps a secret: random tokens, password hashes and signed, timed tokens. The one home of libcrypto and argon2.
// No secret that goes in here comes out again in a message, a log line or an accessor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/places.hpp"

namespace app::base {

// `bytes` bytes of the system's cryptographic generator as base64url text (4/3 as long). Throws internal when the generator
// fails. Any thread.
std::string random_token(std::size_t bytes);

// Takes the same time for every content of the same length; that the lengths differ may show. Any thread.
bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

// 64 lower-case hexadecimal digits (FIPS 180-4). Throws internal when libcrypto fails. Any thread.
std::string sha256_hex(std::string_view bytes);

// What one hash costs. The defaults are OWASP's for argon2id: 19 MiB, two passes, one lane; tests take less.
struct PasswordCost {
    std::uint32_t memory_kib = 19456;
    std::uint32_t iterations = 2;
    std::uint32_t parallelism = 1;
};

// How many hashes may be under way: so many are computed at a time, so many wait for that, each so long.
struct PasswordLoad {
    std::size_t at_once_max = 0;  // 0: as many as there are cores
    std::size_t waiting_max = 1024;
    std::chrono::milliseconds wait_max{60000};
};

// Passwords as argon2id strings in the PHC format ("$argon2id$v=19$m=19456,t=2,p=1$salt$hash"), at most 128 characters.
// One object serves the process: it computes so many hashes at a time, others wait their turn. Any thread; hash and verify throw
// unavailable when there is no memory for the computation, when too many wait already or the turn does not come in time. An event
// loop's thread does not wait for it: there they give the turn up, see turn.hpp.
class Passwords {
   public:
    static constexpr std::size_t bytes_min = 8;
    static constexpr std::size_t bytes_max = 1024;

    // Throws invalid when argon2 cannot compute with this cost (memory_kib below 8 per lane, a zero).
    explicit Passwords(PasswordCost cost, PasswordLoad load = {});

    // A new salt each time. Throws invalid when the password is not bytes_min to bytes_max bytes long.
    std::string hash(std::string_view password);

    // Whether `encoded` was made of this password, at whatever cost it names. False, without computing, for a password that hash
    // would refuse; false, after the usual time, for an `encoded` that is no argon2id string.
    bool verify(std::string_view password, std::string_view encoded);

    // Takes as long as verify and tells nothing: called where no such account exists, so that time does not tell either.
    void verify_nobody(std::string_view password);

   private:
    PasswordCost cost_;
    Places places_;
};

// What a token says: who, which generation of that account's tokens (a password change raises it), and until when.
struct Claims {
    std::int64_t subject = 0;
    std::int64_t version = 0;
    Timestamp expires{};  // whole seconds: sign cuts the rest off
};

// Makes and checks tokens that nobody can forge without the key: base64url(claims) "." base64url(HMAC-SHA-256), 76 characters
// that are safe in a URL. A token is bound to its purpose ("api", "confirm", ...): it verifies for that one only. There is one
// text per token: a changed, cut or longer text never verifies. Any thread.
class Signer {
   public:
    // New tokens are signed with `key`; tokens of `old_keys` are still read. Throws invalid when a key is empty.
    Signer(std::string key, std::vector<std::string> old_keys);
    ~Signer();
    Signer(Signer&&) noexcept;
    Signer& operator=(Signer&&) noexcept;

    // Throws internal when libcrypto fails (no memory).
    std::string sign(std::string_view purpose, const Claims& claims) const;

    // Nothing when the token is not one that sign made for this purpose with one of the keys, or when now >= expires. Any bytes
    // may be asked; throws internal as sign does, never because of the token.
    std::optional<Claims> verify(std::string_view purpose, std::string_view token, Timestamp now) const;

   private:
    class Key;
    std::vector<Key> keys_;  // the first one signs
};

}  // namespace app::base
