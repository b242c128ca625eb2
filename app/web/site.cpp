#include "app/web/site.hpp"

#include <algorithm>

#include "app/base/text.hpp"

namespace app::web {
namespace {

[[noreturn]] void refuse_site(const std::string& message) { throw base::Error(base::Code::internal, message); }

// "" or "/a/b": literal segments, no slash at the end.
void check_prefix(std::string_view prefix, const std::string& blueprint) {
    if (prefix.empty()) return;
    try {
        const Pattern pattern = parse_pattern(prefix);
        if (pattern.variable_count == 0 && !pattern.trailing_slash) return;
    } catch (const char*) {
        // The reason speaks of rules; the message below says what a prefix is.
    }
    refuse_site("blueprint " + blueprint + ": \"" + std::string(prefix) + "\" is no URL prefix; write it like /api/v1.0");
}

// Segment by segment, as the router compares them.
bool is_under(std::string_view path, std::string_view prefix) {
    const auto segments = base::split(path, '/'), wanted = base::split(prefix, '/');
    if (segments.size() < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto decoded = base::percent_decode(segments[i]);
        if (!decoded || *decoded != wanted[i]) return false;
    }
    return true;
}

}  // namespace

std::string Rule::text() const { return blueprint->url_prefix + std::string(route->pattern->rule); }

Site::Site(std::string public_url) : public_url_(std::move(public_url)) {
    while (public_url_.ends_with('/')) public_url_.pop_back();
}

void Site::register_blueprint(const Blueprint& blueprint, std::string_view url_prefix) {
    add_blueprint(blueprint, url_prefix, nullptr);
}

void Site::add_blueprint(const Blueprint& blueprint, std::string_view url_prefix, const RegisteredBlueprint* parent) {
    for (const std::string_view prefix : {url_prefix, std::string_view{blueprint.url_prefix()}})
        check_prefix(prefix, blueprint.name());
    RegisteredBlueprint entry;
    entry.name = parent ? parent->name + "." + blueprint.name() : blueprint.name();
    entry.url_prefix = (parent ? parent->url_prefix : std::string{}) + std::string(url_prefix) + blueprint.url_prefix();
    entry.parent = parent;
    entry.description = blueprint.description();
    entry.hooks = blueprint.hooks();
    if (std::ranges::find(blueprints_, entry.name, &RegisteredBlueprint::name) != blueprints_.end()) {
        refuse_site("two blueprints are called " + entry.name);
    }
    RegisteredBlueprint& registered = blueprints_.emplace_back(std::move(entry));
    registered.levels.push_back(&registered.hooks);
    for (const Hooks* outer : levels(parent)) registered.levels.push_back(outer);
    hooks_.append(blueprint.app_hooks());
    for (const Blueprint::Bound& bound : blueprint.rules()) add_rule(registered, bound);
    for (const auto& [child, prefix] : blueprint.children()) add_blueprint(child, prefix, &registered);
}

void Site::add_rule(RegisteredBlueprint& registered, const Blueprint::Bound& bound) {
    Rule& rule = rules_.emplace_back();
    rule.number = rules_.size() - 1;
    rule.route = bound.route;
    rule.blueprint = &registered;
    rule.endpoint = registered.name + "." + std::string(bound.route->endpoint);
    rule.methods = bound.route->methods.contains(GET) ? bound.route->methods | HEAD : bound.route->methods;
    rule.handler = bound.handler;
    rule.description = bound.description;
    if (std::ranges::count(rules_, rule.endpoint, &Rule::endpoint) > 1) refuse_site("two routes are called " + rule.endpoint);
    if (const Rule* other = router_.add(registered.url_prefix, *bound.route->pattern, rule.methods, rule)) {
        refuse_site(rule.endpoint + " and " + other->endpoint + " answer the same URLs: " + rule.text() + " and " +
                    other->text());
    }
    registered.links.emplace(bound.route, &rule);
    for (const RouteInfo* replaced : bound.replaced) registered.links.emplace(replaced, &rule);
}

const RegisteredBlueprint* Site::owner_of(std::string_view path) const {
    const RegisteredBlueprint* owner = nullptr;
    for (const RegisteredBlueprint& blueprint : blueprints_) {
        if (blueprint.url_prefix.size() <= (owner ? owner->url_prefix.size() : 0)) continue;
        if (is_under(path, blueprint.url_prefix)) owner = &blueprint;
    }
    return owner;
}

const Rule& Site::rule_for(const RouteInfo& route, const RegisteredBlueprint* current) const {
    for (; current; current = current->parent) {
        if (const auto found = current->links.find(&route); found != current->links.end()) return *found->second;
    }
    for (const RegisteredBlueprint& blueprint : blueprints_) {
        if (const auto found = blueprint.links.find(&route); found != blueprint.links.end()) return *found->second;
    }
    refuse_site("a link to " + std::string(route.endpoint) + " (" + std::string(route.pattern->rule) +
                "), but no registered blueprint has that route");
}

}  // namespace app::web
