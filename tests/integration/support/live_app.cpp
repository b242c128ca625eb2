#include "tests/integration/support/live_app.hpp"

#include <iostream>
#include <mutex>

#include "app/base/log.hpp"
#include "app/db/migrate.hpp"
#include "app/db/url.hpp"
#include "app/models/authentication.hpp"
#include "app/models/role.hpp"
#include "app/serve.hpp"
#include "tests/support/mariadb.hpp"

namespace tests {
namespace {

void set_up_quiet_log() { app::base::set_up_log({.level = "error", .stream = &std::cerr}); }

// Once, before the first server's threads.
void be_quiet() {
    static std::once_flag done;
    std::call_once(done, set_up_quiet_log);
}

config::Config make_config(const std::function<void(config::Config&)>& change) {
    config::Config config =
        config::load("testing", config::Environment{{}}, {.overrides = {}, .config_folder = {}, .dotenv_path = ""}).config;
    config.server.port = 0;
    config.server.workers = 8;
    config.database.url = new_database_url();
    if (change) change(config);
    return config;
}

// What create_app does for a temporary database alone.
void prepare(app::db::Database& database, const std::string& url) {
    if (app::db::parse_url(url).temporary) return;
    app::db::Lease lease(database);
    app::db::migrate(lease, app::db::migrations(database.dialect()));
    database.write([](app::db::Connection& c) { app::models::insert_roles(c); });
}

}  // namespace

LiveApp::LiveApp(const std::function<void(config::Config&)>& change) {
    be_quiet();
    app_ = app::create_app(make_config(change));
    prepare(database(), app_->services().config.database.url);
    server_ = std::make_unique<app::http::Server>(app::server_options(app_->services().config), app::service(*app_));
    port_ = server_->bind();
    thread_ = std::thread([this] { server_->run(); });
}

LiveApp::~LiveApp() { stop(); }

Client LiveApp::client_with_token(const Account& account) const {
    const std::string token = app::models::make_api_token(app_->services().signer, account.user, app::base::now());
    return client({basic(token, "")});
}

void LiveApp::stop() {
    server_->stop();
    if (thread_.joinable()) thread_.join();
}

Account LiveApp::add_user(const std::string& name, const AccountOptions& options) {
    const std::string password = "the password of " + name;
    const app::models::NewUser user{.email = name + "@example.com",
                                    .username = name,
                                    .password_hash = app_->services().passwords.hash(password),
                                    .role = options.role,
                                    .confirmed = options.confirmed};
    return {database().write([&](app::db::Connection& c) { return app::models::add_user(c, user, "", long_ago); }), password};
}

app::models::Post LiveApp::add_post(const Account& author, const std::string& text) {
    const app::models::PostBody body{text};
    return database().write([&](app::db::Connection& c) { return app::models::add_post(c, author.id(), body, long_ago); });
}

app::models::Comment LiveApp::add_comment(const app::models::Post& post, const Account& author, const std::string& text) {
    const app::models::CommentBody body{text};
    return database().write(
        [&](app::db::Connection& c) { return app::models::add_comment(c, post.id, author.id(), body, long_ago); });
}

void LiveApp::add_role(const std::string& name, int permissions) {
    database().write([&](app::db::Connection& c) {
        c.execute("INSERT INTO roles (name, permissions, is_default) VALUES (?, ?, 0)", name, permissions);
    });
}

CapturedLog::CapturedLog(const std::string& level) {
    be_quiet();
    app::base::set_up_log({.level = level, .format = "text", .stream = &stream_});
}

CapturedLog::~CapturedLog() { set_up_quiet_log(); }

}  // namespace tests
