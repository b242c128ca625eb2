// The OpenAPI 3.1 document of an API, made from the routes that a Site serves and from what is said about them (operation.hpp). Every
// rule below the API's prefix is in it, whichever blueprint it comes from.
#pragma once

#include <string_view>
#include <vector>

#include "app/openapi/operation.hpp"
#include "app/web/site.hpp"

namespace app::openapi {

// The blueprints that are described by an Api, in the order of their registration.
std::vector<const web::RegisteredBlueprint*> find_apis(const web::Site& site);

// That blueprint's. Throws internal for an operation that has no API's description.
const Api& api_of(const web::RegisteredBlueprint& blueprint);

// The document. Its server is the site's public URL (or "", what it was read from) with the API's prefix; paths are below it.
// Throws internal, naming it, for a rule without an Operation, for one with several methods (HEAD and OPTIONS come by themselves), for a
// variable, query name or tag that nothing is said about, and for two different schemas of one name.
web::Value document(const web::Site& site, const web::RegisteredBlueprint& blueprint);

}  // namespace app::openapi
