// What this room knows about a request while it is served. app::Context is this plus services, user and database.
#pragma once

#include <optional>

#include "app/base/error.hpp"
#include "app/web/request.hpp"
#include "app/web/site.hpp"
#include "app/web/url_for.hpp"

namespace app::web {

struct RequestContext {
    const Request& request;
    const Site& site;
    Match match{};                          // set by dispatch
    std::optional<base::Error> error = {};  // what went wrong, with its detail, for the log; set by dispatch

    // The blueprint whose rule matched; null before routing and for a path that nobody knows.
    const RegisteredBlueprint* blueprint() const { return match.rule ? match.rule->blueprint : nullptr; }

    // A link, resolved in the current blueprint first, so that shared handlers stay in their own API version.
    template <const auto& Route, class... Arguments>
    std::string url_for(const Arguments&... arguments) const {
        return web::url_for<Route>(site, blueprint(), arguments...);
    }
};

}  // namespace app::web
