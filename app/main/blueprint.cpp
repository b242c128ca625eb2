#include "app/main/blueprint.hpp"

#include "app/main/errors.hpp"
#include "app/main/routes.hpp"
#include "app/main/views.hpp"

namespace app::main {
namespace {

// Pages hold text that others wrote: nothing in them may run, load or frame anything, unless a page has a policy of its own.
void protect(Context&, web::Response& response) {
    response.set("X-Content-Type-Options", "nosniff");
    if (!response.header("Content-Type").value_or("").starts_with("text/html")) return;
    if (!response.header("Content-Security-Policy")) {
        response.set("Content-Security-Policy",
                     "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    }
    if (!response.header("Referrer-Policy")) response.set("Referrer-Policy", "same-origin");
}

}  // namespace

web::Blueprint make() {
    web::Blueprint main{"main"};
    main.on<routes::index>(index);
    main.on<routes::user>(user);
    main.app_errorhandler(error_page);
    main.after_app_request(protect, "protect");
    return main;
}

}  // namespace app::main
