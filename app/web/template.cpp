#include "app/web/template.hpp"

#include <algorithm>
#include <deque>
#include <kainjow/mustache.hpp>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace app::web {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(const Value& value);

mustache::data to_data(const Value::Object& members) {
    mustache::data object{mustache::data::type::object};
    for (const auto& [name, member] : members) object.set(name, to_data(member));
    return object;
}

mustache::data to_data(const Value& value) {
    if (const auto* flag = value.boolean()) return mustache::data{*flag};
    if (const auto* number = value.integer()) return mustache::data{std::to_string(*number)};
    if (const auto* number = value.real()) return mustache::data{std::to_string(*number)};
    if (const auto* text = value.string()) return mustache::data{*text};
    if (const auto* object = value.object()) return to_data(*object);
    if (const auto* list = value.list()) {
        mustache::data items{mustache::data::type::list};
        for (const Value& item : *list) items.push_back(to_data(item));
        return items;
    }
    return mustache::data{false};
}

// Names are looked up in the data and partials among the templates: data called as a template is hides nothing, and no text of
// the data is ever taken for a template.
class Page : public mustache::context<std::string> {
   public:
    using Sources = std::map<std::string, std::string, std::less<>>;

    // `ending`: of the templates that may be included.
    Page(const mustache::data& data, const Sources& sources, std::string_view ending)
        : context(&data), sources_(sources), ending_(ending) {}

    const mustache::data* get_partial(const std::string& name) const override {
        const std::string file = name + std::string(ending_);
        const auto found = sources_.find(file);
        if (found == sources_.end()) throw base::Error(base::Code::internal, "there is no template " + file + " to include");
        return &used_.emplace_back(found->second);
    }

   private:
    const Sources& sources_;
    const std::string_view ending_;
    mutable std::deque<mustache::data> used_;  // what get_partial handed out, kept for the library
};

constexpr std::string_view html = ".html";

mustache::mustache parse(const std::string& name, const std::string& source) {
    mustache::mustache parsed{source};
    if (!parsed.is_valid()) throw base::Error(base::Code::internal, "template " + name + ": " + parsed.error_message());
    const bool is_html = name.ends_with(html);
    parsed.set_custom_escape([is_html](const std::string& text) { return is_html ? base::escape_html(text) : text; });
    return parsed;
}

}  // namespace

Templates::Templates(std::span<const base::EmbeddedFile> files, Value::Object globals) : globals_(std::move(globals)) {
    for (const base::EmbeddedFile& file : files) {
        const auto& [name, source] = *sources_.emplace(file.name, file.content).first;
        parse(name, source);
    }
}

std::string Templates::render(std::string_view name, const Value::Object& data) const {
    const auto found = sources_.find(name);
    if (found == sources_.end()) throw base::Error(base::Code::internal, "there is no template " + std::string(name));
    const mustache::data globals = to_data(globals_), members = to_data(data);
    Page context{globals, sources_, name.substr(std::min(name.rfind('.'), name.size()))};
    context.push(&members);
    // Parsed anew each time: the library's parsed form cannot be shared by threads.
    auto parsed = parse(found->first, found->second);
    std::string page = parsed.render(context);
    if (!parsed.is_valid()) throw base::Error(base::Code::internal, "template " + found->first + ": " + parsed.error_message());
    return page;
}

}  // namespace app::web
