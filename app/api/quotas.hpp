// How many requests a client may send to the API: so many from its address, counted before anything is looked up, so that a flood
// costs little; and so many for its account, counted once it is known whose it is. Every answer tells what is left, in the header
// fields of draft-ietf-httpapi-ratelimit-headers. A config without limits pays nothing for all this.
#pragma once

#include <optional>

#include "app/context/context.hpp"
#include "app/web/blueprint.hpp"

namespace app::api {

// Before_request hooks, for before and after authentication: throw too_many. The first counts a request once, however many versions
// of the API register it; the second concerns requests with a ctx.user alone.
std::optional<web::Response> count_for_address(Context& ctx);
std::optional<web::Response> count_for_account(Context& ctx);

// An after_request hook: RateLimit-Policy and RateLimit, on refusals too.
void tell_quotas(Context& ctx, web::Response& response);

// A teardown_request hook: a request whose turn was given up will be served again, and is counted once.
void uncount(Context& ctx, const base::Error* error);

}  // namespace app::api
