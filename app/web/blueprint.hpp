// A blueprint is a list of deferred registrations: routes with their handlers, hooks, error handlers, nested blueprints. It does
// nothing until create_app registers it on a Site under a URL prefix, so that it can be made, extended and registered twice.
//
//     Blueprint api{"api_v1_0"};
//     api.on<routes::get_post>(get_post);
#pragma once

#include <any>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "app/web/handler.hpp"
#include "app/web/route.hpp"

namespace app::web {

// A response ends the request there: no handler runs, later hooks of this kind do not either.
using BeforeRequest = std::function<std::optional<Response>(Context&)>;
using AfterRequest = std::function<void(Context&, Response&)>;
// Runs after the response was made, whatever happened; the error is null when nothing went wrong.
using TeardownRequest = std::function<void(Context&, const base::Error*)>;
// Makes the response for an error. An internal error arrives without its detail and with a message fit for the client.
using ErrorHandler = std::function<Response(Context&, const base::Error&)>;

// A hook with what people call it: "api_v1_0.authenticate", after the blueprint that brought it.
template <class Function>
struct Named {
    std::string name;
    Function run;
};

struct Hooks {
    std::vector<Named<BeforeRequest>> before;
    std::vector<Named<AfterRequest>> after;
    std::vector<Named<TeardownRequest>> teardown;
    std::map<int, ErrorHandler> by_status;
    ErrorHandler any_error;

    void append(const Hooks& other);
};

class Blueprint {
   public:
    static constexpr std::string_view unnamed = "unnamed";

    // `name` is the first part of its endpoints' names: "api_v1_0.get_post". The prefix is "" or like "/api/v1.0"; a prefix
    // given at registration is put before it.
    explicit Blueprint(std::string name, std::string url_prefix = {});

    // Binds a handler to a route; see make_handler for what fits. `description` is what a room above says about the route (an
    // openapi::Operation): it is kept beside the handler and not looked into.
    template <const auto& Route, class Function>
        requires IsRoute<Route>
    Blueprint& on(Function function, std::any description = {}) {
        return add_rule({&route_info<Route>, make_handler<Route>(std::move(function)), std::move(description), {}});
    }

    // Puts another route, handler and description in the place of one that is bound already; links to the old route lead to the
    // new one. Both have the same converters in the same order. Throws internal when `Old` is not bound.
    template <const auto& Old, const auto& New, class Function>
        requires IsRoute<Old> && IsRoute<New>
    Blueprint& replace(Function function, std::any description = {}) {
        static_assert(same_converters(Old.pattern, New.pattern), "replace: the routes have different variables");
        return replace_rule(route_info<Old>,
                            {&route_info<New>, make_handler<New>(std::move(function)), std::move(description), {}});
    }

    // What a room above says about all of it (an openapi::Api); kept, and not looked into.
    Blueprint& describe(std::any description);

    // Takes over everything that `base` holds except its name and prefix. What is registered afterwards wins.
    Blueprint& extend(const Blueprint& base);

    // Nests a blueprint: its prefix follows this one's, its endpoints are "parent.child.endpoint".
    Blueprint& register_blueprint(Blueprint child, std::string url_prefix = {});

    // For the requests that match this blueprint's routes, its children's included. `name` is what `manage routes --test` calls the
    // hook, after the blueprint: the function's ...
    Blueprint& before_request(BeforeRequest hook, std::string_view name = unnamed);
    Blueprint& after_request(AfterRequest hook, std::string_view name = unnamed);
    Blueprint& teardown_request(TeardownRequest hook, std::string_view name = unnamed);
    // (error handlers also for what no rule answers under this blueprint's prefix, unless that is empty)
    Blueprint& errorhandler(int status, ErrorHandler handler);
    Blueprint& errorhandler(ErrorHandler handler);
    // ... and for every request of the application.
    Blueprint& before_app_request(BeforeRequest hook, std::string_view name = unnamed);
    Blueprint& after_app_request(AfterRequest hook, std::string_view name = unnamed);
    Blueprint& teardown_app_request(TeardownRequest hook, std::string_view name = unnamed);
    Blueprint& app_errorhandler(int status, ErrorHandler handler);
    Blueprint& app_errorhandler(ErrorHandler handler);

    struct Bound {
        const RouteInfo* route;
        Handler handler;
        std::any description;
        std::vector<const RouteInfo*> replaced;  // links to these lead here
    };
    // What Site::register_blueprint reads.
    const std::string& name() const { return name_; }
    const std::string& url_prefix() const { return url_prefix_; }
    const std::any& description() const { return description_; }
    const std::vector<Bound>& rules() const { return rules_; }
    const std::vector<std::pair<Blueprint, std::string>>& children() const { return children_; }
    const Hooks& hooks() const { return hooks_; }
    const Hooks& app_hooks() const { return app_hooks_; }

   private:
    static constexpr bool same_converters(const Pattern& a, const Pattern& b) {
        if (a.variable_count != b.variable_count) return false;
        for (std::size_t i = 0; i < a.variable_count; ++i) {
            if (a.variable(i).converter != b.variable(i).converter) return false;
        }
        return true;
    }
    std::string named(std::string_view name) const { return name_ + "." + std::string(name); }
    Blueprint& add_rule(Bound bound);
    Blueprint& replace_rule(const RouteInfo& old_route, Bound bound);

    std::string name_;
    std::string url_prefix_;
    std::any description_;
    std::vector<Bound> rules_;
    std::vector<std::pair<Blueprint, std::string>> children_;
    Hooks hooks_;
    Hooks app_hooks_;
};

}  // namespace app::web
