// What help() prints.
#pragma once

#include <string_view>

namespace manage::shell {

inline constexpr std::string_view help_text =
    R"help(This is Lua 5.4 with the application loaded. An expression shows its value; NULL and JSON's null are nil.

  User.find{email="ann@example.com"}       or id=, username=; nil if there is none
  User.all{limit=10, after=ID}             by id
  User.new{email=, username=, password=, role="Moderator", confirmed=true}:save()
  user:posts() :timeline() :followers() :following() :role() :follow(other) :unfollow(other) :is_following(other)
  user.role_name = "Administrator"         or .password, .confirmed; then user:save()
  Post.find{id=1}  Post.all{limit=10, after=ID} or {newest=true}  post:author() :comments()
  Post.new{author=user, body="*Markdown*"}:save()    post.body = "..."; post:save()    post:delete()
  Comment.find{id=1}  Comment.all{limit=10}  Comment.new{post=post, author=user, body="..."}:save()
  comment.disabled = true; comment:save()  comment:delete() :author() :post()
  Role.all()  Role.find{name="User"}       object:reload() reads an object again

  client:get("/api/v1.0/posts/", {auth=user})        .status .headers["ETag"] .body :json()
  client:post(url, {auth={"ann@example.com", "her password"}, headers={}, body={body="hello"}})
                                           also head, put, patch, delete, options; auth may be a token
  url_for("api.get_post", {id=1})          the newest API's; or "api_v1_0.get_post"; add _external=true for scheme and host
  sql("SELECT id, username FROM users WHERE id = ?", 1)   rows as tables, raw: nothing is checked or counted for you
  routes()  app  config  db                what there is; secrets are masked
  show(value)                              prints as the prompt does; print is Lua's own
  exit(code)                               or Ctrl-D

A line that begins with a blank is not kept in the history.
)help";

}  // namespace manage::shell
