// The handlers of routes.hpp, and those that take the place of v1.0's; one file per resource. All run with ctx.user set; an id that
// no row has throws not_found. What changes a post or a comment obeys If-Match.
#pragma once

#include <cstdint>

#include "app/context/context.hpp"

namespace app::api::v1_1 {

web::Response get_posts(Context& ctx);
web::Response new_post(Context& ctx);
web::Response get_post(Context& ctx, std::int64_t id);
web::Response edit_post(Context& ctx, std::int64_t id);  // PUT and PATCH: the text is all that can be changed
web::Response remove_post(Context& ctx, std::int64_t id);

web::Response get_post_comments(Context& ctx, std::int64_t id);
web::Response new_post_comment(Context& ctx, std::int64_t id);
web::Response get_comments(Context& ctx);
web::Response get_comment(Context& ctx, std::int64_t id);
web::Response edit_comment(Context& ctx, std::int64_t id);
web::Response patch_comment(Context& ctx, std::int64_t id);
web::Response remove_comment(Context& ctx, std::int64_t id);

web::Response get_user(Context& ctx, std::int64_t id);
web::Response get_user_posts(Context& ctx, std::int64_t id);
web::Response get_user_timeline(Context& ctx, std::int64_t id);

web::Response get_followers(Context& ctx, std::int64_t id);
web::Response get_following(Context& ctx, std::int64_t id);
web::Response follow_user(Context& ctx, std::int64_t id);
web::Response unfollow_user(Context& ctx, std::int64_t id);

// These run without ctx.user ...
web::Response new_user(Context& ctx);
web::Response new_confirmation(Context& ctx);
web::Response request_confirmation(Context& ctx);
web::Response new_password_reset(Context& ctx);
web::Response request_password_reset(Context& ctx);
web::Response new_email_change(Context& ctx);
// ... and these with.
web::Response request_email_change(Context& ctx);
web::Response edit_password(Context& ctx);

}  // namespace app::api::v1_1
