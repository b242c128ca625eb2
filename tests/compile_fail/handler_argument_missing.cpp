// expect: handler: it takes Context& and one argument per variable of its rule
#include "app/web/blueprint.hpp"

using namespace app;

inline constexpr web::route<web::GET, "get_post", "/posts/<int:id>"> get_post;

web::Response handler(Context&);

void program(web::Blueprint& blueprint) { blueprint.on<get_post>(handler); }
