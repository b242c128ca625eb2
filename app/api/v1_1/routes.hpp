// The table of contents of API v1.1: what it adds to v1.0, and the routes of v1.0 that take more in their queries here. The others
// keep v1.0's routes.
#pragma once

#include "app/web/route.hpp"

namespace app::api::v1_1::routes {

using namespace web;

// Lists, in the place of v1.0's.
inline constexpr route<GET, "get_posts", "/posts/", "page", "per_page", "after"> get_posts;
inline constexpr route<GET, "get_post_comments", "/posts/<int:id>/comments/", "page", "per_page", "after"> get_post_comments;
inline constexpr route<GET, "get_comments", "/comments/", "page", "per_page", "after"> get_comments;
inline constexpr route<GET, "get_user_posts", "/users/<int:id>/posts/", "page", "per_page", "after"> get_user_posts;
inline constexpr route<GET, "get_user_timeline", "/users/<int:id>/timeline/", "page", "per_page", "after"> get_user_timeline;

inline constexpr route<PATCH, "patch_post", "/posts/<int:id>"> patch_post;
inline constexpr route<DELETE, "remove_post", "/posts/<int:id>"> remove_post;

inline constexpr route<PUT, "edit_comment", "/comments/<int:id>"> edit_comment;
inline constexpr route<PATCH, "patch_comment", "/comments/<int:id>"> patch_comment;
inline constexpr route<DELETE, "remove_comment", "/comments/<int:id>"> remove_comment;

inline constexpr route<GET, "get_followers", "/users/<int:id>/followers/", "page", "per_page", "after"> get_followers;
inline constexpr route<GET, "get_following", "/users/<int:id>/following/", "page", "per_page", "after"> get_following;
inline constexpr route<PUT, "follow_user", "/users/<int:id>/follow"> follow_user;
inline constexpr route<DELETE, "unfollow_user", "/users/<int:id>/follow"> unfollow_user;

// Accounts by mail. Those that nobody signs in for are a blueprint of their own, see blueprint.hpp.
inline constexpr route<POST, "new_user", "/users/"> new_user;
inline constexpr route<POST, "new_confirmation", "/confirmations/"> new_confirmation;
inline constexpr route<POST, "request_confirmation", "/confirmations/requests/"> request_confirmation;
inline constexpr route<POST, "new_password_reset", "/password-resets/"> new_password_reset;
inline constexpr route<POST, "request_password_reset", "/password-resets/requests/"> request_password_reset;
inline constexpr route<POST, "new_email_change", "/email-changes/"> new_email_change;
inline constexpr route<POST, "request_email_change", "/email-changes/requests/"> request_email_change;
inline constexpr route<PUT, "edit_password", "/account/password"> edit_password;

}  // namespace app::api::v1_1::routes
