// The application itself, as the shell sees it: app, config, db, and what a shell needs besides.
#include <cstdio>
#include <map>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/db/schema.hpp"
#include "manage/shell/help.hpp"
#include "manage/shell/objects.hpp"
#include "manage/shell/printing.hpp"
#include "manage/shell/sealed.hpp"
#include "manage/shell/session.hpp"

namespace manage::shell {

namespace {

// A text of the config as what it says: a number, true or false, or itself.
void push_setting(lua_State* state, const std::string& value) {
    if (value == "true" || value == "false") return push(state, value == "true");
    if (const auto number = app::base::parse_integer(value)) return push(state, *number);
    push(state, value);
}

void define_config(lua_State* state, const config::Loaded& loaded) {
    std::map<std::string, std::vector<const config::Effective*>> sections;  // "" for those of no section
    for (const config::Effective& setting : loaded.settings) {
        const std::size_t dot = setting.key.find('.');
        sections[dot == std::string::npos ? "" : setting.key.substr(0, dot)].push_back(&setting);
    }
    lua_newtable(state);
    set_field(state, "name", loaded.config.name);
    for (const auto& [section, settings] : sections) {
        if (!section.empty()) lua_newtable(state);
        for (const config::Effective* setting : settings) {
            push_setting(state, setting->value);
            lua_setfield(state, -2, setting->key.substr(section.empty() ? 0 : section.size() + 1).c_str());
        }
        if (section.empty()) continue;
        seal(state, "config." + section);
        lua_setfield(state, -2, section.c_str());
    }
    seal(state, "config");
    lua_setglobal(state, "config");
}

void define_app(lua_State* state, Session& session) {
    lua_newtable(state);
    set_field(state, "name", "dewar");
    set_field(state, "version", DEWAR_VERSION);
    set_field(state, "config", session.loaded.config.name);
    set_field(state, "public_url", session.app.site().public_url());
    lua_newtable(state);
    lua_Integer position = 0;
    for (const auto& blueprint : session.app.site().blueprints()) {
        push(state, blueprint.name);
        lua_rawseti(state, -2, ++position);
    }
    lua_setfield(state, -2, "blueprints");
    seal(state, "app");
    lua_setglobal(state, "app");
}

void define_db(lua_State* state, Session& session) {
    lua_newtable(state);
    set_field(state, "backend", session.database().dialect().name);
    set_field(state, "location", session.database().location());
    set_field(state, "schema", app::db::inspect(session.database(), session.app.services().migrations).version);
    set_field(state, "sandbox", session.sandbox);
    set_field(state, "read_only", session.read_only);
    seal(state, "db");
    lua_setglobal(state, "db");
}

int show_values(lua_State* state) {
    for (int i = 1; i <= lua_gettop(state); ++i) {
        const std::string text = show(state, i) + "\n";
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
    return 0;
}

int help(lua_State*) {
    std::fwrite(help_text.data(), 1, help_text.size(), stdout);
    return 0;
}

void stop(lua_State* state, lua_Debug*) { luaL_error(state, "the shell is being left"); }

// Ends the script whatever it catches: its code is looked at when the error, or another, has come out.
int leave(lua_State* state) {
    std::int64_t code = 0;
    if (lua_isboolean(state, 1)) {
        code = lua_toboolean(state, 1) != 0 ? 0 : 1;
    } else if (!lua_isnoneornil(state, 1)) {
        code = to_integer(state, 1, "an exit code");
    }
    session_of(state).exit_code = static_cast<int>(code & 0xff);
    lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    lua_sethook(lua_tothread(state, -1), stop, LUA_MASKCOUNT, 1);
    lua_sethook(state, stop, LUA_MASKCOUNT, 1);
    return luaL_error(state, "the shell is being left");
}

}  // namespace

void define_application(lua_State* state) {
    Session& session = session_of(state);
    define_app(state, session);
    define_config(state, session.loaded);
    define_db(state, session);
    static constexpr Method functions[] = {{"show", guarded<show_values>}, {"help", guarded<help>}, {"exit", guarded<leave>}};
    for (const Method& function : functions) {
        lua_pushcfunction(state, function.function);
        lua_setglobal(state, function.name);
    }
    lua_getglobal(state, "os");  // os.exit would end the process under the feet of everybody
    lua_pushcfunction(state, guarded<leave>);
    lua_setfield(state, -2, "exit");
    lua_pop(state, 1);
}

Session& session_of(lua_State* state) { return **static_cast<Session**>(lua_getextraspace(state)); }

void open_session(lua_State* state, Session& session) {
    *static_cast<Session**>(lua_getextraspace(state)) = &session;
    define_application(state);
    define_routes(state);
    define_models(state);
    define_client(state);
    define_sql(state);
}

}  // namespace manage::shell
