// expect: IsRoute
#include "app/web/url_for.hpp"

inline constexpr int no_route = 7;

std::string program(const app::web::Site& site) { return app::web::url_for<no_route>(site, nullptr); }
