// expect: rule: a variable's name occurs twice
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts/<id>/<int:id>"> route;
static_assert(route.pattern.segment_count > 0);
