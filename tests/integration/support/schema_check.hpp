// Holds JSON documents against the schemas of an OpenAPI document, strictly: what a schema does not name may not be there, and a keyword
// that this check does not know is a fault of the schema.
#pragma once

#include <string>
#include <vector>

#include "app/web/value.hpp"

namespace tests {

// What {"$ref": "#/..."} leads to in `document`; anything else is itself. Throws std::runtime_error for one that leads nowhere.
const app::web::Value& resolved(const app::web::Value& document, const app::web::Value& value);

// What is wrong with `value`, one line each: "/author/url is missing".
std::vector<std::string> faults(const app::web::Value& document, const app::web::Value& schema, const app::web::Value& value);

// A value that fits the schema, of the examples, defaults and bounds in it.
app::web::Value sample(const app::web::Value& document, const app::web::Value& schema);

}  // namespace tests
