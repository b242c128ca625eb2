// From a function to a handler: its arguments are checked against the route's pattern when it is compiled, and handed the
// captured variables when it runs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "app/web/pattern.hpp"
#include "app/web/response.hpp"

namespace app {
struct Context;  // app/context: this room passes it through and never looks inside, which keeps it free of db and mail
}

namespace app::web {

// The values of a rule's variables in a request, in the rule's order; `text` is decoded, `integer` is set for <int:>.
struct Capture {
    std::string text;
    std::int64_t integer = 0;
};
using Captures = std::array<Capture, variables_max>;

using Handler = std::function<Response(Context&, const Captures&)>;

namespace detail {

template <class Function>
struct Signature : Signature<decltype(&Function::operator())> {};
template <class Returned, class... Parameters>
struct Signature<Returned (*)(Parameters...)> {
    using Result = Returned;
    using Arguments = std::tuple<Parameters...>;
};
template <class Class, class Returned, class... Parameters>
struct Signature<Returned (Class::*)(Parameters...) const> : Signature<Returned (*)(Parameters...)> {};

template <class Arguments>
inline constexpr bool takes_context_first = false;
template <class... Rest>
inline constexpr bool takes_context_first<std::tuple<Context&, Rest...>> = true;

template <Converter Kind>
using Argument = std::conditional_t<Kind == Converter::integer, std::int64_t, std::string_view>;

template <Converter Kind>
Argument<Kind> argument(const Capture& capture) {
    if constexpr (Kind == Converter::integer) {
        return capture.integer;
    } else {
        return capture.text;
    }
}

}  // namespace detail

// `function` is Response(Context&, one argument per variable): std::int64_t for <int:>, std::string_view for the others. A
// function pointer or a lambda; it may be called by several threads at once.
template <const auto& Route, class Function>
Handler make_handler(Function function) {
    using Signature = detail::Signature<Function>;
    using Arguments = typename Signature::Arguments;
    constexpr std::size_t count = Route.pattern.variable_count;
    static_assert(std::is_same_v<typename Signature::Result, Response>, "handler: it returns web::Response");
    static_assert(detail::takes_context_first<Arguments>, "handler: its first argument is Context&");
    static_assert(std::tuple_size_v<Arguments> == count + 1,
                  "handler: it takes Context& and one argument per variable of its rule");
    return [&function]<std::size_t... Index>(std::index_sequence<Index...>) -> Handler {
        static_assert((std::is_same_v<std::tuple_element_t<Index + 1, Arguments>,
                                      detail::Argument<Route.pattern.variable(Index).converter>> &&
                       ...),
                      "handler: an <int:> is a std::int64_t, a <string:> or <path:> a std::string_view");
        return [function = std::move(function)](Context& context, [[maybe_unused]] const Captures& captures) {
            return function(context, detail::argument<Route.pattern.variable(Index).converter>(captures[Index])...);
        };
    }(std::make_index_sequence<count>{});
}

}  // namespace app::web
