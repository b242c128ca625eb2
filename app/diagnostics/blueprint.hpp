// Three blueprints: `health` for load balancers and supervisors, in every config; `metrics` for who watches the server; `diagnostics`
// for developing and testing only, since it says what it is asked to.
#pragma once

#include <span>
#include <string>

#include "app/web/blueprint.hpp"

namespace app::diagnostics {

// /healthz: 200 while the process lives. /readyz: 200 when requests can be served; 503 with the reason when the database cannot
// be read, its schema is not this binary's, or the server is draining. Under maintenance 200, with that word, asking no database:
// the server is ready to tell everybody.
web::Blueprint make_health();

// /metrics: what Services::metrics says, in Prometheus's text format, for clients in the networks of `allow` (see base::parse_network;
// throws invalid for another text). The others are told that there is no such page, and so is whoever comes through a proxy that names
// no other client than itself: its own address opens nothing for those behind it.
web::Blueprint make_metrics(std::span<const std::string> allow);

// /_echo answers the body back, /_whoami the peer as the application sees it, /_slow?seconds=N after that time (30 at most),
// /_status/N with that status.
web::Blueprint make_diagnostics();

}  // namespace app::diagnostics
