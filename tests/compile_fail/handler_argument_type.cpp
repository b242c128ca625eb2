// expect: handler: an <int:> is a std::int64_t
#include "app/web/blueprint.hpp"

using namespace app;

inline constexpr web::route<web::GET, "get_post", "/posts/<int:id>"> get_post;

web::Response handler(Context&, std::string_view);

void program(web::Blueprint& blueprint) { blueprint.on<get_post>(handler); }
