// The documents of API v1.1 as schemas: what documents.cpp writes and what requests hold.
#pragma once

#include "app/openapi/operation.hpp"

namespace app::api::v1_1::schemas {

openapi::Schema post();
openapi::Schema comment();
openapi::Schema user();
openapi::Schema posts();     // a part of a list of them
openapi::Schema comments();  // likewise
openapi::Schema users();     // likewise
openapi::Schema problem();   // RFC 9457; see app/api/problem.hpp

// {"body": text}; for a change the member may be left out.
openapi::Schema text(openapi::Presence body);

// {"body": text, "disabled": true}, each of which may be left out.
openapi::Schema comment_patch();

// What is sent about accounts: {"email", "username", "password"}, {"email"}, {"token"}, {"token", "password"}, {"email",
// "current_password"}, {"current_password", "password"}.
openapi::Schema registration();
openapi::Schema address();
openapi::Schema mailed_token();
openapi::Schema password_reset();
openapi::Schema email_change();
openapi::Schema password_change();

}  // namespace app::api::v1_1::schemas
