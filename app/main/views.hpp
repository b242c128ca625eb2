// The handlers of routes.hpp.
#pragma once

#include <string_view>

#include "app/context/context.hpp"

namespace app::main {

// The latest posts, a page at a time.
web::Response index(Context& ctx);

// A user and their posts, newest first; the name in any case of letters. Throws not_found, also for an account that is not confirmed.
web::Response user(Context& ctx, std::string_view username);

}  // namespace app::main
