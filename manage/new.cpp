// `manage new ...`: what docs/ARCHITECTURE.md says under "Common changes", done for you, with a test of it: so that the tree builds and
// passes right after.
#include "manage/new.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/base/error.hpp"
#include "app/web/json.hpp"
#include "manage/checkout.hpp"
#include "manage/child.hpp"
#include "manage/commands.hpp"
#include "manage/identifier.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using Kind = Option::Kind;

// What is written is in our style but for lines that names have made too long. Where there is no clang-format, scripts/format brings it.
void format(const Growth& growth) {
    std::vector<std::string> arguments{"clang-format-19", "-i"};
    for (const FileChange& change : growth.changes()) {
        if (change.path.ends_with(".cpp") || change.path.ends_with(".hpp")) arguments.push_back(change.path);
    }
    if (arguments.size() == 2) return;
    const HeldSignals held(ending_signals);
    try {
        run_child({std::move(arguments), growth.checkout()}, held, [](std::string_view) {});
    } catch (const Error&) {
        write_all(STDERR_FILENO, "clang-format-19 is not installed: `scripts/format` will format what was written.\n");
    } catch (const Interrupted&) {  // the signal ends this program next; all files are whole
    }
}

// What each of them takes, behind its own.
std::vector<Option> with_common(std::vector<Option> options) {
    options.push_back({.name = "--dry-run", .kind = Kind::flag, .help = "only list the files"});
    options.push_back({.name = "--json", .kind = Kind::flag, .help = "the list as JSON"});
    return options;
}

std::string as_text(const Growth& growth, bool is_dry) {
    std::string text;
    for (const FileChange& change : growth.changes()) {
        const char* wrote = is_dry ? "Would write " : "Wrote ";
        const char* changed = is_dry ? "Would change " : "Changed ";
        text += (change.is_new ? wrote : changed) + change.path + "\n";
    }
    return text;
}

std::string as_json(const Growth& growth, bool is_dry) {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object().field("dry_run", is_dry).key("files").begin_array();
    for (const FileChange& change : growth.changes()) {
        json.begin_object().field("is_new", change.is_new).field("path", change.path).end_object();
    }
    json.end_array().end_object();
    return text + "\n";
}

Option name_option(std::string help) {
    return {.name = "NAME", .kind = Kind::positional, .help = std::move(help), .required = true};
}

int new_blueprint(Invocation& invocation) {
    const std::string name = invocation.get("NAME");
    const std::string prefix = invocation.find("--prefix").value_or("/" + with_hyphens(name));
    return grow(
        invocation, [&](Growth& growth) { plan_blueprint(growth, name, prefix); },
        "write what it answers into app/" + name + "/index.cpp, and run `manage test " + name + "`");
}

int new_route(Invocation& invocation) {
    const std::string endpoint = invocation.get("BLUEPRINT/NAME");
    const std::size_t slash = endpoint.rfind('/');
    if (slash == std::string::npos) throw UsageError("new route: say BLUEPRINT/NAME, as shop/get_cart; not " + endpoint);
    const std::string blueprint = endpoint.substr(0, slash), name = endpoint.substr(slash + 1);
    const std::string rule = invocation.get("--path"), method = invocation.find("--method").value_or("GET");
    return grow(
        invocation, [&](Growth& growth) { plan_route(growth, blueprint, name, rule, method); },
        "write what it answers into app/" + endpoint + ".cpp, and run `manage test " + blueprint + "`");
}

int new_model(Invocation& invocation) {
    const std::string name = invocation.get("NAME");
    const auto fields = invocation.all("FIELD");
    return grow(
        invocation, [&](Growth& growth) { plan_model(growth, name, fields); },
        "look at the columns in the migration, and run `manage test unit/models unit/archive`");
}

int new_migration(Invocation& invocation) {
    const std::string name = invocation.get("NAME");
    return grow(
        invocation, [&](Growth& growth) { plan_migration(growth, name); },
        "write its statements, build, and run `manage migrate up`");
}

