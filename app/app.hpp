// The application: create_app is the factory, App::handle serves a request. Nothing exists before the factory was called, and it
// takes its config as an argument, so that an app is never made too early to be configured; several may live in one process.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/context/services.hpp"
#include "app/mail/settings.hpp"
#include "app/metrics_page.hpp"
#include "app/web/forwarded.hpp"
#include "app/web/request.hpp"
#include "app/web/response.hpp"
#include "app/web/site.hpp"
#include "config/config.hpp"

namespace app {

class App {
   public:
    // Made by create_app.
    App(std::unique_ptr<const web::Site> site, config::Config config, std::unique_ptr<db::Database> database, base::Signer signer,
        base::PasswordCost cost, base::PasswordLoad load, web::Templates pages);

    // One request, from bytes in memory to bytes in memory, with one line in the log; never throws. Any thread. This is the test
    // client too: it gives the same answer as over the wire. Where request.peer is a trusted proxy, the client is who it tells
    // of.
    web::Response handle(const web::Request& request);

    // Whether a request may have to wait for a disk or a lock, so that it belongs on a worker thread: any but GET and HEAD, and
    // any at all with a database on another machine. The others are served where they were read, as far as that goes: who finds
    // that it has to wait after all (a password hash, a slow query) gives the turn up, see base::Turn.
    bool may_wait(const web::Request& request) const;

    // The answer to a request that the server does not serve: `error` is too_large or unavailable. In the words of the API whose path
    // `target` is; nothing for others. Any thread; never throws.
    std::optional<web::Response> refuse(std::string_view target, const base::Error& error);

    Services& services() noexcept { return services_; }
    const web::Site& site() const noexcept { return *site_; }
    MetricsPage& metrics() noexcept { return metrics_; }

   private:
    web::Response serve(const web::Request& request);

    std::unique_ptr<const web::Site> site_;
    Services services_;
    MetricsPage metrics_;
    web::Proxies proxies_;
};

// The application of a config: its database opened (not made: `manage deploy` does that), its blueprints registered. A temporary
// database (config testing) is made, migrated and given its roles. Throws invalid for a missing or weak SECRET_KEY, and what
// db::open and static_files::template_links throw.
std::unique_ptr<App> create_app(config::Config config);

// The URL space alone, for those who only ask about routes: needs no database and no secret.
std::unique_ptr<web::Site> make_site(const config::Config& config);

// The settings of a config as the rooms below take them, which do not know it.
db::Options database_options(const config::Config& config);
base::PasswordCost password_cost(const config::Config& config);
mail::Choices mail_choices(const config::Config& config);

// Such that the checks of passwords, waiting ones included, hold no more than half of the workers, at least one.
base::PasswordLoad password_load(const config::Config& config);

}  // namespace app
