// Who calls the API: HTTP Basic with an e-mail address and a password, or with a token and an empty password (RFC 7617); from v1.1
// on a token as Bearer, too (RFC 6750). Shared by all versions; each turns the errors into its own documents.
#pragma once

#include <optional>
#include <string>

#include "app/base/error.hpp"
#include "app/context/context.hpp"

namespace app::api {

// A before_request hook: sets ctx.user, unless a hook before it did, or throws unauthorized ("Invalid credentials"), forbidden
// ("Unconfirmed account").
std::optional<web::Response> authenticate(Context& ctx);

// A before_request hook for before that one: sets ctx.user to the owner of the token that comes as Bearer; does nothing when the
// token is none of ours, or the scheme another.
std::optional<web::Response> authenticate_bearer(Context& ctx);

// What a handler that finds out late may ask: each throws forbidden ("Insufficient permissions"), when ctx.user may not do that, or
// neither is the author nor has Permission::admin.
void require_permission(const Context& ctx, models::Permission permission);
void require_author(const Context& ctx, std::int64_t author_id);

// Wraps a handler: throws forbidden ("Insufficient permissions") unless ctx.user may do that. Nothing of the handler has run then.
template <class... Arguments>
auto requires_permission(models::Permission permission, web::Response (*handler)(Context&, Arguments...)) {
    return [permission, handler](Context& ctx, Arguments... arguments) -> web::Response {
        require_permission(ctx, permission);
        return handler(ctx, arguments...);
    };
}

// The user name and the password of an Authorization header; nothing unless the scheme is Basic (in any case of letters) and the
// rest is canonical base64 of UTF-8 with a colon and a user name before it.
struct BasicCredentials {
    std::string name;
    std::string password;
};
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

// What stands behind the scheme Bearer (in any case of letters); nothing when the scheme is another.
std::optional<std::string_view> parse_bearer(std::string_view authorization);

}  // namespace app::api
