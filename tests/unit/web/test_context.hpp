// The context of this room's tests: what the room knows about a request, and a trace that hooks and handlers write to. `serve`
// takes a request through a Site as the application does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/web/dispatch.hpp"

namespace app {

struct Context : web::RequestContext {
    std::vector<std::string> trace = {};
};

}  // namespace app

namespace app::web {

struct Served {
    Response response;
    std::optional<base::Error> error;  // what the log would be told
    std::vector<std::string> trace;

    std::string header(std::string_view name) const { return std::string(response.header(name).value_or("(none)")); }
};

inline Served serve(const Site& site, const Request& request) {
    Context context{{request, site}};
    Response response = dispatch(context, context);
    return {std::move(response), std::move(context.error), std::move(context.trace)};
}

inline Served serve(const Site& site, std::string_view method, std::string_view target) {
    return serve(site, Request{.method = method, .target = target});
}

inline std::string body_of(const Site& site, std::string_view target) { return serve(site, "GET", target).response.body; }
inline int status_of(const Site& site, std::string_view method, std::string_view target) {
    return serve(site, method, target).response.status;
}

// The message of the Error that `act` throws; "nothing was thrown" when none is.
template <class Act>
std::string message_of(Act act) {
    try {
        act();
    } catch (const base::Error& error) {
        return error.message();
    }
    return "nothing was thrown";
}

}  // namespace app::web
