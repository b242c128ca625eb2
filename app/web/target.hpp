// The first questions to a request: whether its target is one, and which rule it is for. Asked by dispatch, which serves it, and by
// explain, which only tells.
#pragma once

#include <string>

#include "app/web/request.hpp"
#include "app/web/router.hpp"

namespace app::web {

// Throws invalid, saying why, unless the target is a path with or without a query, whose percent-escapes are whole and hide no NUL.
void check_target(const Request& request);

// A method that nobody knows is one that no rule has. The target has been checked.
Match find_match(const Router& router, const Request& request);

// The target with a slash at the end of its path: where a 308 leads.
std::string with_slash(const Request& request);

}  // namespace app::web
