// HTML pages from mustache templates: {{name}} is escaped, {{{name}}} is not, {{#list}} ... {{/list}}, {{> other}} includes
// other.html, even when a value is called so. Values come as a Value tree; what a template names and the tree does not have is left empty.
// A template whose name does not end with .html is plain text: nothing is escaped there, and {{> other}} includes one of its own ending.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "app/base/embedded.hpp"
#include "app/web/value.hpp"

namespace app::web {

class Templates {
   public:
    // Every page knows `globals`, but for names that its own data has too. Throws internal, naming the file, when one is no valid
    // template.
    explicit Templates(std::span<const base::EmbeddedFile> files, Value::Object globals = {});

    // Fills the template of that name ("index.html") with the members of `data`. Throws internal when there is none, or when
    // it includes one that is not there. May be called by several threads at once.
    std::string render(std::string_view name, const Value::Object& data) const;

   private:
    std::map<std::string, std::string, std::less<>> sources_;
    Value::Object globals_;
};

}  // namespace app::web
