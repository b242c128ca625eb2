// Two blueprints: `health` for load balancers and supervisors, in every config; `diagnostics` for developing and testing only,
// since it says what it is asked to.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::diagnostics {

// /healthz: 200 while the process lives. /readyz: 200 when requests can be served; 503 with the reason when the database cannot
// be read, its schema is not this binary's, or the server is draining.
web::Blueprint make_health();

// /_echo answers the body back, /_whoami the peer as the application sees it, /_slow?seconds=N after that time (30 at most),
// /_status/N with that status.
web::Blueprint make_diagnostics();

}  // namespace app::diagnostics
