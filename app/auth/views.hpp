// The handlers of the pages under /auth. GET shows a form and changes nothing; POST does what the form is for and leads to a page that says
// so (303), or shows the form again with what is wrong beside its fields (400, 409). A form without its CSRF field is 403.
#pragma once

#include <string_view>

#include "app/context/context.hpp"

namespace app::auth {

web::Response register_account(Context& ctx);
web::Response confirm(Context& ctx);
web::Response resend_confirmation(Context& ctx);
web::Response forgotten_password(Context& ctx);
web::Response reset_password(Context& ctx);
web::Response change_email(Context& ctx);

// What was done, or will be. Throws not_found for a word that means nothing here.
web::Response done(Context& ctx, std::string_view what);

}  // namespace app::auth
