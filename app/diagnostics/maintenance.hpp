// The blueprint `maintenance`: while app/maintenance says so, every request is answered with 503, the notice's message and Retry-After, in
// the words of the API or the page that it was for, whether a rule answers it or not.
#pragma once

#include "app/web/blueprint.hpp"

namespace app::diagnostics {

// A hook for the whole application, to be registered before all others that look at who asks. Not refused are: allowed addresses (as
// trusted proxies tell them), /healthz, /readyz, /metrics, /static/ (the page of the error has a stylesheet), and OPTIONS, which asks
// nobody anyway: a browser lets a script read the 503 only after its preflight went well.
web::Blueprint make_maintenance();

}  // namespace app::diagnostics