int new_command(Invocation& invocation) {
    const std::string name = invocation.get("NAME");
    return grow(
        invocation, [&](Growth& growth) { plan_command(growth, name); },
        "write what it does into manage/" + name +
            ".cpp, build, run `manage help --markdown > docs/COMMANDS.md`, and `manage test manage_" + name + "`");
}

}  // namespace

int grow(const Invocation& invocation, app::base::FunctionRef<void(Growth&)> plan, std::string_view next) {
    const auto checkout = find_checkout(std::filesystem::current_path());
    if (!checkout) {
        throw Error(Code::invalid, "this is no checkout of Dewar's sources: all is compiled in, so go to one and type it there");
    }
    Growth growth(*checkout);
    plan(growth);
    const bool is_dry = invocation.has("--dry-run");
    if (!is_dry) growth.write(), format(growth);
    if (invocation.has("--json")) {
        invocation.print(as_json(growth, is_dry));
    } else {
        invocation.print(as_text(growth, is_dry) + (is_dry ? "" : "Next: " + std::string(next) + ".\n"));
    }
    return 0;
}

void plan_command(Growth& growth, const std::string& name) {
    check_identifier("a command's name", name);
    const std::string command = with_hyphens(name);
    const auto table = commands();
    if (std::ranges::find(table, command, &Command::name) != table.end()) {
        throw Error(Code::invalid, "the name is taken: there is a command " + command + " already");
    }
    const app::web::Value::Object values{{"name", name}, {"command", command}};
    growth.add("manage/" + name + ".cpp", "command.cpp", values);
    growth.change("manage/commands.hpp",
                  [&](SourceText& source) { source.insert_before("Command completion();", "Command " + name + "();"); });
    growth.change("manage/commands.cpp", [&](SourceText& source) {
        source.insert_before("    table.add(completion());", "    table.add(" + name + "());");
    });
    growth.add("tests/integration/manage_" + name + "_test.cpp", "command_test.cpp", values);
}

Command new_migration(std::string name) {
    return {.name = std::move(name),
            .help = "Write the file of a new migration, in a checkout of the sources",
            .example = "  manage new migration add_post_title",
            .options = with_common({name_option("what it does: letters, digits and _")}),
            .run = new_migration};
}

std::vector<Command> make_new() {
    return {
        {.name = "new", .help = "Write the files of a new part, with a test, in a checkout of the sources"},
        {.name = "new blueprint",
         .help = "Write a blueprint with one route, and register it",
         .example = "  manage new blueprint shop --prefix /shop",
         .options = with_common({name_option("of its folder and namespace: letters, digits and _"),
                                 {.name = "--prefix", .value_name = "PATH", .help = "where its URLs begin; else /NAME"}}),
         .run = new_blueprint},
        {.name = "new route",
         .help = "Write a route of a blueprint and its handler",
         .example = "  manage new route shop/get_cart --path '/cart/<int:id>'",
         .options = with_common(
             {{.name = "BLUEPRINT/NAME", .kind = Kind::positional, .help = "its endpoint and handler", .required = true},
              {.name = "--path", .value_name = "PATH", .help = "behind the blueprint's prefix", .required = true},
              {.name = "--method",
               .value_name = "METHOD",
               .help = "GET if it is left out",
               .choices = {"GET", "POST", "PUT", "PATCH", "DELETE"}}}),
         .run = new_route},
        {.name = "new model",
         .help = "Write a model with its table, and a migration that makes that",
         .example = "  manage new model product name:text price:integer",
         .options = with_common({name_option("of one of them: letters, digits and _"),
                                 {.name = "FIELD",
                                  .kind = Kind::positional,
                                  .help = "NAME:TYPE; a type is text, integer, boolean or time",
                                  .required = true,
                                  .repeated = true}}),
         .run = new_model},
        new_migration("new migration"),
        {.name = "new command",
         .help = "Write a subcommand of manage",
         .example = "  manage new command greet",
         .options = with_common({name_option("letters, digits and _, which is told as -")}),
         .run = new_command},
    };
}

}  // namespace manage
