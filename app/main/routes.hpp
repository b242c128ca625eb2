// The URLs of the blog's own pages.
#pragma once

#include "app/web/route.hpp"

namespace app::main::routes {

using namespace web;

inline constexpr route<GET, "index", "/", "page"> index;
inline constexpr route<GET, "user", "/user/<username>", "page"> user;

}  // namespace app::main::routes
