// The URLs of what is said about the API.
#pragma once

#include "app/web/route.hpp"

namespace app::docs::routes {

using namespace web;

inline constexpr route<GET, "docs", "/docs"> docs;
inline constexpr route<GET, "get_openapi", "/openapi.json"> get_openapi;  // below a version's prefix

}  // namespace app::docs::routes
