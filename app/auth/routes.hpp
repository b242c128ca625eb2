// The pages under /auth that no mail leads to; the others are in app/accounts/routes.hpp.
#pragma once

#include "app/web/route.hpp"

namespace app::auth::routes {

using namespace web;

inline constexpr route<GET | POST, "resend_confirmation", "/resend-confirmation"> resend_confirmation;
inline constexpr route<GET, "done", "/done/<what>"> done;

}  // namespace app::auth::routes
