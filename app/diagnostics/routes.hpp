// The URLs for those who look after a server, and for those who test clients against it.
#pragma once

#include "app/web/route.hpp"

namespace app::diagnostics::routes {

using namespace web;

inline constexpr route<GET, "healthz", "/healthz"> healthz;
inline constexpr route<GET, "readyz", "/readyz"> readyz;

inline constexpr route<GET, "metrics", "/metrics"> metrics;

inline constexpr route<GET | POST | PUT | PATCH | DELETE, "echo", "/_echo"> echo;
inline constexpr route<GET, "whoami", "/_whoami"> whoami;
inline constexpr route<GET, "slow", "/_slow", "seconds"> slow;
inline constexpr route<GET | POST | PUT | PATCH | DELETE, "status", "/_status/<int:code>"> status;

}  // namespace app::diagnostics::routes
