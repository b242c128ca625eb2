// A page with one form: what it shows, and what becomes of it when it is sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/base/function_ref.hpp"
#include "app/context/context.hpp"
#include "app/web/form.hpp"

namespace app::auth {

struct Field {
    std::string name;          // of the form, and of what errors point to: "email" for "/email"
    std::string label;         // for people
    std::string type;          // "text", "email", "password"
    std::string autocomplete;  // "username", "new-password": for password managers
    std::string hint = {};
};

struct Link {
    std::string url;
    std::string text;
};

struct Form {
    std::string title;
    std::string intro;
    std::vector<Field> fields;
    std::string button;
    std::string action;      // where it is sent
    std::string token = {};  // that goes with it, in a hidden field
    std::vector<Link> links = {};
};

using Sent = std::vector<web::FormField>;

// The first value of that name, or "".
std::string_view value_of(const Sent& sent, std::string_view name);

// The form's fields. Throws unsupported for a body that is no form, forbidden when it was not sent from our page, and what parse_form throws.
Sent read_form(const Context& ctx);

web::Response show_form(const Context& ctx, const Form& form);

// A page that says something, with links.
web::Response show_note(const Context& ctx, const std::string& title, const std::string& text, const std::vector<Link>& links,
                        int status = 200);

// Does what the form is for and leads to `next`. What the visitor can mend (invalid, conflict) is shown with the form, beside the fields that
// it names; what was typed is kept, but for passwords.
web::Response submit(const Context& ctx, const Form& form, const Sent& sent, base::FunctionRef<void()> act,
                     const std::string& next);

}  // namespace app::auth
