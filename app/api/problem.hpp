// Errors as problem documents (RFC 9457), for the versions that tell them so:
//
//     {"detail": "post does not have a body", "errors": [{"detail": "...", "pointer": "/body"}], "status": 400,
//      "title": "Bad Request", "type": "about:blank"}
#pragma once

#include "app/context/context.hpp"

namespace app::api {

// An error handler for any error of a request, in XML (application/xml, the root called "problem") to who prefers that. `type` is
// about:blank: what went wrong is what the status says, and `detail` says it for this request. Each of `errors` has a "pointer"
// into the request's document (RFC 6901), or a "parameter" of its query, or a "header". 401 says how to authenticate (Basic,
// Bearer), 415 what would have been accepted.
web::Response problem(Context& ctx, const base::Error& error);

}  // namespace app::api
