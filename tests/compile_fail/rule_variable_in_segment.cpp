// expect: rule: a variable is a whole segment, as in /posts/<int:id>
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts/post-<int:id>"> route;
static_assert(route.pattern.segment_count > 0);
