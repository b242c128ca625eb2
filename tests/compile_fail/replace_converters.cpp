// expect: replace: the routes have different variables
#include "app/web/blueprint.hpp"

using namespace app;

inline constexpr web::route<web::GET, "get_post", "/posts/<int:id>"> get_post;
inline constexpr web::route<web::GET, "get_post_by_name", "/posts/<name>"> get_post_by_name;

web::Response handler(Context&, std::string_view);

void program(web::Blueprint& blueprint) { blueprint.replace<get_post, get_post_by_name>(handler); }
