// A route is a value that exists at compile time: methods, endpoint, rule, and the query names that links to it may carry.
//
//     inline constexpr web::route<GET, "get_post", "/posts/<int:id>"> get_post;
//
// Blueprint::on checks handlers against it, url_for checks links against it.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <type_traits>

#include "app/web/method.hpp"
#include "app/web/pattern.hpp"

namespace app::web {

template <Methods MethodSet, FixedString Endpoint, FixedString Rule, FixedString... QueryNames>
struct route {
    static constexpr Methods methods = MethodSet;
    static constexpr std::string_view endpoint = Endpoint.view();
    static constexpr Pattern pattern = parse_pattern(Rule.view());
    static constexpr std::array<std::string_view, sizeof...(QueryNames)> query_names{QueryNames.view()...};

    static_assert(!methods.empty(), "route: it needs a method, as in GET or GET | POST");
    static_assert(detail::is_name(endpoint), "route: an endpoint is a name of letters, digits and '_'");
    static_assert((detail::is_name(QueryNames.view()) && ...), "route: a query name is of letters, digits and '_'");
    static_assert((!pattern.has_variable(QueryNames.view()) && ...), "route: a query name is a variable of the rule already");
};

// What is left of a route at run time. Its address is the route's identity: routes are passed as references, so that two that
// are written alike in two tables stay two.
struct RouteInfo {
    Methods methods;
    std::string_view endpoint;
    const Pattern* pattern;
    std::span<const std::string_view> query_names;
};

template <const auto& Route>
concept IsRoute = requires { std::remove_cvref_t<decltype(Route)>::pattern.rule; };

template <const auto& Route>
inline constexpr RouteInfo route_info{Route.methods, Route.endpoint, &Route.pattern, Route.query_names};

}  // namespace app::web
