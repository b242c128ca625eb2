// What a handler is given: the request and its links (web::RequestContext), the services, and who is asking. One per request, on
// the stack of the thread that serves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/context/services.hpp"
#include "app/models/user.hpp"
#include "app/web/request_context.hpp"

namespace app {

using namespace web::literals;  // "id"_a, for url_for

struct Context : web::RequestContext {
    Services& services;
    std::optional<models::User> user = {};  // set by a blueprint's authentication
    bool user_has_password = false;         // true: signed in with a password just now; false: with a token, or nobody
    std::optional<throttle::Quota> address_quota = {}, account_quota = {};  // what this request was counted for

    Context(const web::Request& for_request, const web::Site& on_site, Services& with)
        : web::RequestContext{for_request, on_site}, services(with) {}

    db::Database& db() const { return *services.database; }
    const config::Config& config() const { return services.config; }

    // An HTML page from app/templates.
    web::Response render(std::string_view name, const web::Value::Object& data, int status = 200) const {
        return web::html_response(services.templates.render(name, data), status);
    }
};

}  // namespace app
