// expect: url_for: an <int:> takes an integer
#include "app/web/url_for.hpp"

using namespace app::web;

inline constexpr route<GET, "get_post", "/posts/<int:id>/<name>", "page"> get_post;

std::string program(const Site& site) { return url_for<get_post>(site, nullptr, "id"_a = true, "name"_a = "x"); }
