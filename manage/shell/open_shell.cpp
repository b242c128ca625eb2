// `manage shell`: the application at one's fingertips, in Lua.
#include <unistd.h>

#include <cstdio>
#include <iterator>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/sandbox.hpp"
#include "app/db/schema.hpp"
#include "manage/commands.hpp"
#include "manage/shell/chunk.hpp"
#include "manage/shell/prompt.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using shell::WriteGuard;

bool is_production(const config::Config& config) { return !config.debug && !config.testing; }

WriteGuard make_guard(Invocation& invocation) {
    using Rule = WriteGuard::Rule;
    const config::Config& config = invocation.config();
    if (invocation.has("--read-only")) return {Rule::refuse, "this shell is --read-only: nothing is written"};
    if (!is_production(config) || invocation.has("--sandbox") || invocation.has("--yes")) return {Rule::allow, ""};
    if (!can_ask()) {
        return {Rule::refuse,
                "the config " + config.name + " is for production: without a terminal to ask at, a write needs --yes"};
    }
    return {Rule::ask, "nothing was written", [name = config.name] {
                std::fflush(stdout);
                return ask_yes("The config " + name + " is for production. Write to its database, now and from here on?");
            }};
}

std::unique_ptr<app::App> make_app(Invocation& invocation, WriteGuard& guard) {
    const config::Config& config = invocation.config();
    const bool is_chatty = config.log.level == "debug" || config.log.level == "info";  // a line for every request of `client`
    app::base::set_up_log({.level = is_chatty ? "warning" : config.log.level, .format = config.log.format});
    auto made = app::create_app(config);
    auto& database = made->services().database;
    app::db::require_current(*database, made->services().migrations);
    if (invocation.has("--sandbox")) database = app::db::make_sandbox(std::move(database));
    database = shell::guard_writes(std::move(database), guard);
    return made;
}

std::string banner(Invocation& invocation, const shell::Session& session) {
    const config::Config& config = invocation.config();
    std::string text = "Dewar " DEWAR_VERSION ", config " + config.name + ", " + std::string(session.database().dialect().name) +
                       " " + session.database().location() + "\n";
    if (session.read_only) {
        text += "Read-only: every write is refused.\n";
    } else if (session.sandbox) {
        text += "Sandbox: all is rolled back at the end. From your first write on, others who write may have to wait for you.\n";
    } else if (is_production(config) && !invocation.has("--yes")) {
        text += coloured(STDOUT_FILENO, "This config is for production: the first write asks.", Colour::yellow) + "\n";
    }
    return text + "Lua 5.4. help() tells what there is, Tab completes, Ctrl-D leaves.\n";
}

std::string read_standard_input() {
    std::string text;
    char buffer[65536];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, stdin)) text.append(buffer, size);
    if (std::ferror(stdin) != 0)
        throw Error(Code::unavailable, "cannot read from standard input: " + app::base::system_message(errno));
    return text;
}

int run_shell(Invocation& invocation) {
    const auto code = invocation.find("-c");
    const auto script = invocation.find("SCRIPT");
    if (code && script) throw UsageError("shell: say -c CODE or a SCRIPT, not both");
    WriteGuard guard = make_guard(invocation);
    const std::unique_ptr<app::App> application = make_app(invocation, guard);
    shell::Session session{.app = *application,
                           .loaded = invocation.loaded(),
                           .guard = guard,
                           .sandbox = invocation.has("--sandbox"),
                           .read_only = invocation.has("--read-only")};
    const shell::StatePointer state = shell::new_state();
    shell::protect(state.get(), [&](lua_State* lua) { shell::open_session(lua, session); });
    if (script) {
        std::vector<std::string> arguments = invocation.all("ARGUMENT");
        arguments.insert(arguments.end(), invocation.passed_on().begin(), invocation.passed_on().end());
        shell::run_file(state.get(), session, *script, arguments);
    } else if (code) {
        shell::run_chunk(state.get(), session, *code, "=-c");
    } else if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) {
        invocation.print(banner(invocation, session));
        return shell::run_prompt(state.get(), session);
    } else {
        shell::run_chunk(state.get(), session, read_standard_input(), "=stdin");
    }
    return session.exit_code.value_or(0);
}

}  // namespace

Command open_shell() {
    using Kind = Option::Kind;
    return {.name = "shell",
            .help = "Open a Lua prompt with the application loaded, or run a script in it",
            .example = "  manage shell\n"
                       "  manage shell -c 'User.find{email=\"ann@example.com\"}:posts()'\n"
                       "  manage shell --sandbox script.lua first second\n"
                       "  echo 'sql(\"SELECT count(*) FROM posts\")' | manage shell --read-only",
            .options = {{.name = "SCRIPT",
                         .kind = Kind::positional,
                         .help = "a Lua file; without one, the terminal or standard input"},
                        {.name = "ARGUMENT", .kind = Kind::positional, .help = "the script's `arg`", .repeated = true},
                        {.name = "-c", .value_name = "CODE", .help = "run this Lua; an expression shows its value"},
                        {.name = "--sandbox", .kind = Kind::flag, .help = "roll everything back at the end"},
                        {.name = "--read-only", .kind = Kind::flag, .help = "refuse every write"},
                        {.name = "--yes", .kind = Kind::flag, .help = "do not ask before the first write in production"}},
            .run = run_shell,
            .passes_on = "the script"};
}

}  // namespace manage
