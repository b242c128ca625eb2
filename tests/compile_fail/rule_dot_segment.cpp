// expect: rule: '.' and '..' are no segments
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts/../users"> route;
static_assert(route.pattern.segment_count > 0);
