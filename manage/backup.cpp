// `manage backup`: a checked copy of the SQLite file while it is in use.
#include "app/db/backup.hpp"

#include <algorithm>
#include <filesystem>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/moment.hpp"
#include "manage/progress_bar.hpp"

namespace manage {

namespace {

std::int64_t asked_keep(const Invocation& invocation) {
    const auto text = invocation.find("--keep");
    if (!text) return 0;
    const auto count = app::base::parse_integer(*text);
    if (!count || *count < 1) throw UsageError("backup: --keep is a number of backups from 1 on, not " + *text);
    return *count;
}

// The backups in the folder that bear names which this command makes, all but the newest `keep` of them, are removed; returns how many.
std::int64_t prune(const std::filesystem::path& folder, const std::string& prefix, std::int64_t keep) {
    std::vector<std::filesystem::path> backups;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && is_moment(name.substr(prefix.size())) && entry.is_regular_file())
            backups.push_back(entry.path());
    }
    std::ranges::sort(backups);
    const std::int64_t surplus = std::max<std::int64_t>(0, std::ssize(backups) - keep);
    for (std::int64_t i = 0; i < surplus; ++i) std::filesystem::remove(backups[static_cast<std::size_t>(i)]);
    return surplus;
}

std::string summary(const std::string& file, const app::db::Backup& backup, std::int64_t pruned, const Stopwatch& stopwatch,
                    bool as_json) {
    const std::int64_t elapsed_ms = stopwatch.elapsed_ms();
    if (!as_json) {
        return "Copied and checked " + as_bytes(backup.bytes) + " of schema version " + std::to_string(backup.schema_version) +
               " into " + file + " in " + as_duration(elapsed_ms) + "\n" +
               (pruned == 0 ? "" : "Removed " + std::to_string(pruned) + " older backups\n");
    }
    std::string text;
    app::web::JsonWriter(text)
        .begin_object()
        .field("bytes", backup.bytes)
        .field("elapsed_ms", elapsed_ms)
        .field("file", file)
        .field("removed", pruned)
        .field("schema", backup.schema_version)
        .end_object();
    return text + "\n";
}

int run_backup(Invocation& invocation) {
    const std::int64_t keep = asked_keep(invocation);
    const app::db::Options options = app::database_options(invocation.config());
    const std::filesystem::path database = app::db::backed_up_file(options);
    const std::string prefix = database.filename().string() + ".backup-";
    std::filesystem::path file = invocation.find("FILE").value_or(database.parent_path().string());
    const bool names_it = std::filesystem::is_directory(file);
    if (names_it) {
        file /= prefix + moment();
    } else if (keep != 0) {
        throw UsageError("backup: --keep removes backups that were named by this command: give a folder, or nothing; " +
                         file.string() + " is no folder");
    }
    const Stopwatch stopwatch;
    const app::db::Backup backup = [&] {
        ProgressBar bar("Copying pages");
        return app::db::back_up(options, file.string(), [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
    }();
    const std::int64_t pruned = keep == 0 ? 0 : prune(file.parent_path(), prefix, keep);
    invocation.print(summary(file.string(), backup, pruned, stopwatch, invocation.has("--json")));
    return 0;
}

}  // namespace

Command backup() {
    return {.name = "backup",
            .help = "Copy and check the SQLite database, while serving",
            .example = "  manage backup\n  manage backup /var/backups/dewar --keep 7",
            .options = {{.name = "FILE",
                         .kind = Option::Kind::positional,
                         .help = "a new file, or the folder for one with the time in its name (default: the database's)"},
                        {.name = "--keep", .value_name = "N", .help = "remove all but the newest N backups in that folder"},
                        {.name = "--json", .kind = Option::Kind::flag, .help = "the summary as JSON"}},
            .run = run_backup};
}

}  // namespace manage
