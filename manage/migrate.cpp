// `manage migrate ...`: the schema step by step, for whoever writes migrations or has to mend something. A server that is only to be
// brought up to date needs `manage deploy`.
#include "app/db/migrate.hpp"

#include <algorithm>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/new.hpp"
#include "manage/progress.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::db::Applied;
using app::db::Database;
using app::db::Migration;
using app::db::Schema;
using app::db::Step;

// The config's database, whatever its schema, and what this binary knows of it.
struct Opened {
    std::unique_ptr<Database> database;
    std::vector<Migration> migrations;

    explicit Opened(Invocation& invocation)
        : database(app::db::open(app::database_options(invocation.config()))),
          migrations(app::db::migrations(database->dialect())) {}

    Schema inspect() const { return app::db::inspect(*database, migrations); }
};

app::db::Lease take_lease(const Invocation& invocation, Database& database) {
    return app::db::Lease(
        database, [&](const std::string& holder) { invocation.print("Waiting for another deploy, " + holder + ", to end.\n"); });
}

std::int64_t version_of(const std::string& text, const std::string& option) {
    const auto version = app::base::parse_integer(text);
    if (version && *version >= 0) return *version;
    throw UsageError("migrate: " + option + " is the number of a migration, or 0, not " + text);
}

// What migrate or undo did, as it is done.
app::db::Listener listener(const Invocation& invocation, const std::string& verb) {
    return {.on_step = [&invocation, verb](const Applied& step) {
        invocation.print(verb + " migration " + app::db::title(step.version, step.name) + " in " +
                         std::to_string(step.duration_ms) + " ms.\n");
    }};
}

std::string how_high(const Schema& schema) { return "the schema has version " + std::to_string(schema.version) + ".\n"; }

int show_migrations(Invocation& invocation) {
    const Schema schema = Opened(invocation).inspect();
    std::string text;
    if (invocation.has("--json")) {
        app::web::JsonWriter json(text);
        json.begin_object().field("latest", schema.latest).key("migrations").begin_array();
        for (const Step& step : schema.steps) {
            json.begin_object().field("name", step.name).field("state", to_string(step.state)).field("version", step.version);
            step.when ? json.field("when", app::base::rfc3339(*step.when)) : json.key("when").null();
            json.end_object();
        }
        json.end_array();
        schema.problem.empty() ? json.key("problem").null() : json.field("problem", schema.problem);
        json.field("version", schema.version).end_object();
        text += '\n';
    } else {
        std::vector<std::vector<std::string>> rows{{"VERSION", "NAME", "STATE", "WHEN"}};
        for (const Step& step : schema.steps) {
            rows.push_back({std::to_string(step.version), step.name, std::string(to_string(step.state)),
                            step.when ? app::base::rfc3339(*step.when) : ""});
        }
        text = aligned(rows);
        if (!schema.problem.empty()) text += "\n" + schema.problem + "\n";
    }
    invocation.print(text);
    return 0;
}

int up(Invocation& invocation) {
    const Opened opened(invocation);
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
    if (const auto text = invocation.find("--to")) to = version_of(*text, "--to");
    app::db::Lease lease = take_lease(invocation, *opened.database);
    if (app::db::migrate(lease, opened.migrations, listener(invocation, "Applied"), to).empty()) {
        invocation.print("Nothing to do: " + how_high(opened.inspect()));
    }
    return 0;
}

int down(Invocation& invocation) {
    const Opened opened(invocation);
    const Schema schema = opened.inspect();
    std::vector<Step> begun;
    std::ranges::copy_if(schema.steps, std::back_inserter(begun), [](const Step& s) { return s.state != Step::State::pending; });
    std::int64_t to = begun.size() < 2 ? 0 : begun[begun.size() - 2].version;  // one step
    if (const auto text = invocation.find("--to")) to = version_of(*text, "--to");
    std::string which;
    for (const Step& step : begun) {
        if (step.version > to) which += (which.empty() ? "" : ", ") + app::db::title(step.version, step.name);
    }
    if (which.empty()) {
        invocation.print("Nothing to do: " + how_high(schema));
        return 0;
    }
    if (!invocation.has("--yes")) {
        const std::string what = "take back " + which + ", and lose what only they can hold";
        if (!can_ask()) throw UsageError("migrate down: this would " + what + ": there is no terminal to ask at, so say --yes");
        if (!ask_yes("This will " + what + ". Go on?")) {
            invocation.print("Nothing was changed.\n");
            return 1;
        }
    }
    app::db::Lease lease = take_lease(invocation, *opened.database);
    app::db::undo(lease, opened.migrations, to, listener(invocation, "Took back"));
    return 0;
}

int stamp(Invocation& invocation) {
    const Opened opened(invocation);
    const std::int64_t version = version_of(invocation.get("VERSION"), "VERSION");
    app::db::Lease lease = take_lease(invocation, *opened.database);
    app::db::stamp(lease, opened.migrations, version);
    invocation.print("Now " + how_high(opened.inspect()) + coloured(STDOUT_FILENO, "Warning:", Colour::yellow) +
                     " nothing was run. If the tables are not as these migrations make them, requests will fail.\n");
    return 0;
}

}  // namespace

std::vector<Command> migrate() {
    using Kind = Option::Kind;
    return {
        {.name = "migrate", .help = "Show and change the schema step by step"},
        {.name = "migrate status",
         .help = "List the migrations: applied, pending, half done, edited or unknown to this binary",
         .example = "  manage migrate status --json",
         .options = {{.name = "--json", .kind = Kind::flag, .help = "as JSON"}},
         .run = show_migrations},
        {.name = "migrate up",
         .help = "Apply what is pending",
         .example = "  manage migrate up --to 2",
         .options = {{.name = "--to", .value_name = "VERSION", .help = "stop there; else the newest"}},
         .run = up},
        {.name = "migrate down",
         .help = "Take back the last migration",
         .example = "  manage migrate down --to 1",
         .options = {{.name = "--to", .value_name = "VERSION", .help = "take back all above that one; 0: all"},
                     {.name = "--yes", .kind = Kind::flag, .help = "do not ask"}},
         .run = down},
        new_migration("migrate new"),
        {.name = "migrate stamp",
         .help = "Take migrations for applied without running them",
         .example = "  manage migrate stamp 1",
         .options = {{.name = "VERSION", .kind = Kind::positional, .help = "the last one; 0: none is", .required = true}},
         .run = stamp},
    };
}

}  // namespace manage
