// How the application tells errors where no blueprint does so itself: a small page, or JSON for clients that ask for nothing else.
#pragma once

#include "app/base/error.hpp"
#include "app/context/context.hpp"

namespace app::main {

// For every error of the application; see web::prefers_json_error for who gets JSON. The page shows no part of the request.
web::Response error_page(Context& ctx, const base::Error& error);

}  // namespace app::main
