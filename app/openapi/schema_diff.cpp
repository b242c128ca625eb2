#include "app/openapi/schema_diff.hpp"

#include <algorithm>
#include <iterator>

#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace app::openapi {

using web::Value;

struct SchemaComparison::Place {
    std::string where;    // what it belongs to
    std::string pointer;  // within that: "/author/url"
    Direction direction;

    bool is_request() const { return direction == Direction::request; }
    Place below(const std::string& name) const { return {where, pointer + "/" + name, direction}; }
};

namespace {

using Words = std::set<std::string>;

Words words(const Value* value) {
    Words found;
    if (!value) return found;
    if (value->string()) found.insert(*value->string());
    if (value->list()) {
        for (const Value& one : *value->list()) found.insert(one.string() ? *one.string() : web::to_json(one));
    }
    return found;
}

Words without(const Words& all, const Words& those) {
    Words rest;
    std::ranges::set_difference(all, those, std::inserter(rest, rest.end()));
    return rest;
}

std::string name_in(const std::string& reference) { return reference.substr(reference.rfind('/') + 1); }

// A schema that may be null is anyOf it and null: it, and whether.
struct Nullable {
    const Value* schema;
    bool may_be_null = false;
};

Nullable unwrap(const Value& schema) {
    const Value::List* choices = schema.find_list("anyOf");
    if (!choices || choices->size() != 2) return {&schema};
    const std::string* type = choices->back().find_string("type");
    if (!type || *type != "null") return {&schema};
    return {&choices->front(), true};
}

}  // namespace

const Value* find_target(const Value& document, const Value& value) {
    const std::string* to = value.find_string("$ref");
    if (!to || !to->starts_with("#/")) return nullptr;
    const Value* found = &document;
    for (const std::string_view name : base::split(std::string_view{*to}.substr(2), '/')) {
        found = found->find(name);
        if (!found) return nullptr;
    }
    return found;
}

void SchemaComparison::report(const Place& place, std::string what) {
    changes_.push_back({place.pointer.empty() ? place.where : place.where + ", " + place.pointer, std::move(what)});
}

void SchemaComparison::compare(const std::string& where, const Value& before, const Value& after, Direction direction) {
    compare_at({where, {}, direction}, before, after);
}

void SchemaComparison::compare_at(const Place& place, const Value& before, const Value& after) {
    const Nullable was = unwrap(before), is = unwrap(after);
    if (place.is_request() ? was.may_be_null && !is.may_be_null : !was.may_be_null && is.may_be_null) {
        report(place, place.is_request() ? "null is no longer taken" : "may be null now");
    }
    const std::string* from = was.schema->find_string("$ref");
    const std::string* to = is.schema->find_string("$ref");
    const Value* target = find_target(before_, *was.schema);
    const Value* target_now = find_target(after_, *is.schema);
    const Value& resolved = target ? *target : *was.schema;
    const Value& resolved_now = target_now ? *target_now : *is.schema;
    if (!from || !to) return compare_resolved(place, resolved, resolved_now);
    const std::string name = name_in(*from);
    const std::string key = name + " " + name_in(*to) + (place.is_request() ? " request" : " response");
    if (compared_.insert(key).second) compare_resolved({"schema " + name, {}, place.direction}, resolved, resolved_now);
}

void SchemaComparison::compare_resolved(const Place& place, const Value& before, const Value& after) {
    compare_types(place, before, after);
    compare_keywords(place, before, after);
    compare_bounds(place, before, after);
    compare_members(place, before, after);
    const Value* items = before.find("items");
    const Value* items_now = after.find("items");
    if (items && items_now) compare_at(place.below("*"), *items, *items_now);
}

void SchemaComparison::compare_types(const Place& place, const Value& before, const Value& after) {
    const Words was = words(before.find("type")), is = words(after.find("type"));
    if (was == is || (place.is_request() ? is.empty() : was.empty())) return;
    const Words trouble = place.is_request() ? without(was, is) : without(is, was);
    if (trouble.empty() && !was.empty() && !is.empty()) return;
    report(place, "the type was " + (was.empty() ? "any" : base::join(was)) + " and is " + (is.empty() ? "any" : base::join(is)));
}

// Those that only say more when they are there: a request may lose them, a response may gain them.
void SchemaComparison::compare_keywords(const Place& place, const Value& before, const Value& after) {
    for (const char* keyword : {"format", "pattern", "const"}) {
        const Value* was = before.find(keyword);
        const Value* is = after.find(keyword);
        if (place.is_request() ? !is : !was) continue;
        if (was && is && *was == *is) continue;
        report(place, std::string("the ") + keyword + " was " + (was ? web::to_json(*was) : "any") + " and is " +
                          (is ? web::to_json(*is) : "any"));
    }
    const Value* was = before.find("enum");
    const Value* is = after.find("enum");
    if (place.is_request() ? !is : !was) return;
    if (!was || !is) return report(place, was ? "any value may come now" : "only " + base::join(words(is)) + " are taken now");
    const Words trouble = place.is_request() ? without(words(was), words(is)) : without(words(is), words(was));
    if (!trouble.empty()) report(place, base::join(trouble) + (place.is_request() ? " is no longer taken" : " may come now"));
}

void SchemaComparison::compare_bounds(const Place& place, const Value& before, const Value& after) {
    const auto compare = [&](const char* keyword, bool is_lower) {
        const Value* was = before.find(keyword);
        const Value* is = after.find(keyword);
        const auto* old_bound = was ? was->integer() : nullptr;
        const auto* bound = is ? is->integer() : nullptr;
        const auto* strict = place.is_request() ? bound : old_bound;  // must not be tighter than the other
        const auto* loose = place.is_request() ? old_bound : bound;
        if (!strict || (loose && (is_lower ? *strict <= *loose : *strict >= *loose))) return;
        report(place, std::string("the ") + keyword + " was " + (old_bound ? std::to_string(*old_bound) : "none") + " and is " +
                          (bound ? std::to_string(*bound) : "none"));
    };
    for (const char* keyword : {"minimum", "minLength", "minItems"}) compare(keyword, true);
    for (const char* keyword : {"maximum", "maxLength", "maxItems"}) compare(keyword, false);
}

void SchemaComparison::compare_members(const Place& place, const Value& before, const Value& after) {
    const Value* members = before.find("properties");
    const Value* members_now = after.find("properties");
    const Words required = words(before.find("required")), required_now = words(after.find("required"));
    if (members && members->object()) {
        for (const auto& [name, schema] : *members->object()) {
            const Value* now = members_now ? members_now->find(name) : nullptr;
            if (now) {
                compare_at(place.below(name), schema, *now);
            } else {
                report(place.below(name), "the member is gone");
            }
        }
    }
    const Words trouble = place.is_request() ? without(required_now, required) : without(required, required_now);
    for (const std::string& name : trouble) {
        if (place.is_request()) {
            report(place.below(name), "the member is required now");
        } else if (members_now && members_now->find(name)) {
            report(place.below(name), "the member may be missing now");
        }
    }
}

}  // namespace app::openapi
