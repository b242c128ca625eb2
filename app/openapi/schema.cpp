#include "app/openapi/schema.hpp"

#include <algorithm>

#include "app/base/error.hpp"

namespace app::openapi {

using web::Value;

Schema Schema::with(std::string keyword, Value value) const {
    Schema changed = *this;
    changed.keywords_[std::move(keyword)] = std::move(value);
    return changed;
}

Schema string() { return Schema{{{"type", "string"}}}; }

Schema string(std::string_view format) { return string().with("format", format); }

Schema boolean() { return Schema{{{"type", "boolean"}}}; }

Schema integer(std::int64_t minimum) { return Schema{{{"type", "integer"}, {"format", "int64"}, {"minimum", minimum}}}; }

Schema one_of(std::initializer_list<std::string_view> texts) {
    return string().with("enum", Value::List(texts.begin(), texts.end()));
}

Schema object(const std::vector<Member>& members) {
    Value::Object properties;
    Value::List required;
    Schema::Components components;
    for (const Member& member : members) {
        properties[member.name] = member.schema.keywords();
        if (member.presence == Presence::required) required.emplace_back(member.name);
        merge(components, member.schema.components());
    }
    Value::Object keywords{{"type", "object"}, {"properties", std::move(properties)}};
    std::ranges::sort(required, {}, [](const Value& name) { return *name.string(); });
    if (!required.empty()) keywords["required"] = std::move(required);
    return Schema{std::move(keywords), std::move(components)};
}

Schema array(const Schema& item) { return Schema{{{"type", "array"}, {"items", item.keywords()}}, item.components()}; }

Schema nullable(const Schema& schema) {
    if (const auto type = schema.keywords().find("type"); type != schema.keywords().end() && type->second.string()) {
        return schema.with("type", Value::List{type->second, "null"});
    }
    return Schema{{{"anyOf", Value::List{schema.keywords(), Value::Object{{"type", "null"}}}}}, schema.components()};
}

Schema named(const std::string& name, const Schema& schema) {
    Schema::Components components = schema.components();
    merge(components, {{name, schema.keywords()}});
    return Schema{{{"$ref", "#/components/schemas/" + name}}, std::move(components)};
}

void merge(Schema::Components& into, const Schema::Components& from) {
    for (const auto& [name, keywords] : from) {
        if (into.emplace(name, keywords).first->second == keywords) continue;
        throw base::Error(base::Code::internal, "two different schemas are called " + name);
    }
}

}  // namespace app::openapi
