// Schemas as values: JSON Schema 2020-12, as OpenAPI 3.1 uses it.
//
//     Schema post() { return named("Post", object({{"body", string()}, {"author", author()}})); }
//
// One that has a name is written once, under components/schemas, and referred to wherever it is used; those that a schema refers to
// it carries with it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/web/value.hpp"

namespace app::openapi {

class Schema {
   public:
    using Components = std::map<std::string, web::Value, std::less<>>;

    // Anything at all.
    Schema() = default;
    explicit Schema(web::Value::Object keywords, Components components = {})
        : keywords_(std::move(keywords)), components_(std::move(components)) {}

    // The same with a keyword more (or another value of it): with("minLength", 1).
    Schema with(std::string keyword, web::Value value) const;
    Schema described(std::string description) const { return with("description", std::move(description)); }
    Schema example(web::Value value) const { return with("examples", web::Value::List{std::move(value)}); }

    const web::Value::Object& keywords() const { return keywords_; }
    // The named schemas that this one refers to, whole, by name.
    const Components& components() const { return components_; }

   private:
    web::Value::Object keywords_;
    Components components_;
};

enum class Presence { required, optional };

struct Member {
    std::string name;
    Schema schema;
    Presence presence = Presence::required;
};

Schema string();
Schema string(std::string_view format);  // "date-time", "uri-reference"
Schema boolean();
Schema integer(std::int64_t minimum);  // 64 bits
Schema one_of(std::initializer_list<std::string_view> texts);
Schema object(const std::vector<Member>& members);
Schema array(const Schema& item);
Schema nullable(const Schema& schema);  // or null

// A reference to this schema, which stands under components/schemas by that name. Throws internal when it refers to two
// different ones of one name; so does merge.
Schema named(const std::string& name, const Schema& schema);

void merge(Schema::Components& into, const Schema::Components& from);

}  // namespace app::openapi
