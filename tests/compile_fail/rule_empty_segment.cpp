// expect: rule: '//' is no segment
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts//new"> route;
static_assert(route.pattern.segment_count > 0);
