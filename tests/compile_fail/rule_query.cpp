// expect: rule: a literal segment holds no blanks, '?', '#', '%'
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts?page=2"> route;
static_assert(route.pattern.segment_count > 0);
