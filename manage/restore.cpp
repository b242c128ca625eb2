// `manage restore`: a backup in the place of the SQLite database.
#include <filesystem>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/db/backup.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/moment.hpp"
#include "manage/progress_bar.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

bool may_replace(const Invocation& invocation, const std::string& database, const std::string& file) {
    std::error_code missing;
    const bool is_there = std::filesystem::file_size(database, missing) > 0 && !missing;
    if (invocation.has("--yes") || !is_there) return true;
    if (!can_ask()) throw UsageError("restore: there is no terminal to ask whether to replace " + database + ": say --yes");
    return ask_yes("Replace the database " + database + " by " + file + "?");
}

std::string summary(const std::string& database, const app::db::Restored& restored, const Stopwatch& stopwatch, bool as_json) {
    const std::int64_t elapsed_ms = stopwatch.elapsed_ms();
    if (!as_json) {
        return "Restored " + as_bytes(restored.backup.bytes) + " of schema version " +
               std::to_string(restored.backup.schema_version) + " to " + database + " in " + as_duration(elapsed_ms) + "\n" +
               (restored.kept.empty() ? "" : "The database that was there is " + restored.kept + " now\n") +
               (restored.backup.outdated ? "It is older than this binary: run `manage deploy` before serving it\n" : "");
    }
    std::string text;
    app::web::JsonWriter(text)
        .begin_object()
        .field("bytes", restored.backup.bytes)
        .field("elapsed_ms", elapsed_ms)
        .field("file", database)
        .field("kept", restored.kept)
        .field("outdated", restored.backup.outdated)
        .field("schema", restored.backup.schema_version)
        .end_object();
    return text + "\n";
}

int run_restore(Invocation& invocation) {
    const app::db::Options options = app::database_options(invocation.config());
    const std::string database = app::db::backed_up_file(options);
    const std::string file = invocation.get("FILE");
    if (!may_replace(invocation, database, file)) {
        throw app::base::Error(app::base::Code::invalid, "nothing was restored");
    }
    const Stopwatch stopwatch;
    const app::db::Restored restored = [&] {
        ProgressBar bar("Copying pages");
        return app::db::restore(options, file, moment(), [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
    }();
    invocation.print(summary(database, restored, stopwatch, invocation.has("--json")));
    return 0;
}

}  // namespace

Command restore() {
    return {.name = "restore",
            .help = "Put a backup in the place of the SQLite database, which is kept aside",
            .example = "  manage restore instance/dewar.sqlite.backup-20261122T155302.123Z",
            .options = {{.name = "FILE",
                         .kind = Option::Kind::positional,
                         .help = "a file that `manage backup` wrote",
                         .required = true},
                        {.name = "--yes", .kind = Option::Kind::flag, .help = "do not ask"},
                        {.name = "--json", .kind = Option::Kind::flag, .help = "the summary as JSON"}},
            .run = run_restore};
}

}  // namespace manage
