// expect: rule: it has more than 12 segments
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/1/2/3/4/5/6/7/8/9/10/11/12/13"> route;
static_assert(route.pattern.segment_count > 0);
