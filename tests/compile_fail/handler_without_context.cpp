// expect: handler: its first argument is Context&
#include "app/web/blueprint.hpp"

using namespace app;

inline constexpr web::route<web::GET, "get_post", "/posts/<int:id>"> get_post;

web::Response handler(std::int64_t);

void program(web::Blueprint& blueprint) { blueprint.on<get_post>(handler); }
