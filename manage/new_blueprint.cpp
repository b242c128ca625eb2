// `manage new blueprint` and `manage new route`.
#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/template.hpp"
#include "manage/identifier.hpp"
#include "manage/new.hpp"

namespace manage {

namespace {

using app::base::split;
using app::web::Value;

constexpr std::size_t room_columns = 14;                                           // of CMakeLists.txt
constexpr std::size_t line_bytes_max = 130, segments_max = 12, variables_max = 4;  // see pattern.hpp

bool is_plain(std::string_view segment) {
    const auto is_unreserved = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    };
    return !segment.empty() && segment != "." && segment != ".." && std::ranges::all_of(segment, is_unreserved);
}

void check_prefix(const std::string& prefix) {
    const auto segments = split(prefix, '/');
    const bool begins = segments.size() > 1 && segments.front().empty();
    if (!begins || !std::all_of(segments.begin() + 1, segments.end(), is_plain)) {
        refuse_growth("a prefix is a path without a slash at its end, as /shop or /shop/v2; not " + prefix);
    }
}

struct Variable {
    std::string name;
    std::string type;    // in C++
    std::string sample;  // in a URL
};

// The variables of a rule; throws what the compiler would say, before anything is written.
std::vector<Variable> variables_of(const std::string& rule) {
    const auto wrong = [&](const std::string& why) {
        refuse_growth("a path is as / or /cart/<int:id> or /cart/<name>/: " + why + ": " + rule);
    };
    if (!rule.starts_with('/')) wrong("it begins with a slash");
    std::vector<Variable> variables;
    const auto segments = split(std::string_view(rule).substr(1), '/');
    if (segments.size() > segments_max) wrong("it has at most " + std::to_string(segments_max) + " segments");
    for (std::size_t i = 0; i < segments.size(); ++i) {
        std::string_view segment = segments[i];
        if (segment.empty() && i + 1 == segments.size()) continue;  // a slash at the end
        if (!segment.starts_with('<')) {
            if (!is_plain(segment)) wrong("a segment is made of letters, digits, - . and _, or is a variable in < and >");
            continue;
        }
        if (!segment.ends_with('>')) wrong("a variable is a whole segment");
        segment = segment.substr(1, segment.size() - 2);
        const std::size_t colon = segment.find(':');
        const std::string_view converter = colon == segment.npos ? "string" : segment.substr(0, colon);
        const std::string name{colon == segment.npos ? segment : segment.substr(colon + 1)};
        check_identifier("a variable's name", name);
        if (std::ranges::find(variables, name, &Variable::name) != variables.end()) wrong("no variable is there twice");
        if (converter == "int") {
            variables.push_back({name, "std::int64_t", "7"});
        } else if (converter == "string") {
            variables.push_back({name, "std::string_view", "word"});
        } else if (converter == "path" && i + 1 == segments.size()) {
            variables.push_back({name, "std::string_view", "one/two"});
        } else {
            wrong("a variable is <name>, <int:name>, or <path:name> at the end");
        }
    }
    if (variables.size() > variables_max) wrong("it has at most " + std::to_string(variables_max) + " variables");
    return variables;
}

// What the rule matches, with samples for its variables.
std::string sample_url(std::string url, const std::vector<Variable>& variables) {
    for (const Variable& variable : variables) {
        const std::size_t begin = url.find('<');
        url.replace(begin, url.find('>') - begin + 1, variable.sample);
    }
    return url;
}

void add_test(Growth& growth, const std::string& blueprint, const std::string& name, const std::string& method,
              const std::string& url) {
    const Value::Object values{{"blueprint", blueprint}, {"name", name}, {"method", method}, {"url", url}};
    const std::string path = "tests/integration/" + blueprint + "_test.cpp";
    if (!growth.has(path)) growth.add(path, "route_test_head", values);
    growth.change(path, [&](SourceText& source) { source.append(fill_template("route_case", values)); });
}

// The prefix in `site->register_blueprint(shop::make(), "/shop");`.
std::string prefix_of(const Growth& growth, const std::string& blueprint) {
    const std::string call = "    site->register_blueprint(" + blueprint + "::make()";
    const std::string text = growth.read("app/app.cpp");
    for (std::string_view line : split(text, '\n')) {
        if (!line.starts_with(call)) continue;
        const std::size_t begin = line.find('"'), end = line.rfind('"');
        return begin == line.npos ? "" : std::string(line.substr(begin + 1, end - begin - 1));
    }
    refuse_growth("app/app.cpp does not register " + blueprint +
                  "::make(): write the route by hand, as docs/ARCHITECTURE.md says");
}

// The header that declares the handlers.
std::string handlers_header(const Growth& growth, const std::string& folder) {
    for (const std::string name : {"handlers.hpp", "views.hpp"}) {
        if (growth.has(folder + name)) return name;
    }
    refuse_growth(folder + " has no handlers.hpp or views.hpp: write the route by hand, as docs/ARCHITECTURE.md says");
}

// "shop" of the line `    shop.on<routes::index>(index);`.
std::string object_of(const std::string& text, const std::string& path) {
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t dot = line.find(".on<routes::");
        if (line.starts_with("    ") && dot != line.npos) return std::string(line.substr(4, dot - 4));
    }
    refuse_growth(path + " has no line as `name.on<routes::index>(index);`: write the route by hand");
}

}  // namespace

