// expect: handler: it returns web::Response
#include "app/web/blueprint.hpp"

using namespace app;

inline constexpr web::route<web::GET, "get_post", "/posts/<int:id>"> get_post;

std::string handler(Context&, std::int64_t);

void program(web::Blueprint& blueprint) { blueprint.on<get_post>(handler); }
