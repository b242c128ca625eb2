// `manage deploy`: from whatever there is to a database that can be served: made, migrated, with its roles and an administrator. To
// be run before every start of a new version; what is done already is left alone.
#include <chrono>
#include <filesystem>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/db/migrate.hpp"
#include "app/db/provision.hpp"
#include "app/models/follow.hpp"
#include "app/models/role.hpp"
#include "app/models/totals.hpp"
#include "manage/administrator.hpp"
#include "manage/commands.hpp"
#include "manage/progress.hpp"
#include "manage/service_manager.hpp"

namespace manage {

namespace {

using app::db::Database;
using app::db::Migration;
using app::db::Schema;

constexpr int statement_timeout_ms = 3600 * 1000;  // a large table takes its time

std::string count_of(std::int64_t count, const std::string& done) {
    return count == 0 ? "nothing to do" : std::to_string(count) + " " + done;
}

int wait_ms(const Invocation& invocation) {
    const auto text = invocation.find("--wait");
    if (!text) return 0;
    constexpr std::int64_t seconds_max = 24 * 3600;
    const auto seconds = app::base::parse_integer(*text);
    if (!seconds || *seconds < 0 || *seconds > seconds_max) {
        throw UsageError("deploy: --wait is a number of seconds from 0 to " + std::to_string(seconds_max) + ", not " + *text);
    }
    return static_cast<int>(*seconds * 1000);
}

// How the database stands, before anything of it is changed.
Schema inspect(const app::db::Options& options, const app::db::Place& place, const std::vector<Migration>& migrations) {
    if (!place.exists) return app::db::inspect_nothing(migrations);
    return app::db::inspect(*app::db::open(options), migrations);
}

void require_deployable(const Schema& schema) {
    if (schema.state > Schema::State::half_done) throw app::base::Error(app::base::Code::unavailable, schema.problem);
}

void print_plan(const Invocation& invocation, const config::Config& config, const app::db::Place& place, const Schema& schema) {
    std::string text = "Deploying the config " + config.name + " would do this, in this order:\n";
    for (const std::string& warning : place.warnings) text += "  warning: " + warning + "\n";
    text += "  database: " + (place.exists ? "is there, " : std::string("make ")) + place.location + "\n";
    for (const Migration& migration : schema.pending) {
        text += "  schema: apply migration " + app::db::title(migration.version, migration.name) + ", " +
                std::to_string(migration.statements.size()) + " statements\n";
    }
    if (schema.pending.empty()) text += "  schema: nothing to do\n";
    text += "  roles and self-follows: add those that are missing\n  kept counts: mend those that are wrong\n  administrator: " +
            plan_administrator(config) + "\n";
    invocation.print(text + "Nothing was changed. `manage deploy --sql` shows the SQL.\n");
}

void print_sql(const Invocation& invocation, const app::db::Options& options, const app::db::Place& place, const Schema& schema) {
    std::string script;
    if (!place.exists && !place.create_sql.empty()) script += place.create_sql + ";\n";
    script += app::db::to_script(app::db::dialect_of(options), schema.pending, schema.steps.size() == schema.pending.size());
    if (script.empty()) script = "-- The schema is up to date: nothing to do.\n";
    invocation.print(
        script + "-- Roles, self-follows, kept counts and the first administrator are `manage deploy`'s to add afterwards.\n");
}

void migrate(app::db::Lease& lease, const std::vector<Migration>& migrations, Progress& progress) {
    const auto applied =
        app::db::migrate(lease, migrations, {.on_step = [&](const app::db::Applied& step) {
                             progress.done("schema: applied migration " + app::db::title(step.version, step.name));
                         }});
    if (applied.empty()) progress.done("schema: nothing to do");
}

// What runserver would say about the secret key, or nothing.
std::string secret_problem(const config::Config& config) try {
    config::require_secret(config);
    return {};
} catch (const app::base::Error& error) {
    return error.message();
}

std::string what_next(const config::Loaded& loaded) {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::string name = error ? "manage" : program.string();
    const std::string config = loaded.name_origin == "default" ? "" : " --config " + loaded.config.name;
    std::string text = "\nWhat next:\n";
    if (const std::string problem = secret_problem(loaded.config); !problem.empty()) {
        text += "  First mend what runserver would refuse: " + problem + ".\n";
    }
    if (loaded.config.debug) {
        text += "  The config " + loaded.config.name +
                " is for developing; for a server that others use: manage deploy --config standalone\n";
    }
    return text + "  Start it:         manage runserver --host 0.0.0.0 --port 5000" + config +
           "\n"
           "  Let it be found:  open TCP port 5000 in this machine's firewall and in the cloud provider's security group.\n"
           "  Keep it running, as you, by this folder's .env (APP_SERVER__HOST=0.0.0.0 too):\n"
           "    sudo " +
           name + " install-service --user $(id -un)" + config + " && sudo systemctl enable --now dewar\n";
}

// Everything that happens in the database.
void bring_up(const config::Config& config, app::db::Options options, const std::vector<Migration>& migrations,
              Progress& progress) {
    options.create = true;
    options.read_timeout_ms = statement_timeout_ms;
    const std::unique_ptr<Database> database = app::db::open(options);
    progress.done("database: " + database->location());
    require_deployable(app::db::inspect(*database, migrations));
    app::db::Lease lease(
        *database, [&](const std::string& holder) { progress.waiting("schema: another deploy, " + holder + ", is at work"); });
    migrate(lease, migrations, progress);
    progress.done("roles: " + count_of(database->write(app::models::insert_roles), "written"));
    progress.done("self-follows: " + count_of(database->write(app::models::add_self_follows), "added"));
    progress.done("kept counts: " + count_of(database->write(app::models::mend_counts), "mended"));
    add_administrator(config, *database, progress);
}

int run_deploy(Invocation& invocation) {
    const int patience_ms = wait_ms(invocation);
    const config::Loaded& loaded = invocation.loaded();
    const config::Config& config = loaded.config;
    const app::db::Options options = app::database_options(config);
    const std::vector<Migration> migrations = app::db::migrations(app::db::dialect_of(options));
    if (invocation.has("--plan") || invocation.has("--sql")) {
        const app::db::Place place = app::db::find_place(options, patience_ms);
        const Schema schema = inspect(options, place, migrations);
        require_deployable(schema);
        if (invocation.has("--sql")) {
            print_sql(invocation, options, place, schema);
        } else {
            print_plan(invocation, config, place, schema);
        }
        return 0;
    }

    invocation.print("Deploying the config " + config.name + "\n");
    Progress progress(invocation);
    const app::db::Place place = app::db::find_place(options, patience_ms);
    for (const std::string& warning : place.warnings) progress.warn(warning);
    if (!place.exists) app::db::create_database(options);
    try {
        bring_up(config, options, migrations, progress);
    } catch (const app::base::Error& error) {
        if (error.code() != app::base::Code::forbidden || place.grant_sql.empty()) throw;
        throw app::base::Error(error.code(), error.message() + ". On the server, as its administrator, type: " + place.grant_sql,
                               error.detail());
    }
    if (!is_of_service_manager()) invocation.print(what_next(loaded));  // in a service's journal nobody is told what to type next
    return 0;
}

}  // namespace

Command deploy() {
    return {.name = "deploy",
            .help = "Make the database ready: schema, roles, first administrator",
            .example = "  APP_ADMIN=ann@example.com manage deploy --config standalone",
            .options = {{.name = "--plan", .kind = Option::Kind::flag, .help = "show what would be done, and change nothing"},
                        {.name = "--sql", .kind = Option::Kind::flag, .help = "print the SQL of the schema that would be run"},
                        {.name = "--wait",
                         .value_name = "SECONDS",
                         .help = "wait that long for a database server that is still starting"}},
            .run = run_deploy};
}

}  // namespace manage
