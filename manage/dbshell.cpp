// `manage dbshell`: the database's own client on the config's database. The password goes through a file without a name, since
// everybody on a machine sees the arguments of its programs.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
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
#include "manage/terminal.hpp"

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

// A value of MySQL's option files, in quotes.
std::string in_quotes(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + "\"";
}

// Both clients understand one option file except for TLS. `on` takes any certificate, as the server's connections do.
std::string tls_options(const app::db::Url& url, bool is_mariadb) {
    using app::db::Tls;
    std::string text = url.tls_ca.empty() ? "" : "ssl-ca=" + in_quotes(url.tls_ca) + "\n";
    if (!is_mariadb) {
        return text + "ssl-mode=" +
               (url.tls == Tls::off  ? "DISABLED"
                : url.tls == Tls::on ? "REQUIRED"
                                     : "VERIFY_IDENTITY") +
               "\n";
    }
    text += url.tls == Tls::off ? "ssl=0\n" : "ssl=1\n";
    return text + (url.tls == Tls::verify ? "ssl-verify-server-cert=1\n" : "ssl-verify-server-cert=0\n");
}

std::string client_options(const app::db::Url& url, bool is_mariadb) {
    std::string text = "[client]\nuser=" + in_quotes(url.user) + "\n";
    if (!url.password.empty()) text += "password=" + in_quotes(url.password) + "\n";
    if (!url.socket.empty()) {
        text += "socket=" + in_quotes(url.socket) + "\n";
    } else {
        text += "host=" + in_quotes(url.hosts.front().name) + "\nport=" + std::to_string(url.hosts.front().port) + "\n";
    }
    return text + "default-character-set=utf8mb4\n" + tls_options(url, is_mariadb);
}

// A file in memory that the program to come finds under /dev/fd, and that is gone with it. Clients take no file that others may write.
std::string make_options_file(const std::string& text) {
    const int file = ::memfd_create("options", 0);
    if (file < 0 || ::fchmod(file, 0600) != 0) {
        throw Error(Code::unavailable, std::string("cannot make a file in memory: ") + std::strerror(errno));
    }
    write_all(file, text);
    return "/dev/fd/" + std::to_string(file);
}

void open_mysql(const app::db::Url& url, const Arguments& passed_on) {
    for (const std::string program : {"mariadb", "mysql"}) {
        const std::string file = make_options_file(client_options(url, program == "mariadb"));
        Arguments arguments{program, "--defaults-extra-file=" + file, "--init-command=SET time_zone = '+00:00'",
                            "--database=" + url.name};
        arguments.insert(arguments.end(), passed_on.begin(), passed_on.end());
        become(std::move(arguments));
    }
    refuse_missing("mariadb", "mariadb-client-core");
}

int run_dbshell(Invocation& invocation) {
    const config::Config& config = invocation.config();
    const app::db::Url url = app::db::parse_url(config.database.url);
    if (url.temporary) {
        throw Error(Code::invalid, "the database of the config " + config.name +
                                       " is a temporary file of each server: there is "
                                       "none to look into");
    }
    switch (url.backend) {
        case app::db::Backend::sqlite:
            open_sqlite(app::db::find_place(app::database_options(config)), config, invocation.passed_on());
            break;
        case app::db::Backend::mysql: open_mysql(url, invocation.passed_on()); break;
    }
    return 1;  // not reached: the client has taken this program's place, or its absence was thrown
}

}  // namespace

Command dbshell() {
    return {.name = "dbshell",
            .help = "Open the database's own client on the config's database",
            .example = "  manage dbshell -- -header 'SELECT id, username FROM users'\n  echo 'SELECT 1;' | manage dbshell",
            .run = run_dbshell,
            .passes_on = "sqlite3 or mariadb"};
}

}  // namespace manage
