// `manage dump`: all rows, as they are at one moment, in a file that `manage load` puts into any database.
#include "app/archive/dump.hpp"

#include <unistd.h>

#include "app/base/new_file.hpp"
#include "manage/archive_summary.hpp"
#include "manage/commands.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::archive::Summary;

Summary dump_to(app::db::Database& database, const std::function<void(std::string_view)>& sink) {
    ProgressBar bar("Dumping");
    const std::int64_t total = bar.is_shown() ? app::archive::count_rows(database) : 0;
    return app::archive::dump(database, sink, [&](std::int64_t rows) { bar.show(rows, total); });
}

int run_dump(Invocation& invocation) {
    const std::string file = invocation.find("FILE").value_or("-");
    const bool to_output = file == "-";
    if (to_output && isatty(STDOUT_FILENO) == 1) {
        throw UsageError("dump: a dump is compressed, no text for a terminal; type: manage dump blog.dump.gz");
    }
    app::db::Database& database = invocation.database();
    const Stopwatch stopwatch;
    if (to_output) {
        const Summary summary = dump_to(database, [](std::string_view bytes) { write_all(STDOUT_FILENO, bytes); });
        write_all(STDERR_FILENO, archive_summary("Dumped", "standard output", summary, stopwatch, invocation.has("--json")));
        return 0;
    }
    app::base::NewFile target(file);
    const Summary summary = dump_to(database, [&](std::string_view bytes) { target.write(bytes); });
    target.keep();
    invocation.print(archive_summary("Dumped", file, summary, stopwatch, invocation.has("--json")));
    return 0;
}

}  // namespace

Command dump() {
    return {.name = "dump",
            .help = "Write all rows into a portable, compressed file, while serving",
            .example = "  manage dump blog.dump.gz\n  manage dump | ssh backup 'cat > blog.dump.gz'",
            .options = {{.name = "FILE", .kind = Option::Kind::positional, .help = "a new file; - or nothing: standard output"},
                        {.name = "--json", .kind = Option::Kind::flag, .help = "the summary as JSON"}},
            .run = run_dump};
}

}  // namespace manage
