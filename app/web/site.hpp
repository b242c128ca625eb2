// The URL space of one application: the blueprints that create_app registered, their rules, hooks and error handlers. Filled
// once, then read by all threads without locks.
#pragma once

#include <any>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/web/blueprint.hpp"
#include "app/web/router.hpp"

namespace app::web {

struct RegisteredBlueprint {
    std::string name;        // "api_v1_0", or "parent.child"
    std::string url_prefix;  // whole: "/api/v1.0"
    const RegisteredBlueprint* parent = nullptr;
    std::any description;  // see Blueprint::describe
    Hooks hooks;
    std::vector<const Hooks*> levels;                         // its own hooks, its parents', the application's: innermost first
    std::unordered_map<const RouteInfo*, const Rule*> links;  // what url_for finds here
};

// A route where it was registered.
struct Rule {
    const RouteInfo* route;
    const RegisteredBlueprint* blueprint;
    std::string endpoint;  // "api_v1_0.get_post"
    Methods methods;       // HEAD beside GET included
    Handler handler;
    std::any description;    // see Blueprint::on
    std::size_t number = 0;  // its place in Site::rules

    // "/api/v1.0/posts/<int:id>"
    std::string text() const;
};

class Site {
   public:
    // `public_url` is the scheme and host that absolute links are built on ("https://blog.example"), or "".
    explicit Site(std::string public_url = {});
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // Throws internal, naming both, when the blueprint's name or one of its endpoints or rules is taken, or a prefix is none.
    void register_blueprint(const Blueprint& blueprint, std::string_view url_prefix = {});

    const std::deque<Rule>& rules() const { return rules_; }
    const std::deque<RegisteredBlueprint>& blueprints() const { return blueprints_; }
    // The blueprint that a raw path lies under, whether or not a rule of it matches: the one with the longest prefix that is not
    // empty; null when there is none.
    const RegisteredBlueprint* owner_of(std::string_view path) const;
    // The hooks that concern a request of `blueprint` (null: of nobody), innermost first.
    std::span<const Hooks* const> levels(const RegisteredBlueprint* blueprint) const {
        return blueprint ? blueprint->levels : application_level_;
    }
    const std::string& public_url() const { return public_url_; }
    const Router& router() const { return router_; }

    // The rule that a link to `route` leads to: that of `current` (may be null) or its parents, else the first registered one.
    // Throws internal when nobody registered the route.
    const Rule& rule_for(const RouteInfo& route, const RegisteredBlueprint* current) const;

   private:
    void add_blueprint(const Blueprint& blueprint, std::string_view url_prefix, const RegisteredBlueprint* parent);
    void add_rule(RegisteredBlueprint& registered, const Blueprint::Bound& bound);

    std::string public_url_;
    std::deque<RegisteredBlueprint> blueprints_;  // deques: addresses stay
    std::deque<Rule> rules_;
    Router router_;
    Hooks hooks_;
    std::vector<const Hooks*> application_level_{&hooks_};
};

}  // namespace app::web
