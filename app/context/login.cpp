#include "app/context/login.hpp"

#include "app/base/turn.hpp"
#include "app/models/authentication.hpp"
#include "app/models/names.hpp"

namespace app {

std::optional<models::User> log_in(Context& ctx, std::string_view email, std::string_view password) {
    base::Turn::leave();  // now: an attempt that is begun twice would stand in its own way
    Services& services = ctx.services;
    const auto check = [&] { return models::check_password(ctx.db(), services.passwords, email, password); };
    const auto address = services.guesses ? throttle::address_key(ctx.request.peer) : std::nullopt;
    if (!address) return check();

    using Clock = std::chrono::steady_clock;
    throttle::Guesses::Attempt attempt(*services.guesses, *address, models::canonical_email(email), Clock::now());
    auto user = check();
    if (user) {
        attempt.was_right();
    } else {
        attempt.was_wrong(Clock::now());
    }
    return user;
}

}  // namespace app
