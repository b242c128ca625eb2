// What the functions of one shell share, found from the Lua state that calls them.
#pragma once

#include <optional>

#include "app/app.hpp"
#include "config/config.hpp"
#include "manage/shell/lua_state.hpp"
#include "manage/shell/write_guard.hpp"

namespace manage::shell {

struct Session {
    app::App& app;
    const config::Loaded& loaded;
    WriteGuard& guard;
    bool sandbox = false;
    bool read_only = false;
    std::optional<int> exit_code = {};  // when exit() was called

    app::db::Database& database() const { return *app.services().database; }
};

// Gives the state, and the coroutines that will be made in it, the session, which outlives it; and defines everything that help()
// tells of.
void open_session(lua_State* state, Session& session);

Session& session_of(lua_State* state);

// Each defines its part of it, at the top of the stack as they find it; for open_session.
void define_application(lua_State* state);  // app, config, db, show, exit, help
void define_routes(lua_State* state);       // routes, url_for
void define_models(lua_State* state);       // User, Role, Post, Comment
void define_client(lua_State* state);       // client
void define_sql(lua_State* state);          // sql

}  // namespace manage::shell
