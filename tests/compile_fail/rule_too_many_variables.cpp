// expect: rule: it has more than 4 variables
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/<a>/<b>/<c>/<d>/<e>"> route;
static_assert(route.pattern.segment_count > 0);
