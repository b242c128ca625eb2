#include "app/api/representation.hpp"
#include "app/api/v1_0/handlers.hpp"
#include "app/base/error.hpp"
#include "app/models/authentication.hpp"

namespace app::api::v1_0 {

// A token cannot make another one: a stolen token ends when its hour does.
web::Response new_token(Context& ctx) {
    if (!ctx.user_has_password) throw base::Error(base::Code::unauthorized, "Invalid credentials");
    const auto now = base::now();
    ctx.db().write([&](db::Connection& c) { models::touch_last_seen(c, ctx.user->id, now); });
    return token_document(ctx, *ctx.user, now);
}

web::Response token_document(const Context& ctx, const models::User& user, base::Timestamp now) {
    const auto write = [&](web::JsonWriter& json) {
        json.begin_object()
            .field("expiration", models::api_token_lifetime.count())
            .field("token", models::make_api_token(ctx.services.signer, user, now))
            .end_object();
    };
    return represent(ctx, "token", write).set("Cache-Control", "no-store");
}

}  // namespace app::api::v1_0
