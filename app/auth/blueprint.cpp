#include "app/auth/blueprint.hpp"

#include "app/accounts/routes.hpp"
#include "app/auth/routes.hpp"
#include "app/auth/views.hpp"

namespace app::auth {
namespace {

void keep_secrets(Context&, web::Response& response) {
    response.set("Cache-Control", "no-store")
        .set("Referrer-Policy", "no-referrer")
        .set("Content-Security-Policy",
             "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
}

}  // namespace

web::Blueprint make() {
    web::Blueprint auth{"auth"};
    auth.on<accounts::routes::register_account>(register_account);
    auth.on<accounts::routes::confirm>(confirm);
    auth.on<accounts::routes::forgotten_password>(forgotten_password);
    auth.on<accounts::routes::reset_password>(reset_password);
    auth.on<accounts::routes::change_email>(change_email);
    auth.on<routes::resend_confirmation>(resend_confirmation);
    auth.on<routes::done>(done);
    auth.after_request(keep_secrets, "keep_secrets");
    return auth;
}

}  // namespace app::auth