void plan_blueprint(Growth& growth, const std::string& name, const std::string& prefix) {
    check_identifier("a blueprint's name", name);
    check_prefix(prefix);
    const std::string folder = "app/" + name;
    if (growth.has(folder)) refuse_growth("the name is taken: there is " + folder + " already");
    const Value::Object values{{"name", name}};
    for (const char* file : {"routes.hpp", "handlers.hpp", "blueprint.hpp", "blueprint.cpp"}) {
        growth.add(folder + "/" + file, file, values);
    }
    growth.add(folder + "/index.cpp", "handler.cpp",
               {{"blueprint", name}, {"handlers", "handlers.hpp"}, {"name", "index"}, {"variables", Value::List{}}});
    growth.change("app/app.cpp", [&](SourceText& source) {
        source.add_include(folder + "/blueprint.hpp");
        source.insert_after_last("std::unique_ptr<web::Site> make_site(", "}", "    site->register_blueprint(",
                                 "    site->register_blueprint(" + name + "::make(), \"" + prefix + "\");");
    });
    growth.change("CMakeLists.txt", [&](SourceText& source) {
        const std::string padding(std::max<std::size_t>(folder.size() + 1, room_columns) - folder.size(), ' ');
        source.insert_before("add_room(app/docs ", "add_room(" + folder + padding + "LINKS app_context)");
        source.insert_in_line("add_room(app  ", "LINKS app_main", " app_" + name);
    });
    growth.change("tests/architecture_test.cpp", [&](SourceText& source) {
        source.insert_before("    {\"app/docs\", ", "    {\"" + folder + "\", below_blueprints, is_blueprint},");
    });
    growth.change("docs/ARCHITECTURE.md", [&](SourceText& source) {
        source.insert_before("| `app/docs` |", "| `" + folder + "` | replace this: what it is for | `routes.hpp` |");
        source.insert_in_line(" 4   app/main", "app/main", "   " + folder);
    });
    add_test(growth, name, "index", "GET", prefix + "/");
}

void plan_route(Growth& growth, const std::string& blueprint, const std::string& name, const std::string& rule,
                const std::string& method) {
    check_identifier("a route's name", name);
    if (blueprint.starts_with("api")) {
        refuse_growth(
            "a route of the API also takes an openapi::Operation and schemas: write it by hand, as docs/ARCHITECTURE.md says");
    }
    check_identifier("a blueprint's name", blueprint == "main" ? "index" : blueprint);
    const std::string folder = "app/" + blueprint + "/";
    if (!growth.has(folder + "routes.hpp")) {
        refuse_growth("there is no blueprint " + blueprint + ": make it with `manage new blueprint " + blueprint +
                      " --prefix /...`");
    }
    const auto variables = variables_of(rule);
    const std::string header = handlers_header(growth, folder), prefix = prefix_of(growth, blueprint);
    const std::string line = "inline constexpr route<" + method + ", \"" + name + "\", \"" + rule + "\"> " + name + ";";
    if (line.size() > line_bytes_max)
        refuse_growth("the route's name and path are too long for a line of 130 columns; choose shorter ones");
    const std::string routes = growth.read(folder + "routes.hpp");
    if (routes.find("> " + name + ";") != routes.npos)
        refuse_growth("the name is taken: " + folder + "routes.hpp has it already");
    if (routes.find(", \"" + rule + "\"") != routes.npos) {
        refuse_growth("the path is taken: " + folder + "routes.hpp has " + rule + " already; add the method there");
    }

    growth.change(folder + "routes.hpp", [&](SourceText& source) {
        source.insert_at_end("namespace app::" + blueprint + "::routes {", "}  // namespace app::" + blueprint + "::routes",
                             line);
    });
    std::string parameters = "Context& ctx";
    Value::List types;
    for (const Variable& variable : variables) {
        parameters += ", " + variable.type + " " + variable.name;
        types.emplace_back(Value::Object{{"type", variable.type}});
    }
    growth.change(folder + header, [&](SourceText& source) {
        for (const Variable& variable : variables) {
            source.add_system_include(variable.type == "std::int64_t" ? "cstdint" : "string_view");
        }
        source.insert_at_end(
            "namespace app::" + blueprint + " {", "}  // namespace app::" + blueprint,
            "\n// Replace this line: what it answers, and what it throws.\nweb::Response " + name + "(" + parameters + ");");
    });
    growth.add(folder + name + ".cpp", "handler.cpp",
               {{"blueprint", blueprint}, {"handlers", header}, {"name", name}, {"variables", std::move(types)}});
    growth.change(folder + "blueprint.cpp", [&](SourceText& source) {
        const std::string object = object_of(growth.read(folder + "blueprint.cpp"), folder + "blueprint.cpp");
        source.insert_after_last("web::Blueprint make", "}",
                                 "    " + object + ".on<routes::", "    " + object + ".on<routes::" + name + ">(" + name + ");");
    });
    add_test(growth, blueprint, name, method, prefix + sample_url(rule, variables));
}

}  // namespace manage
