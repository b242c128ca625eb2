#include "tests/integration/support/schema_check.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>

#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace tests {

using app::web::to_json;
using app::web::Value;

namespace {

const std::set<std::string_view> known_keywords{"$ref",     "anyOf",     "const",     "default",       "description",
                                                "enum",     "examples",  "format",    "items",         "maximum",
                                                "minimum",  "maxLength", "minLength", "pattern",       "properties",
                                                "required", "type",      "xml",       "minProperties", "additionalProperties"};

bool is_of_type(const Value& value, std::string_view type) {
    if (type == "null") return value.is_null();
    if (type == "string") return value.string();
    if (type == "boolean") return value.boolean();
    if (type == "integer") return value.integer();
    if (type == "array") return value.list();
    if (type == "object") return value.object();
    throw std::runtime_error("a schema names the type " + std::string(type));
}

bool has_format(const std::string& text, std::string_view format) {
    if (format == "date-time") return std::regex_match(text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"));
    if (format == "uri-reference") return std::regex_match(text, std::regex(R"([!-~]*)"));
    if (format == "json-pointer") return std::regex_match(text, std::regex(R"((/[^/]*)*)"));
    if (format == "int64") return true;
    throw std::runtime_error("a schema names the format " + std::string(format));
}

class Check {
   public:
    explicit Check(const Value& document) : document_(document) {}

    std::vector<std::string> run(const Value& schema, const Value& value) {
        check("", schema, value);
        return std::move(faults_);
    }

   private:
    void report(const std::string& pointer, const std::string& what) {
        faults_.push_back((pointer.empty() ? "/" : pointer) + " " + what);
    }

    void check(const std::string& pointer, const Value& given, const Value& value) {
        const Value& schema = resolved(document_, given);
        for (const auto& [keyword, content] : *schema.object()) {
            if (!known_keywords.contains(keyword)) report(pointer, "is described by the unknown keyword " + keyword);
        }
        if (const Value* choices = schema.find("anyOf")) {
            const bool fits = std::ranges::any_of(
                *choices->list(), [&](const Value& choice) { return Check(document_).run(choice, value).empty(); });
            if (!fits) report(pointer, "fits no choice: " + to_json(value));
        }
        if (const Value* type = schema.find("type")) {
            const auto types = type->list() ? *type->list() : Value::List{*type};
            const bool fits = std::ranges::any_of(types, [&](const Value& one) { return is_of_type(value, *one.string()); });
            if (!fits) return report(pointer, "is not of type " + to_json(*type) + ": " + to_json(value));
        }
        if (const Value* allowed = schema.find("enum"); allowed && std::ranges::count(*allowed->list(), value) == 0) {
            report(pointer, "is none of " + to_json(*allowed) + ": " + to_json(value));
        }
        if (const Value* only = schema.find("const"); only && *only != value) report(pointer, "is not " + to_json(*only));
        if (value.string()) check_text(pointer, schema, *value.string());
        if (value.integer()) check_number(pointer, schema, *value.integer());
        if (value.list()) check_list(pointer, schema, *value.list());
        if (value.object()) check_object(pointer, schema, *value.object());
    }

    void check_text(const std::string& pointer, const Value& schema, const std::string& text) {
        if (const Value* format = schema.find("format"); format && !has_format(text, *format->string())) {
            report(pointer, "is no " + *format->string() + ": " + text);
        }
        if (const Value* pattern = schema.find("pattern"); pattern && !std::regex_search(text, std::regex(*pattern->string()))) {
            report(pointer, "does not match " + *pattern->string() + ": " + text);
        }
        const auto size = static_cast<std::int64_t>(text.size());
        if (const Value* least = schema.find("minLength"); least && size < *least->integer()) report(pointer, "is too short");
        if (const Value* most = schema.find("maxLength"); most && size > *most->integer()) report(pointer, "is too long");
    }

    void check_number(const std::string& pointer, const Value& schema, std::int64_t number) {
        if (const Value* least = schema.find("minimum"); least && number < *least->integer()) report(pointer, "is too small");
        if (const Value* most = schema.find("maximum"); most && number > *most->integer()) report(pointer, "is too large");
    }

    void check_list(const std::string& pointer, const Value& schema, const Value::List& list) {
        const Value* items = schema.find("items");
        if (!items) return report(pointer, "is a list of nobody knows what");
        for (std::size_t i = 0; i < list.size(); ++i) check(pointer + "/" + std::to_string(i), *items, list[i]);
    }

    void check_object(const std::string& pointer, const Value& schema, const Value::Object& object) {
        if (const Value* required = schema.find("required")) {
            for (const Value& name : *required->list()) {
                if (!object.contains(*name.string())) report(pointer + "/" + *name.string(), "is missing");
            }
        }
        const Value* properties = schema.find("properties");
        if (!properties) return;  // any object
        for (const auto& [name, value] : object) {
            const Value* property = properties->find(name);
            if (!property) {
                report(pointer + "/" + name, "is not described");
            } else {
                check(pointer + "/" + name, *property, value);
            }
        }
    }

    const Value& document_;
    std::vector<std::string> faults_;
};

}  // namespace

const Value& resolved(const Value& document, const Value& value) {
    const Value* found = &value;
    while (const std::string* to = found->find_string("$ref")) {
        if (!to->starts_with("#/")) throw std::runtime_error("a reference leads out of the document: " + *to);
        found = &document;
        for (const std::string_view name : app::base::split(std::string_view{*to}.substr(2), '/')) {
            found = found->find(name);
            if (!found) throw std::runtime_error("a reference leads nowhere: " + *to);
        }
    }
    return *found;
}

std::vector<std::string> faults(const Value& document, const Value& schema, const Value& value) {
    return Check(document).run(schema, value);
}

Value sample(const Value& document, const Value& given) {
    const Value& schema = resolved(document, given);
    if (const Value* examples = schema.find("examples")) return examples->list()->front();
    for (const char* keyword : {"default", "const", "minimum"}) {
        if (const Value* value = schema.find(keyword)) return *value;
    }
    if (const Value* allowed = schema.find("enum")) return allowed->list()->front();
    if (const Value* choices = schema.find("anyOf")) return sample(document, choices->list()->front());
    const Value* type = schema.find("type");
    if (!type) throw std::runtime_error("a schema without a type: " + to_json(schema));
    const std::string& first = *(type->list() ? type->list()->front() : *type).string();
    if (first == "boolean") return true;
    if (first == "integer") return 1;
    if (first == "array") return Value::List{sample(document, *schema.find("items"))};
    if (first != "object") return "text";
    Value::Object object;
    for (const auto& [name, member] : *schema.find("properties")->object()) object[name] = sample(document, member);
    return object;
}

}  // namespace tests
