// What changed between two OpenAPI documents. Two questions, two functions: would a client of the one break on the other, and are they
// the same document at all?
#pragma once

#include <string>
#include <vector>

#include "app/web/value.hpp"

namespace app::openapi {

struct Change {
    std::string where;  // "GET /posts/{id}", "schema Post", "schema Post, /author/url"
    std::string what;   // "the media type application/json is gone"

    bool operator==(const Change&) const = default;
};

// What a client that was written to `before` cannot live with: paths, methods, media types, parameters, response members that are gone
// or renamed; what is newly demanded of requests; another type, format, enumeration or bound (for requests: narrower; for responses:
// wider); another success status; credentials and permissions that were not needed. Named schemas and responses are told of once.
std::vector<Change> breaking_changes(const web::Value& before, const web::Value& after);

// Every place (a JSON pointer) at which they differ, whatever it means; but not `servers`, which is where and not what.
std::vector<Change> differences(const web::Value& before, const web::Value& after);

}  // namespace app::openapi
