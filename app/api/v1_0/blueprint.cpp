#include "app/api/v1_0/blueprint.hpp"

#include "app/api/authentication.hpp"
#include "app/api/v1_0/handlers.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/web/json.hpp"

namespace app::api::v1_0 {
namespace {

using models::Permission;

web::Response error_document(Context&, const base::Error& error) { return web::json_error(error); }

// v1.0 knows no 415 for a Content-Type: its clients expect 400. (A Content-Encoding is refused before a handler runs.)
web::Response unsupported_document(Context& ctx, const base::Error& error) {
    if (ctx.request.header("Content-Encoding")) return web::json_error(error);
    return web::json_error(base::Error(base::Code::invalid, error.message()));
}

web::Response unauthorized_document(Context&, const base::Error& error) {
    return web::json_error(error).set("WWW-Authenticate", "Basic realm=\"Authentication Required\"");
}

}  // namespace

web::Blueprint make() {
    web::Blueprint api{"api_v1_0"};
    api.before_request(authenticate);

    api.on<routes::new_token>(new_token);
    api.on<routes::get_posts>(get_posts);
    api.on<routes::new_post>(requires_permission(Permission::write, new_post));
    api.on<routes::get_post>(get_post);
    api.on<routes::edit_post>(requires_permission(Permission::write, edit_post));
    api.on<routes::get_post_comments>(get_post_comments);
    api.on<routes::new_post_comment>(requires_permission(Permission::comment, new_post_comment));
    api.on<routes::get_comments>(get_comments);
    api.on<routes::get_comment>(get_comment);
    api.on<routes::get_user>(get_user);
    api.on<routes::get_user_posts>(get_user_posts);
    api.on<routes::get_user_timeline>(get_user_timeline);

    // 404, 405 and 500 are told by the application, which negotiates between HTML and JSON.
    for (const int status : {400, 403, 409, 412, 413, 429, 503}) api.errorhandler(status, error_document);
    api.errorhandler(401, unauthorized_document);
    api.errorhandler(415, unsupported_document);
    return api;
}

}  // namespace app::api::v1_0
