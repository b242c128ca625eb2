// expect: route: an endpoint is a name of letters, digits and '_'
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "get-posts", "/"> route;
static_assert(route.endpoint.size() > 0);
