#include "app/auth/form.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/web/csrf.hpp"
#include "app/web/negotiation.hpp"
#include "app/web/status.hpp"

namespace app::auth {
namespace {

using base::Code;
using base::Error;
using Object = web::Value::Object;

web::Csrf csrf_of(const Context& ctx) {
    const bool is_secure = ctx.request.scheme == "https" || ctx.config().server.public_url.starts_with("https://");
    return web::Csrf(ctx.request, ctx.services.signer, is_secure, base::now());
}

// False where there is nothing to say: a section of the template is left out then.
web::Value or_false(const std::string& text) { return text.empty() ? web::Value{false} : web::Value{text}; }

std::string error_of(const Field& field, const Error* error) {
    if (!error) return {};
    const auto found = std::ranges::find(error->fields(), "/" + field.name, &base::FieldError::pointer);
    return found == error->fields().end() ? std::string{} : found->message;
}

Object field_data(const Field& field, const Sent& sent, const Error* error) {
    const bool is_password = field.type == "password";
    return {{"name", field.name},
            {"label", field.label},
            {"type", field.type},
            {"autocomplete", field.autocomplete},
            {"hint", field.hint},
            {"value", is_password ? std::string_view{} : value_of(sent, field.name)},
            {"field_error", or_false(error_of(field, error))}};
}

web::Value::List link_list(const std::vector<Link>& links) {
    web::Value::List list;
    for (const Link& link : links) list.emplace_back(Object{{"url", link.url}, {"label", link.text}});
    return list;
}

web::Response show(const Context& ctx, const Form& form, const Sent& sent, const Error* error) {
    web::Value::List fields;
    bool names_field = false;
    for (const Field& field : form.fields) {
        fields.emplace_back(field_data(field, sent, error));
        names_field = names_field || !error_of(field, error).empty();
    }
    const auto csrf = csrf_of(ctx);
    return ctx
        .render("auth/form.html",
                {{"title", form.title},
                 {"intro", or_false(form.intro)},
                 {"problem", error && !names_field ? or_false(error->message()) : web::Value{false}},
                 {"fields", std::move(fields)},
                 {"button", form.button},
                 {"action", form.action},
                 {"token", or_false(form.token)},
                 {"csrf_token", csrf.field()},
                 {"links", link_list(form.links)}},
                error ? web::status_of(error->code()) : 200)
        .add("Set-Cookie", csrf.cookie());
}

}  // namespace

std::string_view value_of(const Sent& sent, std::string_view name) { return web::find_value(sent, name).value_or(""); }

Sent read_form(const Context& ctx) {
    if (web::media_type(ctx.request.header("Content-Type").value_or("")) != "application/x-www-form-urlencoded")
        throw Error(Code::unsupported, "this page takes forms");
    Sent sent = web::parse_form(ctx.request.body);
    csrf_of(ctx).require(sent);
    return sent;
}

web::Response show_form(const Context& ctx, const Form& form) { return show(ctx, form, {}, nullptr); }

web::Response show_note(const Context& ctx, const std::string& title, const std::string& text, const std::vector<Link>& links,
                        int status) {
    return ctx.render("auth/note.html", {{"title", title}, {"text", text}, {"links", link_list(links)}}, status);
}

web::Response submit(const Context& ctx, const Form& form, const Sent& sent, base::FunctionRef<void()> act,
                     const std::string& next) {
    try {
        act();
    } catch (const Error& error) {
        if (error.code() != Code::invalid && error.code() != Code::conflict) throw;
        return show(ctx, form, sent, &error);
    }
    return web::redirect(next);
}

}  // namespace app::auth
