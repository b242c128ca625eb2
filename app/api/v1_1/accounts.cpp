#include "app/accounts/accounts.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include "app/api/body.hpp"
#include "app/api/v1_0/handlers.hpp"
#include "app/api/v1_1/handlers.hpp"
#include "app/base/error.hpp"

namespace app::api::v1_1 {
namespace {

// The members of those names of the request's object, in that order. Throws invalid with all that are missing or no text.
std::vector<std::string> read_texts(const web::Request& request, std::initializer_list<std::string_view> names) {
    const web::Value object = read_strict_object(request);
    std::vector<std::string> texts;
    std::vector<base::FieldError> faults;
    for (const std::string_view name : names) {
        const web::Value* member = object.find(name);
        if (member && member->string()) {
            texts.push_back(*member->string());
        } else {
            faults.push_back({"/" + std::string(name), member ? "is not a string" : "is missing"});
        }
    }
    if (faults.empty()) return texts;
    const std::string message = faults.front().pointer.substr(1) + " " + faults.front().message;
    throw base::Error(base::Code::invalid, message, {}, std::move(faults));
}

web::Response accepted() { return web::empty_response(202); }

}  // namespace

web::Response new_user(Context& ctx) {
    auto texts = read_texts(ctx.request, {"email", "username", "password"});
    accounts::register_account(ctx,
                               {.email = std::move(texts[0]), .username = std::move(texts[1]), .password = std::move(texts[2])});
    return accepted();
}

web::Response new_confirmation(Context& ctx) {
    accounts::confirm(ctx, read_texts(ctx.request, {"token"})[0]);
    return web::empty_response();
}

web::Response request_confirmation(Context& ctx) {
    accounts::request_confirmation(ctx, read_texts(ctx.request, {"email"})[0]);
    return accepted();
}

web::Response new_password_reset(Context& ctx) {
    const auto texts = read_texts(ctx.request, {"token", "password"});
    accounts::reset_password(ctx, texts[0], texts[1]);
    return web::empty_response();
}

web::Response request_password_reset(Context& ctx) {
    accounts::request_reset(ctx, read_texts(ctx.request, {"email"})[0]);
    return accepted();
}

web::Response new_email_change(Context& ctx) {
    accounts::change_email(ctx, read_texts(ctx.request, {"token"})[0]);
    return web::empty_response();
}

web::Response request_email_change(Context& ctx) {
    const auto texts = read_texts(ctx.request, {"email", "current_password"});
    accounts::request_email_change(ctx, texts[0], texts[1]);
    return accepted();
}

web::Response edit_password(Context& ctx) {
    const auto texts = read_texts(ctx.request, {"current_password", "password"});
    const auto now = base::now();
    return v1_0::token_document(ctx, accounts::change_password(ctx, texts[0], texts[1]), now);
}

}  // namespace app::api::v1_1
