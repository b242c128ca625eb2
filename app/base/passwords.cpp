// The argon2 half of secret.hpp.
#include <argon2.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <thread>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/turn.hpp"

namespace app::base {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

using Salt = std::array<unsigned char, salt_bytes>;

bool has_allowed_length(std::string_view password) {
    return password.size() >= Passwords::bytes_min && password.size() <= Passwords::bytes_max;
}

// Throws unless argon2 did what it was asked. The password is in none of its messages.
void check(int result) {
    if (result == ARGON2_OK) return;
    if (result == ARGON2_MEMORY_ALLOCATION_ERROR || result == ARGON2_THREAD_FAIL) {
        throw Error(Code::unavailable, "the server is out of memory, try again later", argon2_error_message(result));
    }
    throw Error(Code::internal, "internal server error", std::string{"argon2: "} + argon2_error_message(result));
}

// Holds one of the places.
class Place {
   public:
    explicit Place(Places& places) : places_(places) {
        Turn::leave();
        if (!places_.try_enter()) throw Error(Code::unavailable, "the server has too many passwords to check; try again");
    }
    ~Place() { places_.leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Places& places_;
};

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

Passwords::Passwords(PasswordCost cost, PasswordLoad load)
    : cost_(cost), places_(load.at_once_max == 0 ? cores() : load.at_once_max, load.waiting_max, load.wait_max) {
    if (cost.iterations == 0 || cost.parallelism == 0 || cost.parallelism > ARGON2_MAX_LANES ||
        cost.memory_kib / 8 < cost.parallelism || cost.memory_kib > ARGON2_MAX_MEMORY) {
        throw Error(Code::invalid, "the cost of passwords needs at least one iteration, one lane and 8 KiB of memory per lane");
    }
}

std::string Passwords::hash(std::string_view password) {
    if (!has_allowed_length(password)) {
        throw Error(Code::invalid,
                    "the password must be " + std::to_string(bytes_min) + " to " + std::to_string(bytes_max) + " bytes long");
    }
    Salt salt;
    if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) {
        throw Error(Code::internal, "internal server error", "the system's random number generator failed");
    }
    std::string encoded(
        argon2_encodedlen(cost_.iterations, cost_.memory_kib, cost_.parallelism, salt_bytes, hash_bytes, Argon2_id), '\0');
    const Place place{places_};
    check(argon2id_hash_encoded(cost_.iterations, cost_.memory_kib, cost_.parallelism, password.data(), password.size(),
                                salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size()));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool Passwords::verify(std::string_view password, std::string_view encoded) {
    if (!has_allowed_length(password)) return false;
    // argon2 reads a C string: what stands behind a NUL would not count.
    if (encoded.find('\0') == std::string_view::npos) {
        const std::string terminated{encoded};
        const Place place{places_};
        const int result = argon2id_verify(terminated.c_str(), password.data(), password.size());
        if (result == ARGON2_OK) return true;
        if (result == ARGON2_VERIFY_MISMATCH) return false;
        if (result == ARGON2_MEMORY_ALLOCATION_ERROR || result == ARGON2_THREAD_FAIL) check(result);
    }
    verify_nobody(password);
    return false;
}

void Passwords::verify_nobody(std::string_view password) {
    if (!has_allowed_length(password)) return;
    constexpr Salt salt{};
    std::array<unsigned char, hash_bytes> hash;
    const Place place{places_};
    check(argon2id_hash_raw(cost_.iterations, cost_.memory_kib, cost_.parallelism, password.data(), password.size(), salt.data(),
                            salt.size(), hash.data(), hash.size()));
}

}  // namespace app::base
