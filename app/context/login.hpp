// Signing in with a password: the one way, with all that protects it.
#pragma once

#include <optional>
#include <string_view>

#include "app/context/context.hpp"

namespace app {

// The user with that e-mail (any case) and password, or nothing; see models::check_password. Where limits are on, throws too_many
// while the client's address is kept waiting for its wrong guesses (app/throttle/guesses.hpp); nothing is read or computed then.
// Throws unavailable as base::Passwords does. An event loop's thread gives its turn up.
std::optional<models::User> log_in(Context& ctx, std::string_view email, std::string_view password);

}  // namespace app
