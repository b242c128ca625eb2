// The table of contents of API v1.0. Frozen: its clients never change.
#pragma once

#include "app/web/route.hpp"

namespace app::api::v1_0::routes {

using namespace web;

inline constexpr route<POST, "new_token", "/tokens/"> new_token;

inline constexpr route<GET, "get_posts", "/posts/", "page"> get_posts;
inline constexpr route<POST, "new_post", "/posts/"> new_post;
inline constexpr route<GET, "get_post", "/posts/<int:id>"> get_post;
inline constexpr route<PUT, "edit_post", "/posts/<int:id>"> edit_post;

inline constexpr route<GET, "get_post_comments", "/posts/<int:id>/comments/", "page"> get_post_comments;
inline constexpr route<POST, "new_post_comment", "/posts/<int:id>/comments/"> new_post_comment;
inline constexpr route<GET, "get_comments", "/comments/", "page"> get_comments;
inline constexpr route<GET, "get_comment", "/comments/<int:id>"> get_comment;

inline constexpr route<GET, "get_user", "/users/<int:id>"> get_user;
inline constexpr route<GET, "get_user_posts", "/users/<int:id>/posts/", "page"> get_user_posts;
inline constexpr route<GET, "get_user_timeline", "/users/<int:id>/timeline/", "page"> get_user_timeline;

}  // namespace app::api::v1_0::routes
