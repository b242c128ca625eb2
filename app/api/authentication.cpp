#include "app/api/authentication.hpp"

#include "app/base/text.hpp"
#include "app/context/login.hpp"
#include "app/models/authentication.hpp"

namespace app::api {
namespace {

std::optional<models::User> find_token_user(Context& ctx, std::string_view token) {
    return ctx.db().read([&](db::Connection& c) { return models::find_token_user(c, ctx.services.signer, token, base::now()); });
}

std::optional<models::User> find_user(Context& ctx, const BasicCredentials& credentials) {
    if (credentials.password.empty()) return find_token_user(ctx, credentials.name);
    return log_in(ctx, credentials.name, credentials.password);
}

// What stands behind a scheme, in any case of letters, and a blank.
std::optional<std::string_view> after_scheme(std::string_view authorization, std::string_view scheme) {
    const auto blank = authorization.find(' ');
    if (!base::equal_ignoring_case(authorization.substr(0, blank), scheme)) return std::nullopt;
    return blank == std::string_view::npos ? std::string_view{} : base::trim(authorization.substr(blank));
}

}  // namespace

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
    const auto encoded = after_scheme(authorization, "Basic");
    if (!encoded) return std::nullopt;
    const auto decoded = base::base64_decode(*encoded);
    if (!decoded || !base::is_utf8(*decoded)) return std::nullopt;
    const auto colon = decoded->find(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    return BasicCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

std::optional<std::string_view> parse_bearer(std::string_view authorization) { return after_scheme(authorization, "Bearer"); }

std::optional<web::Response> authenticate_bearer(Context& ctx) {
    if (const auto token = parse_bearer(ctx.request.header("Authorization").value_or("")))
        ctx.user = find_token_user(ctx, *token);
    return std::nullopt;
}

void require_permission(const Context& ctx, models::Permission permission) {
    if (!ctx.user || !ctx.user->can(permission)) throw base::Error(base::Code::forbidden, "Insufficient permissions");
}

void require_author(const Context& ctx, std::int64_t author_id) {
    if (ctx.user->id != author_id) require_permission(ctx, models::Permission::admin);
}

std::optional<web::Response> authenticate(Context& ctx) {
    if (!ctx.user) {
        const auto credentials = parse_basic(ctx.request.header("Authorization").value_or(""));
        if (credentials) ctx.user = find_user(ctx, *credentials);
        ctx.user_has_password = credentials && !credentials->password.empty();
    }
    if (!ctx.user) throw base::Error(base::Code::unauthorized, "Invalid credentials");
    if (!ctx.user->confirmed) throw base::Error(base::Code::forbidden, "Unconfirmed account");
    return std::nullopt;
}

}  // namespace app::api
