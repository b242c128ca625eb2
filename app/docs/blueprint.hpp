// What is said about the API: the OpenAPI document of each version, and a page that shows it to people and lets them try a call.
#pragma once

#include <string>

#include "app/web/blueprint.hpp"

namespace app::docs {

// "openapi.json" below the prefix of an API, which it is registered under too, after it: its document for everybody, without
// credentials. `name` is this blueprint's own. The document is made once, at the first request.
web::Blueprint make_openapi(std::string name);

// The page /docs. What it knows it reads from those documents, in the browser (app/static/docs.js).
web::Blueprint make_page();

}  // namespace app::docs
