// The handlers of routes.hpp, one file per resource. All run with ctx.user set; an id that no row has throws not_found.
#pragma once

#include <cstdint>

#include "app/context/context.hpp"

namespace app::api::v1_0 {

web::Response new_token(Context& ctx);

// The document of a new token of `user`, which no cache keeps.
web::Response token_document(const Context& ctx, const models::User& user, base::Timestamp now);

web::Response get_posts(Context& ctx);
web::Response new_post(Context& ctx);
web::Response get_post(Context& ctx, std::int64_t id);
web::Response edit_post(Context& ctx, std::int64_t id);

web::Response get_post_comments(Context& ctx, std::int64_t id);
web::Response new_post_comment(Context& ctx, std::int64_t id);
web::Response get_comments(Context& ctx);
web::Response get_comment(Context& ctx, std::int64_t id);

web::Response get_user(Context& ctx, std::int64_t id);
web::Response get_user_posts(Context& ctx, std::int64_t id);
web::Response get_user_timeline(Context& ctx, std::int64_t id);

}  // namespace app::api::v1_0
