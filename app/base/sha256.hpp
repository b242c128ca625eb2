// SHA-256 (FIPS 180-4) of what comes piece by piece; see secret.hpp for that of what is all there.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace app::base {

// For one thread. Throws internal when libcrypto fails (no memory).
class Sha256 {
   public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);

    // 64 lower-case hexadecimal digits: the sum of what was added so far. More may be added afterwards.
    std::string hex() const;

   private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace app::base
