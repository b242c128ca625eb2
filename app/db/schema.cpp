#include "app/db/schema.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/db/journal.hpp"

namespace app::db {

namespace {

struct Verdict {
    Step::State step;
    Schema::State schema;
    std::string problem = {};
};

Verdict judge_unknown(const Entry& entry, std::int64_t latest) {
    const std::string which = "migration " + title(entry.version, entry.name);
    if (entry.version < latest) {
        return {Step::State::unknown, Schema::State::changed,
                which + (entry.finished_at ? " was applied" : " was begun") +
                    " but is not known to this binary: run the binary that applied it, or one that knows both"};
    }
    if (entry.compatible <= latest) return {Step::State::unknown, Schema::State::current};
    return {Step::State::unknown, Schema::State::newer,
            "the database has schema version " + std::to_string(entry.version) + ", which is newer than this binary (it knows " +
                std::to_string(latest) + ") and says that it needs one that knows at least " + std::to_string(entry.compatible) +
                ": run the binary that it was deployed with, or a newer one"};
}

Verdict judge(const Entry& entry, const Migration* known, std::int64_t latest) {
    if (known == nullptr) return judge_unknown(entry, latest);
    const std::string version = std::to_string(entry.version);
    const std::string which = "migration " + title(entry.version, entry.name);
    const bool same = known->checksum == entry.checksum;
    if (entry.finished_at && same) return {Step::State::applied, Schema::State::current};
    if (entry.finished_at) {
        return {Step::State::edited, Schema::State::changed,
                which +
                    " was changed after it was applied: restore its file, and put the change into a new migration; if the "
                    "database already is as the file says, `manage migrate stamp " +
                    version + "`"};
    }
    if (!same) {
        return {Step::State::edited, Schema::State::half_done_by_other,
                which + " was begun by a binary with another file of that number and is half done (" +
                    std::to_string(entry.statements_done) +
                    " statements): finish it with that binary's `manage deploy`, or put the tables right by hand and run `manage "
                    "migrate "
                    "stamp " +
                    version + "`"};
    }
    if (entry.undoing) {
        return {Step::State::half_undone, Schema::State::half_undone,
                which + " is half taken back: run `manage migrate down --to " + std::to_string(entry.version - 1) + "` again"};
    }
    return {Step::State::half_done, Schema::State::half_done,
            which + " was begun and is not finished: wait for the deploy that is at it, or run `manage deploy`"};
}

std::string how_outdated(const Schema& schema) {
    return (schema.version == 0 ? std::string("the database has no schema yet")
                                : "the database has schema version " + std::to_string(schema.version) +
                                      ", which is older than this binary's, " + std::to_string(schema.latest)) +
           ": run `manage deploy`";
}

Schema assess(const std::vector<Entry>& journal, std::span<const Migration> migrations) {
    Schema schema;
    for (const Migration& migration : migrations) schema.latest = std::max(schema.latest, migration.version);
    for (const Entry& entry : journal) {
        if (entry.finished_at) schema.version = std::max(schema.version, entry.version);
        const auto known = std::ranges::find(migrations, entry.version, &Migration::version);
        const Verdict verdict = judge(entry, known == migrations.end() ? nullptr : &*known, schema.latest);
        schema.steps.push_back(
            {entry.version, entry.name, verdict.step, entry.finished_at ? entry.finished_at : entry.started_at});
        if (verdict.schema <= schema.state) continue;
        schema.state = verdict.schema;
        schema.problem = verdict.problem;
    }
    for (const Migration& migration : migrations) {
        const auto entry = std::ranges::find(journal, migration.version, &Entry::version);
        if (entry == journal.end() || !entry->finished_at) schema.pending.push_back(migration);
        if (entry == journal.end()) schema.steps.push_back({migration.version, migration.name, Step::State::pending, {}});
    }
    std::ranges::sort(schema.steps, {}, &Step::version);
    if (!schema.pending.empty() && schema.state == Schema::State::current) {
        schema.state = Schema::State::outdated;
        schema.problem = how_outdated(schema);
    }
    return schema;
}

}  // namespace

std::string_view to_string(Step::State state) noexcept {
    switch (state) {
        case Step::State::applied: return "applied";
        case Step::State::pending: return "pending";
        case Step::State::half_done: return "half done";
        case Step::State::half_undone: return "half undone";
        case Step::State::edited: return "edited";
        case Step::State::unknown: return "unknown to this binary";
    }
    return "";
}

Schema inspect(Database& database, std::span<const Migration> migrations) {
    return assess(database.read(read_journal), migrations);
}

Schema inspect_nothing(std::span<const Migration> migrations) { return assess({}, migrations); }

void require_current(Database& database, std::span<const Migration> migrations) {
    const Schema schema = inspect(database, migrations);
    if (schema.state != Schema::State::current) throw base::Error(base::Code::unavailable, schema.problem);
}

}  // namespace app::db
