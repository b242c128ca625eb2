// `manage dbshell`: the database's own client on the config's database.
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/db/provision.hpp"
#include "app/db/url.hpp"
#include "manage/commands.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;
using Arguments = std::vector<std::string>;

// Becomes the program, with the standard streams of this one; returns only if there is no such program.
void become(Arguments arguments) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    app::base::flush_log();
    std::signal(SIGPIPE, SIG_DFL);
    ::execvp(argv.front(), argv.data());
    const int error = errno;
    std::signal(SIGPIPE, SIG_IGN);
    if (error != ENOENT) throw Error(Code::unavailable, "cannot run " + arguments.front() + ": " + std::strerror(error));
}

[[noreturn]] void refuse_missing(const std::string& program, const std::string& package) {
    throw Error(Code::unavailable, "the program " + program + " is not installed; type: sudo apt-get install " + package);
}

// SQLite's own client leaves foreign keys unchecked and gives up at the first lock, unless it is told otherwise.
void open_sqlite(const app::db::Place& place, const config::Config& config, const Arguments& passed_on) {
    if (!place.exists) {
        throw Error(Code::unavailable, "there is no database at " + place.location + "; make it with `manage deploy`");
    }
    Arguments arguments{
        "sqlite3",     "-cmd", "PRAGMA foreign_keys = ON", "-cmd", ".timeout " + std::to_string(config.database.busy_timeout_ms),
        place.location};
    arguments.insert(arguments.end(), passed_on.begin(), passed_on.end());
    become(std::move(arguments));
    refuse_missing("sqlite3", "sqlite3");
}

int run(Invocation& invocation) {
    const config::Config& config = invocation.config();
    const app::db::Url url = app::db::parse_url(config.database.url);
    if (url.temporary) {
        throw Error(Code::invalid, "the database of the config " + config.name +
                                       " is a temporary file of each server: there is "
                                       "none to look into");
    }
    open_sqlite(app::db::find_place(app::database_options(config)), config, invocation.passed_on());
    return 1;  // not reached: the client has taken this program's place, or its absence was thrown
}

}  // namespace

Command dbshell() {
    return {.name = "dbshell",
            .help = "Open the database's own client on the config's database",
            .example = "  manage dbshell -- -header 'SELECT id, username FROM users'\n  echo 'SELECT 1;' | manage dbshell",
            .run = run,
            .passes_on = "sqlite3 or mariadb"};
}

}  // namespace manage
