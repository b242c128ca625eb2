// The documents of API v1.0 as schemas: what documents.cpp writes and what requests hold.
#pragma once

#include "app/openapi/operation.hpp"

namespace app::api::v1_0::schemas {

openapi::Schema post();
openapi::Schema comment();
openapi::Schema user();
openapi::Schema token();
openapi::Schema posts();     // a page of them
openapi::Schema comments();  // a page of them
openapi::Schema error();

// {"body": text}; for a change the member may be left out.
openapi::Schema text(openapi::Presence body);

}  // namespace app::api::v1_0::schemas
