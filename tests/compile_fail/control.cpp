// expect: ok
// The programs beside this one fail for the reason that they name, and not because this frame is wrong.
#include "app/web/blueprint.hpp"
#include "app/web/url_for.hpp"

using namespace app;
using namespace app::web;

inline constexpr web::route<GET | POST, "edit", "/<path>/<int:id>/<path:rest>", "page"> edit;
inline constexpr web::route<PUT, "edit_again", "/again/<path>/<int:id>/<path:rest>"> edit_again;

Response handler(Context&, std::string_view, std::int64_t, std::string_view);

void program(Blueprint& blueprint, const Site& site) {
    blueprint.on<edit>(handler).replace<edit, edit_again>(handler);
    url_for<edit>(site, nullptr, "rest"_a = "a/b", "id"_a = 7, "path"_a = std::string("x"), "page"_a = 2, "_external"_a = true);
}
