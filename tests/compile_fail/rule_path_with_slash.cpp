// expect: rule: a path variable takes the trailing slash itself
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/files/<path:name>/"> route;
static_assert(route.pattern.segment_count > 0);
