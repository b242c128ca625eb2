// The signed tokens of secret.hpp.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/secret.hpp"
#include "app/base/text.hpp"

namespace app::base {
namespace {

constexpr std::size_t claims_bytes = 24;
constexpr std::size_t mac_bytes = 32;
constexpr std::size_t claims_characters = 32;
constexpr std::size_t token_characters = claims_characters + 1 + 43;

void append_integer(std::string& bytes, std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
}

std::int64_t read_integer(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(number);
}

[[noreturn]] void fail() { throw Error(Code::internal, "internal server error", "libcrypto could not compute an HMAC-SHA-256"); }

}  // namespace

// A key in the only form that it is kept in: an HMAC whose pads are computed. Duplicating that is cheaper than keying it anew,
// and leaves this one untouched, so that threads may share it.
class Signer::Key {
   public:
    explicit Key(std::string& secret) {
        if (secret.empty()) throw Error(Code::invalid, "a signing key must not be empty");
        EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        keyed_.reset(EVP_MAC_CTX_new(hmac));
        EVP_MAC_free(hmac);  // the context holds it
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                         OSSL_PARAM_construct_end()};
        const bool ready = keyed_ && EVP_MAC_init(keyed_.get(), reinterpret_cast<const unsigned char*>(secret.data()),
                                                  secret.size(), parameters) == 1;
        OPENSSL_cleanse(secret.data(), secret.size());
        if (!ready) fail();
    }

    // The MAC of the purpose's length, the purpose and the claims: with the length first, no two pairs give the same bytes.
    std::string mac(std::string_view purpose, std::string_view claims) const {
        std::string message;
        message.reserve(8 + purpose.size() + claims.size());
        append_integer(message, static_cast<std::int64_t>(purpose.size()));
        message.append(purpose).append(claims);

        const Context context{EVP_MAC_CTX_dup(keyed_.get())};
        std::string mac(mac_bytes, '\0');
        std::size_t written = 0;
        if (!context ||
            EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1 ||
            EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(mac.data()), &written, mac.size()) != 1 ||
            written != mac_bytes) {
            fail();
        }
        return mac;
    }

   private:
    struct Free {
        void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
    };
    using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

    Context keyed_;
};

Signer::Signer(std::string key, std::vector<std::string> old_keys) {
    keys_.reserve(1 + old_keys.size());
    keys_.emplace_back(key);
    for (std::string& old_key : old_keys) keys_.emplace_back(old_key);
}

Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

std::string Signer::sign(std::string_view purpose, const Claims& claims) const {
    std::string bytes;
    bytes.reserve(claims_bytes);
    append_integer(bytes, claims.subject);
    append_integer(bytes, claims.version);
    append_integer(bytes, std::chrono::floor<std::chrono::seconds>(claims.expires).time_since_epoch().count());
    return base64url_encode(bytes) + '.' + base64url_encode(keys_.front().mac(purpose, bytes));
}

std::optional<Claims> Signer::verify(std::string_view purpose, std::string_view token, Timestamp now) const {
    if (token.size() != token_characters || token[claims_characters] != '.') return std::nullopt;
    const auto bytes = base64url_decode(token.substr(0, claims_characters));
    const auto mac = base64url_decode(token.substr(claims_characters + 1));
    if (!bytes || !mac) return std::nullopt;
    for (const Key& key : keys_) {
        if (!constant_time_equal(*mac, key.mac(purpose, *bytes))) continue;
        const std::string_view fields{*bytes};
        const Timestamp expires{std::chrono::seconds{read_integer(fields.substr(16))}};
        if (now >= expires) return std::nullopt;
        return Claims{read_integer(fields), read_integer(fields.substr(8)), expires};
    }
    return std::nullopt;
}

}  // namespace app::base
