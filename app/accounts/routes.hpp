// The pages that mails lead to; app/auth serves them, under /auth. A token rides in the query, which nobody logs.
#pragma once

#include "app/web/route.hpp"

namespace app::accounts::routes {

using namespace web;

inline constexpr route<GET | POST, "register", "/register"> register_account;
inline constexpr route<GET | POST, "confirm", "/confirm", "token"> confirm;
inline constexpr route<GET | POST, "forgotten_password", "/forgotten-password"> forgotten_password;
inline constexpr route<GET | POST, "reset_password", "/reset-password", "token"> reset_password;
inline constexpr route<GET | POST, "change_email", "/change-email", "token"> change_email;

}  // namespace app::accounts::routes
