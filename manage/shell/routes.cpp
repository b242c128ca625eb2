// `routes()` and `url_for("api_v1_0.get_post", {id=1})`: the URL space, as `manage routes` prints it.
#include <algorithm>
#include <iterator>
#include <tuple>
#include <variant>
#include <vector>

#include "app/base/error.hpp"
#include "app/openapi/document.hpp"
#include "app/web/url_for.hpp"
#include "manage/shell/session.hpp"
#include "manage/shell/values.hpp"
#include "manage/table.hpp"

namespace manage::shell {

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Rule;

std::vector<const Rule*> sorted_rules(const app::web::Site& site) {
    std::vector<const Rule*> rules;
    for (const Rule& rule : site.rules()) rules.push_back(&rule);
    std::ranges::sort(rules, {}, [](const Rule* rule) { return std::tuple(rule->text(), to_string(rule->methods)); });
    return rules;
}

int show_routes(lua_State* state) {
    std::vector<std::vector<std::string>> lines{{"RULE", "METHODS", "ENDPOINT"}};
    for (const Rule* rule : sorted_rules(session_of(state).app.site())) {
        lines.push_back({rule->text(), to_string(rule->methods), rule->endpoint});
    }
    std::string text = aligned(lines);
    text.pop_back();
    push(state, text);
    return 1;
}

int routes(lua_State* state) {
    lua_newtable(state);
    lua_Integer position = 0;
    for (const Rule* rule : sorted_rules(session_of(state).app.site())) {
        lua_newtable(state);
        set_field(state, "rule", rule->text());
        set_field(state, "methods", to_string(rule->methods));
        set_field(state, "endpoint", rule->endpoint);
        lua_rawseti(state, -2, ++position);
    }
    lua_newtable(state);
    lua_pushcfunction(state, guarded<show_routes>);
    lua_setfield(state, -2, "__show");
    lua_setmetatable(state, -2);
    return 1;
}

// "api.get_post" is that of the API's newest version.
std::string full_name(const app::web::Site& site, const std::string& endpoint) {
    constexpr std::string_view any_api = "api.";
    if (!endpoint.starts_with(any_api)) return endpoint;
    return app::openapi::find_apis(site).back()->name + "." + endpoint.substr(any_api.size());
}

const Rule& rule_of(const app::web::Site& site, const std::string& endpoint) {
    const auto found = std::ranges::find(site.rules(), endpoint, &Rule::endpoint);
    if (found != site.rules().end()) return *found;
    std::vector<std::string_view> known;
    for (const Rule& rule : site.rules()) {
        if (rule.endpoint.ends_with(endpoint.substr(std::min(endpoint.find('.'), endpoint.size()))))
            known.push_back(rule.endpoint);
    }
    if (known.empty()) throw Error(Code::invalid, "there is no endpoint " + endpoint + "; routes() shows those there are");
    raise_unknown("there is no endpoint", endpoint, known);
}

struct Argument {
    std::string name;
    std::variant<std::int64_t, std::string> value;
};

void check_argument(const Rule& rule, const Argument& argument) {
    const auto& queries = rule.route->query_names;
    for (const app::web::Segment& segment : *rule.route->pattern) {
        if (!segment.is_variable() || segment.text != argument.name) continue;
        const bool wants_integer = segment.converter == app::web::Converter::integer;
        if (wants_integer == std::holds_alternative<std::int64_t>(argument.value)) return;
        throw Error(Code::invalid, argument.name + " is " + (wants_integer ? "an integer" : "text") + " in " + rule.text());
    }
    if (std::ranges::find(queries, argument.name) != queries.end()) return;
    std::vector<std::string_view> known(queries.begin(), queries.end());
    for (const app::web::Segment& segment : *rule.route->pattern) {
        if (segment.is_variable()) known.push_back(segment.text);
    }
    known.emplace_back("_external");
    raise_unknown(rule.endpoint + " takes no", argument.name, known);
}

std::string link(const app::web::Site& site, const Rule& rule, const std::vector<Argument>& arguments, bool external) {
    std::vector<app::web::UrlArgument> views;
    for (const Argument& argument : arguments) {
        check_argument(rule, argument);
        const auto* text = std::get_if<std::string>(&argument.value);
        if (text) {
            views.push_back({argument.name, std::string_view(*text)});
        } else {
            views.push_back({argument.name, std::get<std::int64_t>(argument.value)});
        }
    }
    for (const app::web::Segment& segment : *rule.route->pattern) {
        if (segment.is_variable() && std::ranges::find(arguments, segment.text, &Argument::name) == arguments.end()) {
            throw Error(Code::invalid, rule.endpoint + " needs " + std::string(segment.text) + ": its rule is " + rule.text());
        }
    }
    return app::web::build_url(site, rule, views, external);
}

int url_for(lua_State* state) {
    const app::web::Site& site = session_of(state).app.site();
    const std::string endpoint = full_name(site, to_text(state, 1, "an endpoint"));
    const Rule& rule = rule_of(site, endpoint);
    std::vector<Argument> arguments;
    bool external = false;
    if (!lua_isnoneornil(state, 2)) {
        luaL_checktype(state, 2, LUA_TTABLE);
        lua_pushnil(state);
        while (lua_next(state, 2) != 0) {
            const std::string name = to_text(state, -2, "the name of an argument");
            if (name == "_external") {
                external = to_boolean(state, -1, name);
            } else if (lua_isinteger(state, -1)) {
                arguments.push_back({name, std::int64_t{lua_tointeger(state, -1)}});
            } else {
                arguments.push_back({name, to_text(state, -1, name)});
            }
            lua_pop(state, 1);
        }
    }
    std::ranges::sort(arguments, {}, &Argument::name);
    push(state, link(site, rule, arguments, external));
    return 1;
}

}  // namespace

void define_routes(lua_State* state) {
    lua_pushcfunction(state, guarded<routes>);
    lua_setglobal(state, "routes");
    lua_pushcfunction(state, guarded<url_for>);
    lua_setglobal(state, "url_for");
}

}  // namespace manage::shell
