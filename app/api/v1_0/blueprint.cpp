#include "app/api/v1_0/blueprint.hpp"

#include "app/api/authentication.hpp"
#include "app/api/quotas.hpp"
#include "app/api/representation.hpp"
#include "app/api/v1_0/description.hpp"
#include "app/api/v1_0/handlers.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/api/v1_0/schemas.hpp"
#include "app/web/json.hpp"
#include "app/web/status.hpp"

namespace app::api::v1_0 {
namespace {

using models::Permission;
using openapi::Credentials;
using openapi::Operation;
using openapi::Presence;

web::Response error_document(Context& ctx, const base::Error& error) {
    return represent(ctx, "error", [&](web::JsonWriter& json) { web::write_error(json, error); }, web::status_of(error.code()));
}

// v1.0 knows no 415 for a Content-Type: its clients expect 400. (A Content-Encoding is refused before a handler runs.)
web::Response unsupported_document(Context& ctx, const base::Error& error) {
    if (ctx.request.header("Content-Encoding")) return error_document(ctx, error);
    return error_document(ctx, base::Error(base::Code::invalid, error.message()));
}

// JSON whatever Accept says.
web::Response unauthorized_document(Context&, const base::Error& error) {
    return web::json_error(error).set("WWW-Authenticate", "Basic realm=\"Authentication Required\"");
}

openapi::Header location() { return {"Location", "The URL of what was made", openapi::string("uri-reference"), true}; }

// Reads one thing, or a page of a list.
Operation read(std::string summary, std::string tag, openapi::Schema schema) {
    return {.summary = std::move(summary), .tag = std::move(tag), .success = {.schema = std::move(schema)}, .has_etag = true};
}

void bind_posts(web::Blueprint& api) {
    api.on<routes::get_posts>(get_posts, read("List all posts, the oldest first", "posts", schemas::posts()));
    api.on<routes::new_post>(requires_permission(Permission::write, new_post),
                             Operation{.summary = "Write a post",
                                       .tag = "posts",
                                       .permission = "WRITE",
                                       .request = {{schemas::text(Presence::required)}},
                                       .success = {.status = 201, .schema = schemas::post(), .headers = {location()}},
                                       .has_etag = true});
    api.on<routes::get_post>(get_post, read("Read a post", "posts", schemas::post()));
    api.on<routes::edit_post>(requires_permission(Permission::write, edit_post),
                              Operation{.summary = "Change the text of a post",
                                        .description = "One's own; those with the permission ADMIN change any. Without a body "
                                                       "member nothing is changed.",
                                        .tag = "posts",
                                        .permission = "WRITE",
                                        .request = {{schemas::text(Presence::optional)}},
                                        .success = {.schema = schemas::post()},
                                        .has_etag = true,
                                        .obeys_if_match = true});
}

void bind_comments(web::Blueprint& api) {
    api.on<routes::get_post_comments>(get_post_comments,
                                      read("List the comments on a post, the oldest first", "comments", schemas::comments()));
    api.on<routes::new_post_comment>(requires_permission(Permission::comment, new_post_comment),
                                     Operation{.summary = "Comment on a post",
                                               .tag = "comments",
                                               .permission = "COMMENT",
                                               .request = {{schemas::text(Presence::required)}},
                                               .success = {.status = 201, .schema = schemas::comment(), .headers = {location()}},
                                               .has_etag = true});
    api.on<routes::get_comments>(get_comments, read("List all comments, the newest first", "comments", schemas::comments()));
    api.on<routes::get_comment>(get_comment, read("Read a comment", "comments", schemas::comment()));
}

void bind_users(web::Blueprint& api) {
    api.on<routes::get_user>(get_user, read("Read what is known of a user", "users", schemas::user()));
    api.on<routes::get_user_posts>(get_user_posts, read("List the posts of a user, the newest first", "users", schemas::posts()));
    api.on<routes::get_user_timeline>(
        get_user_timeline, read("List the posts of those whom a user follows, the newest first", "users", schemas::posts()));
}

}  // namespace

web::Blueprint make() {
    web::Blueprint api{"api_v1_0"};
    api.describe(description());
    api.before_request(count_for_address, "count_for_address");
    api.before_request(authenticate, "authenticate");
    api.before_request(count_for_account, "count_for_account");
    api.after_request(tell_quotas, "tell_quotas");
    api.teardown_request(uncount, "uncount");

    api.on<routes::new_token>(new_token, Operation{.summary = "Make a token",
                                                   .tag = "tokens",
                                                   .credentials = Credentials::password,
                                                   .success = {.schema = schemas::token()}});
    bind_posts(api);
    bind_comments(api);
    bind_users(api);

    // 404, 405 and 500 are told by the application, which negotiates between HTML and JSON.
    for (const int status : {400, 403, 409, 412, 413, 429, 503}) api.errorhandler(status, error_document);
    api.errorhandler(401, unauthorized_document);
    api.errorhandler(415, unsupported_document);
    return api;
}

}  // namespace app::api::v1_0
