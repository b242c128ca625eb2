// Links, checked when they are compiled: url_for<routes::get_post>("id"_a = 7) names each variable of the rule once, with a
// type that fits; other names must be query names that the route declares, or `_external`.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "app/web/route.hpp"
#include "app/web/site.hpp"

namespace app::web {

template <FixedString Name, class Type>
struct NamedArgument {
    Type value;
};

template <FixedString Name>
struct ArgumentName {
    template <class Type>
    constexpr NamedArgument<Name, std::decay_t<const Type&>> operator=(const Type& value) const {
        return {value};
    }
};

inline namespace literals {
template <FixedString Name>
consteval ArgumentName<Name> operator""_a() {
    return {};
}
}  // namespace literals

// An argument at run time.
struct UrlArgument {
    std::string_view name;
    std::variant<std::int64_t, std::string_view> value;
};

// The URL of a rule: variables are percent-encoded into their segments, the rest follows as a query in the order given.
// `external`: with scheme and host from Site::public_url; throws internal when that is empty, never guesses from a request.
// Throws invalid when a text variable is empty or has a segment "." or "..": the link would lead elsewhere.
std::string build_url(const Site& site, const Rule& rule, std::span<const UrlArgument> arguments, bool external);

namespace detail {

template <class Type>
inline constexpr bool is_integer = std::integral<Type> && !std::same_as<Type, bool> && !std::same_as<Type, char>;
template <class Type>
inline constexpr bool is_text = std::convertible_to<const Type&, std::string_view>;

template <const auto& Route, FixedString Name, class Type>
constexpr bool argument_known(std::type_identity<NamedArgument<Name, Type>>) {
    for (const std::string_view query_name : Route.query_names) {
        if (query_name == Name.view()) return true;
    }
    return Route.pattern.has_variable(Name.view()) || Name.view() == "_external";
}

template <const auto& Route, FixedString Name, class Type>
constexpr bool argument_fits(std::type_identity<NamedArgument<Name, Type>>) {
    if (Name.view() == "_external") return std::same_as<Type, bool>;
    for (const Segment& segment : Route.pattern) {
        if (!segment.is_variable() || segment.text != Name.view()) continue;
        return segment.converter == Converter::integer ? is_integer<Type> : is_text<Type>;
    }
    return is_integer<Type> || is_text<Type>;
}

template <class Argument>
inline constexpr std::string_view name_of;
template <FixedString Name, class Type>
inline constexpr std::string_view name_of<NamedArgument<Name, Type>> = Name.view();

// How often each variable is named by the arguments.
template <const auto& Route, class... Arguments>
constexpr bool every_variable_named() {
    for (const Segment& segment : Route.pattern) {
        if (segment.is_variable() && !((name_of<Arguments> == segment.text) || ...)) return false;
    }
    return true;
}

template <class... Arguments>
constexpr bool names_differ() {
    const std::string_view names[] = {name_of<Arguments>..., std::string_view{}};
    for (std::size_t i = 0; i < sizeof...(Arguments); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (names[i] == names[j]) return false;
        }
    }
    return true;
}

template <FixedString Name, class Type>
UrlArgument erase(const NamedArgument<Name, Type>& argument) {
    if constexpr (is_text<Type>) {
        return {Name.view(), std::string_view{argument.value}};
    } else {
        return {Name.view(), static_cast<std::int64_t>(argument.value)};
    }
}

template <FixedString Name, class Type>
bool asks_external(const NamedArgument<Name, Type>& argument) {
    if constexpr (std::same_as<Type, bool>) return argument.value;
    return false;
}

}  // namespace detail

// The URL of a route as seen from `current` (the blueprint of the request being served, or null); see Site::rule_for.
template <const auto& Route, class... Arguments>
    requires IsRoute<Route>
std::string url_for(const Site& site, const RegisteredBlueprint* current, const Arguments&... arguments) {
    static_assert((detail::argument_known<Route>(std::type_identity<Arguments>{}) && ...),
                  "url_for: an argument is no variable of the rule and no query name of the route");
    static_assert(detail::every_variable_named<Route, Arguments...>(), "url_for: a variable of the rule is missing");
    static_assert(detail::names_differ<Arguments...>(), "url_for: an argument is given twice");
    static_assert((detail::argument_fits<Route>(std::type_identity<Arguments>{}) && ...),
                  "url_for: an <int:> takes an integer, a <string:> or <path:> takes text, _external takes true or false");
    const bool external = (detail::asks_external(arguments) || ...);
    const UrlArgument erased[] = {detail::erase(arguments)..., UrlArgument{}};
    return build_url(site, site.rule_for(route_info<Route>, current), {erased, sizeof...(Arguments)}, external);
}

}  // namespace app::web
