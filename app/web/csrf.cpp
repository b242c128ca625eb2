#include "app/web/csrf.hpp"

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/cookie.hpp"

namespace app::web {
namespace {

constexpr std::string_view purpose = "csrf";

// No two are the same, and nobody guesses one.
std::string new_value(const base::Signer& signer, base::Timestamp expires) {
    constexpr std::size_t bytes = 8;
    const auto number = [] {
        const auto random = base::base64url_decode(base::random_token(bytes));
        std::uint64_t value = 0;
        for (const char byte : *random) value = value << 8 | static_cast<unsigned char>(byte);
        return static_cast<std::int64_t>(value);
    };
    const std::int64_t first = number();
    return signer.sign(purpose, {.subject = first, .version = number(), .expires = expires});
}

}  // namespace

Csrf::Csrf(const Request& request, const base::Signer& signer, bool is_secure, base::Timestamp now)
    : signer_(signer), is_secure_(is_secure), now_(now), received_(find_cookie(request, cookie_name()).value_or("")) {
    const auto claims = signer_.verify(purpose, received_, now);
    const bool is_fresh = claims && claims->expires - now > lifetime / 2;
    field_ = is_fresh ? received_ : new_value(signer_, now + lifetime);
}

std::string Csrf::cookie() const {
    std::string text{cookie_name()};
    text.append("=").append(field_).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=");
    text += std::to_string(std::chrono::seconds{lifetime}.count());
    if (is_secure_) text += "; Secure";
    return text;
}

void Csrf::require(const std::vector<FormField>& form) const {
    const auto sent = find_value(form, field_name);
    const bool is_ours = sent && !received_.empty() && base::constant_time_equal(*sent, received_) &&
                         signer_.verify(purpose, *sent, now_).has_value();
    if (is_ours) return;
    throw base::Error(
        base::Code::forbidden,
        "this form was open for too long, or the browser keeps no cookies for this site: go back, reload the page, and "
        "send the form again");
}

std::string_view Csrf::cookie_name() const noexcept { return is_secure_ ? "__Host-dewar_csrf" : "dewar_csrf"; }

}  // namespace app::web
