#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/db/examine.hpp"
#include "app/db/migrate.hpp"
#include "app/db/provision.hpp"
#include "app/db/url.hpp"
#include "app/models/outbox.hpp"
#include "manage/findings.hpp"

namespace manage {

namespace {

Findings look(const app::db::Options& options, const std::string& deploy) {
    Findings findings;
    const app::db::Place place = app::db::find_place(options);
    for (const std::string& warning : place.warnings) findings.push_back({Level::warning, "database", warning, "manage dbshell"});
    if (!place.exists) {
        findings.push_back({Level::error, "database", "there is none at " + place.location, deploy});
        return findings;
    }
    const auto database = app::db::open(options);
    const auto schema = app::db::inspect(*database, app::db::migrations(database->dialect()));
    using State = app::db::Schema::State;
    if (schema.state != State::current) {
        const bool deployable = schema.state <= State::half_done;
        findings.push_back({Level::error, "database", schema.problem, deployable ? deploy : "manage migrate status"});
    }
    if (schema.state == State::current) {
        const auto failed =
            database->read([](app::db::Connection& c) { return app::models::count_mails(c, app::models::MailState::failed); });
        if (failed > 0) {
            findings.push_back({Level::warning, "outbox", "mails that could not be delivered: " + std::to_string(failed),
                                "manage mail list --state failed"});
        }
    }
    for (app::db::Flaw& flaw : app::db::examine(*database)) {
        findings.push_back({Level::warning, std::move(flaw.subject), std::move(flaw.reason), std::move(flaw.remedy)});
    }
    return findings;
}

}  // namespace

Findings check_database(const config::Config& config) try {
    if (app::db::parse_url(config.database.url).temporary) return {};
    return look(app::database_options(config), "manage deploy --config " + config.name);
} catch (const app::base::Error& error) {
    return {{Level::error, "database", error.message(), "mend DATABASE_URL, or what it names"}};
}

}  // namespace manage
