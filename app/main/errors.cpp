#include "app/main/errors.hpp"

#include "app/web/json.hpp"
#include "app/web/negotiation.hpp"
#include "app/web/status.hpp"

namespace app::main {

web::Response error_page(Context& ctx, const base::Error& error) {
    if (web::prefers_json_error(ctx.request.joined_header("Accept"))) return web::json_error(error).add("Vary", "Accept");
    const int status = web::status_of(error.code());
    const std::string_view phrase = web::reason_phrase(status);
    return ctx.render("error.html", {{"title", phrase}, {"status", status}, {"message", error.message()}}, status)
        .add("Vary", "Accept");
}

}  // namespace app::main
