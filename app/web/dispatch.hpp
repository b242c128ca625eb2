// One request through the application: routing, hooks, handler, error handlers, and the one catch. No I/O happens here.
#pragma once

#include "app/web/request_context.hpp"

namespace app::web {

// Serves `request_context.request` and returns the response; never throws. `context` is what handlers and hooks are given: the
// object that `request_context` is the base of. In this order:
//   1. the path and query are checked (400), the rule is found, a Content-Encoding is refused (415); OPTIONS is answered here
//      with Allow, asking nobody;
//   2. before_request of the application, then of the blueprint from the outermost to the innermost;
//   3. 404, 405 and the 308 of a missing slash, or the handler;
//   4. an Error goes to the blueprint's handler for its status, the application's for its status, the blueprint's for any
//      error, the application's for any error, or becomes a line of text. The blueprint is that of the rule; where no rule was
//      found, the one whose prefix the path lies under: so an API tells 404 and 405 in its own words;
//   5. after_request, innermost first and in reverse; then teardown_request likewise.
// Any other exception is an internal error: its text goes to request_context.error for the log, not to the client.
// 503 and 429 say Retry-After, with what the Error says. The answer to HEAD has the headers of GET, its Content-Length included,
// and no body.
Response dispatch(RequestContext& request_context, Context& context);

// The answer to a request that whoever received it does not serve, because of `error`: what the blueprint whose prefix the path
// lies under makes of it, by an error handler of its own. Nothing where there is none. No hook runs; never throws.
std::optional<Response> refuse(RequestContext& request_context, Context& context, const base::Error& error);

}  // namespace app::web
