// Forms that another site's page cannot send in a visitor's name (cross-site request forgery). A form carries in a hidden field what its
// page set as a cookie: another site can make a browser send the cookie, but can read neither. The value is signed and timed, so that one
// which somebody else wrote into a cookie of this host is none; over TLS the cookie's name has the prefix __Host-, with which no other
// host of the domain can set it either. It says nothing about who somebody is.
//
//     const Csrf csrf(request, signer, is_secure, now);
//     response.add("Set-Cookie", csrf.cookie());          // with the page, whose form has csrf.field() as "csrf_token"
//     csrf.require(parse_form(request.body));             // when it is sent
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/secret.hpp"
#include "app/web/form.hpp"
#include "app/web/request.hpp"

namespace app::web {

// Of one request, whose views it keeps. For one thread.
class Csrf {
   public:
    static constexpr std::string_view field_name = "csrf_token";
    static constexpr std::chrono::hours lifetime{4};

    // `is_secure`: the site is reached by https. `signer` must outlive this. Throws what Signer::sign and random_token throw.
    Csrf(const Request& request, const base::Signer& signer, bool is_secure, base::Timestamp now);

    // The value for a form's hidden field: that of the request's cookie while half its time is left, so that two open pages do not harm
    // each other, else a new one. In both, safe in HTML and URLs.
    const std::string& field() const noexcept { return field_; }

    // The value of a Set-Cookie header that goes with it: HttpOnly, SameSite=Lax, Path=/, Secure if it is.
    std::string cookie() const;

    // Throws forbidden, in words for the visitor, unless the form has a field that this site signed, not longer than `lifetime` ago, and
    // that is the cookie's.
    void require(const std::vector<FormField>& form) const;

   private:
    std::string_view cookie_name() const noexcept;

    const base::Signer& signer_;
    const bool is_secure_;
    const base::Timestamp now_;
    std::string received_;  // the request's cookie, or ""
    std::string field_;
};

}  // namespace app::web
