// expect: route: it needs a method, as in GET or GET | POST
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::Methods{}, "endpoint", "/"> route;
static_assert(route.endpoint.size() > 0);
