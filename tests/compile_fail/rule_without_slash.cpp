// expect: rule: it starts with '/'
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "posts"> route;
static_assert(route.pattern.segment_count > 0);
