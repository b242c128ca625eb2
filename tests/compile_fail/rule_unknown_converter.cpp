// expect: rule: the converters are string, int and path
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts/<float:id>"> route;
static_assert(route.pattern.segment_count > 0);
