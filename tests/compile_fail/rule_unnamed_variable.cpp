// expect: rule: a variable needs a name of letters, digits and '_'
#include "app/web/route.hpp"

inline constexpr app::web::route<app::web::GET, "endpoint", "/posts/<int:>"> route;
static_assert(route.pattern.segment_count > 0);
