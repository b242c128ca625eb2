// expect: route: a query name is a variable of the rule already
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "get_post", "/posts/<int:id>", "id"> route;
static_assert(route.endpoint.size() > 0);
