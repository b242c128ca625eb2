// The URLs of stylesheets, images and other files that are the same for everybody.
#pragma once

#include "app/web/route.hpp"

namespace app::static_files::routes {

using namespace web;

inline constexpr route<GET, "static_file", "/static/<path:name>"> static_file;

}  // namespace app::static_files::routes
