#include "app/api/v1_1/blueprint.hpp"

#include "app/api/authentication.hpp"
#include "app/api/problem.hpp"
#include "app/api/quotas.hpp"
#include "app/api/representation.hpp"
#include "app/api/v1_0/blueprint.hpp"
#include "app/api/v1_0/routes.hpp"
#include "app/api/v1_0/schemas.hpp"
#include "app/api/v1_1/description.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/api/v1_1/routes.hpp"
#include "app/api/v1_1/schemas.hpp"

namespace app::api::v1_1 {
namespace {

using models::Permission;
using openapi::Operation;
using openapi::Presence;
using openapi::Schema;

Operation read(std::string summary, std::string tag, Schema schema) {
    return {.summary = std::move(summary), .tag = std::move(tag), .success = {.schema = std::move(schema)}, .has_etag = true};
}

Operation list(std::string summary, std::string tag, Schema schema) {
    Operation operation = read(std::move(summary), std::move(tag), std::move(schema));
    operation.errors = {{400, "A parameter of the query is not what it should be"}};
    return operation;
}

// Makes one thing, once per Idempotency-Key.
Operation add(std::string summary, std::string tag, std::string permission, Schema schema) {
    return {.summary = std::move(summary),
            .tag = std::move(tag),
            .permission = std::move(permission),
            .request_headers = {{"Idempotency-Key",
                                 "Names this request: sent again within 24 hours it gives the first answer and writes nothing",
                                 openapi::string().with("minLength", 1).with("maxLength", 255)}},
            .request = {{schemas::text(Presence::required)}},
            .success = {.status = 201,
                        .schema = std::move(schema),
                        .headers = {{"Location", "The URL of what was made", openapi::string("uri-reference"), true},
                                    {"Idempotency-Replayed", "\"true\" for the answer of an earlier request"}}},
            .has_etag = true,
            .errors = {{422, "The Idempotency-Key came with another request"}}};
}

// PUT, or PATCH if it says so: `schema` is of the thing, `request` of what may be sent.
Operation change(std::string summary, std::string tag, std::string permission, Schema request, Schema schema) {
    return {.summary = std::move(summary),
            .description = "One's own; those with the permission ADMIN change any. Members that are not sent stay as they are.",
            .tag = std::move(tag),
            .permission = std::move(permission),
            .request = {{std::move(request)}},
            .success = {.schema = std::move(schema)},
            .has_etag = true,
            .obeys_if_match = true};
}

Operation patch(Operation operation) {
    operation.request->media_types = {"application/merge-patch+json", "application/json", "application/xml"};
    return operation;
}

Operation remove(std::string summary, std::string tag, std::string permission) {
    return {.summary = std::move(summary),
            .description = "One's own; those with the permission ADMIN remove any.",
            .tag = std::move(tag),
            .permission = std::move(permission),
            .success = {.status = 204},
            .obeys_if_match = true};
}

Operation follow(std::string summary, std::string description, openapi::Failures errors = {}) {
    return {.summary = std::move(summary),
            .description = std::move(description),
            .tag = "users",
            .permission = "FOLLOW",
            .success = {.status = 204},
            .errors = std::move(errors)};
}

// Another handler for a route of v1.0.
template <const auto& Route, class Function>
void rebind(web::Blueprint& api, Function function, Operation operation) {
    api.replace<Route, Route>(function, std::move(operation));
}

void bind_posts(web::Blueprint& api) {
    const Schema post = schemas::post(), text = schemas::text(Presence::optional);
    api.replace<v1_0::routes::get_posts, routes::get_posts>(get_posts,
                                                            list("List all posts, the oldest first", "posts", schemas::posts()));
    rebind<v1_0::routes::new_post>(api, requires_permission(Permission::write, new_post),
                                   add("Write a post", "posts", "WRITE", post));
    rebind<v1_0::routes::get_post>(api, get_post, read("Read a post", "posts", post));
    rebind<v1_0::routes::edit_post>(api, requires_permission(Permission::write, edit_post),
                                    change("Change the text of a post", "posts", "WRITE", text, post));
    api.on<routes::patch_post>(requires_permission(Permission::write, edit_post),
                               patch(change("Change what is sent of a post", "posts", "WRITE", text, post)));
    api.on<routes::remove_post>(requires_permission(Permission::write, remove_post),
                                remove("Remove a post with its comments", "posts", "WRITE"));
}

void bind_comments(web::Blueprint& api) {
    const Schema comment = schemas::comment();
    api.replace<v1_0::routes::get_post_comments, routes::get_post_comments>(
        get_post_comments, list("List the comments on a post, the oldest first", "comments", schemas::comments()));
    rebind<v1_0::routes::new_post_comment>(api, requires_permission(Permission::comment, new_post_comment),
                                           add("Comment on a post", "comments", "COMMENT", comment));
    api.replace<v1_0::routes::get_comments, routes::get_comments>(
        get_comments, list("List all comments, the newest first", "comments", schemas::comments()));
    rebind<v1_0::routes::get_comment>(api, get_comment, read("Read a comment", "comments", comment));
    api.on<routes::edit_comment>(
        requires_permission(Permission::comment, edit_comment),
        change("Change the text of a comment", "comments", "COMMENT", schemas::text(Presence::optional), comment));
    Operation moderate =
        patch(change("Change what is sent of a comment", "comments", "COMMENT or MODERATE", schemas::comment_patch(), comment));
    moderate.description =
        "The text of one's own, or of any with the permission ADMIN; `disabled` of any with MODERATE. A disabled "
        "comment is found here by moderators alone, and by nobody elsewhere.";
    api.on<routes::patch_comment>(patch_comment, moderate);
    api.on<routes::remove_comment>(requires_permission(Permission::comment, remove_comment),
                                   remove("Remove a comment", "comments", "COMMENT"));
}

void bind_users(web::Blueprint& api) {
    rebind<v1_0::routes::get_user>(api, get_user, read("Read what is known of a user", "users", schemas::user()));
    api.replace<v1_0::routes::get_user_posts, routes::get_user_posts>(
        get_user_posts, list("List the posts of a user, the newest first", "users", schemas::posts()));
    api.replace<v1_0::routes::get_user_timeline, routes::get_user_timeline>(
        get_user_timeline, list("List the posts of those whom a user follows, the newest first", "users", schemas::posts()));
    api.on<routes::get_followers>(get_followers, list("List those who follow a user", "users", schemas::users()));
    api.on<routes::get_following>(get_following, list("List those whom a user follows", "users", schemas::users()));
    api.on<routes::follow_user>(requires_permission(Permission::follow, follow_user),
                                follow("Follow a user", "Their posts are in one's timeline from now on."));
    api.on<routes::unfollow_user>(requires_permission(Permission::follow, unfollow_user),
                                  follow("Follow a user no more", "", {{409, "Everyone follows themself, for good"}}));
}

// Each by its status, so that neither v1.0's handlers nor the application's answer.
void tell_problems(web::Blueprint& api) {
    for (const int status : {400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503}) {
        api.errorhandler(status, problem);
    }
}

constexpr const char* tells_nothing =
    "The answer does not tell whether there is such an account. At most a few mails an hour go to one address.";

// Makes the server send a mail, and tells nothing.
Operation ask(std::string summary, std::string description, Schema request, openapi::Credentials credentials) {
    Operation operation{.summary = std::move(summary),
                        .description = std::move(description),
                        .tag = "accounts",
                        .credentials = credentials,
                        .request = {{std::move(request)}},
                        .success = {.status = 202, .description = "A mail is on its way, if one is due"},
                        .errors = {{503, "This server sends no mails at present"}}};
    if (credentials == openapi::Credentials::none) {
        operation.errors.emplace_back(406, "The request accepts neither JSON nor XML");
        operation.errors.emplace_back(429, "Too many requests, or too many mails asked for");
    }
    return operation;
}

// Uses a token that came by mail.
Operation use(std::string summary, std::string description, Schema request) {
    return {.summary = std::move(summary),
            .description = std::move(description),
            .tag = "accounts",
            .credentials = openapi::Credentials::none,
            .request = {{std::move(request)}},
            .success = {.status = 204},
            .errors = {{406, "The request accepts neither JSON nor XML"}, {429, "Too many requests"}}};
}

void bind_account(web::Blueprint& api) {
    Operation change = ask("Ask for another e-mail address",
                           "The mail goes to the new one, whose owner confirms it. " + std::string(tells_nothing),
                           schemas::email_change(), openapi::Credentials::account);
    change.errors.emplace_back(403, "The account is not confirmed, or the current password is another one");
    api.on<routes::request_email_change>(request_email_change, std::move(change));
    api.on<routes::edit_password>(
        edit_password,
        Operation{.summary = "Change the password",
                  .description = "One's own. All tokens of the account end, those in mails included; the answer is a new one.",
                  .tag = "accounts",
                  .request = {{schemas::password_change()}},
                  .success = {.schema = v1_0::schemas::token()},
                  .errors = {{403, "The account is not confirmed, or the current password is another one"}}});
}

}  // namespace

web::Blueprint make_accounts() {
    constexpr auto nobody = openapi::Credentials::none;
    web::Blueprint api{"api_v1_1_accounts"};
    api.before_request(count_for_address, "count_for_address");
    api.before_request(require_acceptable, "require_acceptable");
    api.after_request(tell_quotas, "tell_quotas");
    api.teardown_request(uncount, "uncount");
    Operation registration =
        ask("Register", "A mail asks to confirm the address; until then the account is closed. " + std::string(tells_nothing),
            schemas::registration(), nobody);
    registration.errors.emplace_back(409, "The username is that of another account");
    api.on<routes::new_user>(new_user, std::move(registration));
    api.on<routes::request_confirmation>(
        request_confirmation, ask("Ask for the mail that confirms an address again", tells_nothing, schemas::address(), nobody));
    api.on<routes::request_password_reset>(request_password_reset, ask("Ask for the mail that replaces a forgotten password",
                                                                       tells_nothing, schemas::address(), nobody));
    api.on<routes::new_confirmation>(new_confirmation,
                                     use("Confirm an address", "The account is open from now on.", schemas::mailed_token()));
    api.on<routes::new_password_reset>(new_password_reset, use("Set a password without the old one",
                                                               "All tokens of the account end.", schemas::password_reset()));
    Operation change = use("Change the e-mail address to the one that the mail was sent to", "All tokens of the account end.",
                           schemas::mailed_token());
    change.errors.emplace_back(409, "Another account has the address by now");
    api.on<routes::new_email_change>(new_email_change, std::move(change));
    tell_problems(api);
    return api;
}

web::Blueprint make() {
    web::Blueprint api{"api_v1_1"};
    // Before anything is looked up, and before v1.0's hooks, which then find the request counted and its user known.
    api.before_request(count_for_address, "count_for_address");
    api.before_request(authenticate_bearer, "authenticate_bearer");
    api.extend(v1_0::make());
    api.before_request(require_acceptable, "require_acceptable");
    api.describe(description());
    bind_posts(api);
    bind_comments(api);
    bind_users(api);
    bind_account(api);
    tell_problems(api);
    return api;
}

}  // namespace app::api::v1_1
