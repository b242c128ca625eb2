#include "app/auth/views.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "app/accounts/accounts.hpp"
#include "app/accounts/routes.hpp"
#include "app/auth/form.hpp"
#include "app/auth/routes.hpp"
#include "app/base/error.hpp"
#include "app/models/account_tokens.hpp"

namespace app::auth {
namespace {

namespace pages = accounts::routes;

constexpr const char* password_hint = "At least 8 characters; a few words that only you would put together do well";

std::string done_url(const Context& ctx, const char* what) { return ctx.url_for<routes::done>("what"_a = what); }

Link resend_link(const Context& ctx) { return {ctx.url_for<routes::resend_confirmation>(), "Ask for the mail again"}; }
Link forgotten_link(const Context& ctx) { return {ctx.url_for<pages::forgotten_password>(), "Forgotten your password?"}; }
Link blog_link() { return {"/", "To the blog"}; }

Field email_field() { return {.name = "email", .label = "E-mail address", .type = "email", .autocomplete = "email"}; }

// A form that stands for itself; `act` is given its fields.
template <class Act>
web::Response serve_form(Context& ctx, const Form& form, Act act, const std::string& next) {
    if (ctx.request.method != "POST") return show_form(ctx, form);
    const Sent sent = read_form(ctx);
    return submit(ctx, form, sent, [&] { act(sent); }, next);
}

// A form that a link in a mail leads to. `find` says in a read whether its token is good, `make` what the form is for that, `act` uses it.
// GET has the token in its query, POST in a field.
template <class Find, class Make, class Act>
web::Response serve_token_form(Context& ctx, Find find, Make make, Act act, const std::string& next, const Link& remedy) {
    const bool is_sent = ctx.request.method == "POST";
    const Sent sent = is_sent ? read_form(ctx) : Sent{};
    const std::string token = is_sent ? std::string(value_of(sent, "token")) : ctx.request.query_value("token").value_or("");
    const auto found = ctx.db().read([&](db::Connection& c) { return find(c, ctx.services.signer, token, base::now()); });
    if (!found) {
        return show_note(
            ctx, "This link is not valid any more",
            "It was used already, has expired, or did not arrive whole. Open the newest mail that you have, or ask for "
            "another one.",
            {remedy}, 400);
    }
    Form form = make(*found);
    form.token = token;
    if (!is_sent) return show_form(ctx, form);
    return submit(ctx, form, sent, [&] { act(token, sent); }, next);
}

struct Done {
    std::string_view what;
    const char *title, *text;
};

constexpr Done all_done[] = {
    {"registered", "Look into your mail",
     "A mail is on its way to the address that you gave: open the link in it to go on. If nothing comes within a few minutes, "
     "look into the "
     "spam folder."},
    {"requested", "Look into your mail",
     "If an account waits for such a mail at that address, it is on its way: open the link in it to go on. If nothing comes "
     "within a few "
     "minutes, look into the spam folder."},
    {"confirmed", "Your address is confirmed", "Thank you. Your account is open: you can sign in now."},
    {"reset", "Your password is set", "You can sign in with it now. Whoever was signed in before has to sign in again."},
    {"email-changed", "Your e-mail address is changed",
     "From now on you sign in with the new one. Whoever was signed in before has to sign in again."},
};

}  // namespace

web::Response register_account(Context& ctx) {
    accounts::require_registration(ctx);
    const Form form{.title = "Register",
                    .intro = "We send a mail to your address; the link in it opens your account.",
                    .fields = {email_field(),
                               {.name = "username",
                                .label = "Username",
                                .type = "text",
                                .autocomplete = "username",
                                .hint = "The name that others see: a letter, then letters, digits, dots and underscores"},
                               {.name = "password",
                                .label = "Password",
                                .type = "password",
                                .autocomplete = "new-password",
                                .hint = password_hint}},
                    .button = "Register",
                    .action = ctx.url_for<pages::register_account>(),
                    .links = {resend_link(ctx), forgotten_link(ctx)}};
    const auto act = [&](const Sent& sent) {
        accounts::register_account(ctx, {.email = std::string(value_of(sent, "email")),
                                         .username = std::string(value_of(sent, "username")),
                                         .password = std::string(value_of(sent, "password"))});
    };
    return serve_form(ctx, form, act, done_url(ctx, "registered"));
}

web::Response confirm(Context& ctx) {
    const auto make = [&](const models::User& user) {
        return Form{.title = "Confirm your address",
                    .intro = "Is " + user.email + " yours, and is \"" + user.username + "\" the username that you chose?",
                    .fields = {},
                    .button = "Yes, confirm",
                    .action = ctx.url_for<pages::confirm>()};
    };
    const auto act = [&](const std::string& token, const Sent&) { accounts::confirm(ctx, token); };
    return serve_token_form(ctx, models::find_user_to_confirm, make, act, done_url(ctx, "confirmed"), resend_link(ctx));
}

web::Response resend_confirmation(Context& ctx) {
    accounts::require_mails(ctx);
    const Form form{.title = "Ask for the mail again",
                    .intro = "For an account that you registered and have not confirmed yet.",
                    .fields = {email_field()},
                    .button = "Send it again",
                    .action = ctx.url_for<routes::resend_confirmation>()};
    const auto act = [&](const Sent& sent) { accounts::request_confirmation(ctx, value_of(sent, "email")); };
    return serve_form(ctx, form, act, done_url(ctx, "requested"));
}

web::Response forgotten_password(Context& ctx) {
    accounts::require_mails(ctx);
    const Form form{.title = "Forgotten your password?",
                    .intro = "We send a mail to your account's address; the link in it lets you choose a new password.",
                    .fields = {email_field()},
                    .button = "Send the mail",
                    .action = ctx.url_for<pages::forgotten_password>()};
    const auto act = [&](const Sent& sent) { accounts::request_reset(ctx, value_of(sent, "email")); };
    return serve_form(ctx, form, act, done_url(ctx, "requested"));
}

web::Response reset_password(Context& ctx) {
    const auto make = [&](const models::User& user) {
        return Form{.title = "Choose a password",
                    .intro = "For the account \"" + user.username + "\" with the address " + user.email + ".",
                    .fields = {{.name = "password",
                                .label = "New password",
                                .type = "password",
                                .autocomplete = "new-password",
                                .hint = password_hint}},
                    .button = "Set the password",
                    .action = ctx.url_for<pages::reset_password>()};
    };
    const auto act = [&](const std::string& token, const Sent& sent) {
        accounts::reset_password(ctx, token, value_of(sent, "password"));
    };
    return serve_token_form(ctx, models::find_user_to_reset, make, act, done_url(ctx, "reset"), forgotten_link(ctx));
}

web::Response change_email(Context& ctx) {
    const auto make = [&](const models::EmailChange& change) {
        return Form{.title = "Confirm your new address",
                    .intro = "Shall " + change.email + " be the address of the account \"" + change.user.username +
                             "\", in the place of " + change.user.email + "?",
                    .fields = {},
                    .button = "Yes, change it",
                    .action = ctx.url_for<pages::change_email>()};
    };
    const auto act = [&](const std::string& token, const Sent&) { accounts::change_email(ctx, token); };
    return serve_token_form(ctx, models::find_email_change, make, act, done_url(ctx, "email-changed"), blog_link());
}

web::Response done(Context& ctx, std::string_view what) {
    const auto* found = std::ranges::find(all_done, what, &Done::what);
    if (found == std::end(all_done)) throw base::Error(base::Code::not_found, "not found");
    return show_note(ctx, found->title, found->text, {what == "registered" ? resend_link(ctx) : blog_link()});
}

}  // namespace app::auth
