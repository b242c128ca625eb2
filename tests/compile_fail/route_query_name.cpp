// expect: route: a query name is of letters, digits and '_'
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "get_posts", "/", "page size"> route;
static_assert(route.endpoint.size() > 0);
