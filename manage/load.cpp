// `manage load`: the rows of a dump into the config's database, all of them or none.
#include "app/archive/dump.hpp"
#include "manage/archive_summary.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

using app::archive::Replace;
using app::archive::Summary;

Summary verify(app::db::Database& database, const std::string& file) {
    ProgressBar bar("Checking");
    return app::archive::verify(database, file, [&](std::int64_t rows) { bar.show(rows, 0); });
}

int run_load(Invocation& invocation) {
    const std::string file = invocation.get("FILE");
    const Replace replace = invocation.has("--replace") ? Replace::yes : Replace::no;
    app::db::Database& database = invocation.database();
    const Stopwatch stopwatch;
    const Summary verified = verify(database, file);
    {
        ProgressBar bar("Loading");
        app::archive::load(database, file, verified, replace, [&](std::int64_t rows) { bar.show(rows, verified.rows); });
    }
    invocation.print(archive_summary("Loaded", file, verified, stopwatch, invocation.has("--json")));
    return 0;
}

}  // namespace

Command load() {
    return {.name = "load",
            .help = "Put the rows of a dump into the database: all of them, or none",
            .example = "  manage load blog.dump.gz\n"
                       "  DATABASE_URL=mysql://dewar:PASSWORD@db.example/dewar manage load blog.dump.gz",
            .options =
                {{.name = "FILE", .kind = Option::Kind::positional, .help = "a file that `manage dump` wrote", .required = true},
                 {.name = "--replace", .kind = Option::Kind::flag, .help = "lose the rows that the database has now"},
                 {.name = "--json", .kind = Option::Kind::flag, .help = "the summary as JSON"}},
            .run = run_load};
}

}  // namespace manage
