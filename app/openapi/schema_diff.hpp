// The part of breaking_changes (diff.hpp) that compares schemas.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/openapi/diff.hpp"

namespace app::openapi {

// Who writes what a schema describes: the client, who may then not be asked for more, or the server, who may not give less.
enum class Direction { request, response };

// What {"$ref": "#/..."} leads to in its document; null for anything else.
const web::Value* find_target(const web::Value& document, const web::Value& value);

class SchemaComparison {
   public:
    // All three outlive it.
    SchemaComparison(const web::Value& before, const web::Value& after, std::vector<Change>& changes)
        : before_(before), after_(after), changes_(changes) {}

    // Reports what breaks under `where`, or, what lies in named schemas, once under their names.
    void compare(const std::string& where, const web::Value& before, const web::Value& after, Direction direction);

   private:
    struct Place;
    void compare_resolved(const Place& place, const web::Value& before, const web::Value& after);
    void compare_types(const Place& place, const web::Value& before, const web::Value& after);
    void compare_keywords(const Place& place, const web::Value& before, const web::Value& after);
    void compare_bounds(const Place& place, const web::Value& before, const web::Value& after);
    void compare_members(const Place& place, const web::Value& before, const web::Value& after);
    void compare_at(const Place& place, const web::Value& before, const web::Value& after);
    void report(const Place& place, std::string what);

    const web::Value& before_;
    const web::Value& after_;
    std::vector<Change>& changes_;
    std::set<std::string> compared_;  // pairs of named schemas
};

}  // namespace app::openapi
