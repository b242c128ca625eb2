#include "app/api/authentication.hpp"

#include "app/base/text.hpp"
#include "app/models/authentication.hpp"

namespace app::api {
namespace {

std::optional<models::User> find_user(Context& ctx, const BasicCredentials& credentials) {
    Services& services = ctx.services;
    if (!credentials.password.empty()) {
        return models::check_password(ctx.db(), services.passwords, credentials.name, credentials.password);
    }
    return ctx.db().read(
        [&](db::Connection& c) { return models::find_token_user(c, services.signer, credentials.name, base::now()); });
}

}  // namespace

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
    const auto blank = authorization.find(' ');
    if (blank == std::string_view::npos || !base::equal_ignoring_case(authorization.substr(0, blank), "Basic"))
        return std::nullopt;
    const auto decoded = base::base64_decode(base::trim(authorization.substr(blank)));
    if (!decoded || !base::is_utf8(*decoded)) return std::nullopt;
    const auto colon = decoded->find(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    return BasicCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

std::optional<web::Response> authenticate(Context& ctx) {
    const auto credentials = parse_basic(ctx.request.header("Authorization").value_or(""));
    if (credentials) ctx.user = find_user(ctx, *credentials);
    if (!ctx.user) throw base::Error(base::Code::unauthorized, "Invalid credentials");
    if (!ctx.user->confirmed) throw base::Error(base::Code::forbidden, "Unconfirmed account");
    ctx.user_has_password = !credentials->password.empty();
    return std::nullopt;
}

}  // namespace app::api
