// expect: rule: a path variable is the last segment
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/files/<path:name>/edit"> route;
static_assert(route.pattern.segment_count > 0);
