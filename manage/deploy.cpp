// `manage deploy`: from whatever there is to a database that can be served: made, migrated, with its roles and an administrator. To
// be run before every start of a new version; what is done already is left alone.
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/db/migrate.hpp"
#include "app/models/follow.hpp"
#include "app/models/names.hpp"
#include "app/models/role.hpp"
#include "app/models/user.hpp"
#include "manage/accounts.hpp"
#include "manage/commands.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::db::Connection;
using app::db::Database;

constexpr std::string_view administrator = "Administrator";

// The lines that tell what was done, each with the time since the line before.
class Progress {
   public:
    explicit Progress(const Invocation& invocation) : invocation_(invocation) {}

    void done(const std::string& what) { tell(coloured(STDOUT_FILENO, "ok  ", Colour::green), what); }
    void left_out(const std::string& what) { tell(coloured(STDOUT_FILENO, "skip", Colour::yellow), what); }

   private:
    void tell(const std::string& verdict, const std::string& what) {
        const auto now = std::chrono::steady_clock::now();
        const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(now - since_);
        since_ = now;
        std::string time = std::to_string(duration.count());
        time.insert(0, time.size() < 6 ? 6 - time.size() : 0, ' ');
        invocation_.print("  " + verdict + time + " ms  " + what + "\n");
    }

    const Invocation& invocation_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

void migrate(Database& database, Progress& progress) {
    const auto applied = app::db::migrate(database, app::db::migrations(database.dialect()), [&](const app::db::Applied& step) {
        progress.done("schema: applied migration " + std::to_string(step.version) + " (" + step.name + ")");
    });
    if (applied.empty()) progress.done("schema: nothing to do");
}

std::string count_of(std::int64_t count, const std::string& done) {
    return count == 0 ? "nothing to do" : std::to_string(count) + " " + done;
}

// A username that nobody has, made of the address's local part.
std::string free_username(Connection& connection, const std::string& email) {
    constexpr std::size_t bytes_max = 60;  // leaves room for a number
    std::string name;
    for (const char letter : email.substr(0, email.find('@'))) {
        const std::string longer = name + letter;
        if (app::models::is_username(longer))
            name = longer;
        else if (!name.empty())
            name += '_';
        if (name.size() == bytes_max) break;
    }
    if (name.empty()) name = "admin";
    std::string candidate = name;
    for (int number = 2; app::models::find_user_by_username(connection, candidate); ++number)
        candidate = name + std::to_string(number);
    return candidate;
}

std::string how_to_add(const std::string& email) {
    return "add one with `manage user add " + email + " --username NAME --role Administrator`";
}

void add_administrator(const config::Config& config, Database& database, Progress& progress) {
    const std::string email = app::models::canonical_email(config.admin.email);
    if (email.empty()) {
        progress.left_out("administrator: APP_ADMIN is not set; " + how_to_add("EMAIL"));
        return;
    }
    const auto existing =
        database.read([&](Connection& connection) { return app::models::find_user_by_email(connection, email); });
    if (existing && existing->role_name == administrator) {
        progress.done("administrator: nothing to do");
        return;
    }
    if (existing) {
        database.write([&](Connection& connection) { app::models::change_role(connection, existing->id, administrator); });
        progress.done("administrator: " + email + " is one now");
        return;
    }
    std::string password = config.admin.password;
    if (password.empty() && can_ask()) password = ask_password("Password for the administrator " + email);
    if (password.empty()) {
        progress.left_out("administrator: no APP_ADMIN_PASSWORD, and no terminal to ask at; " + how_to_add(email));
        return;
    }
    const std::string hash = hash_password(config, password);
    const app::models::User user = database.write([&](Connection& connection) {
        return app::models::add_user(connection,
                                     {.email = email,
                                      .username = free_username(connection, email),
                                      .password_hash = hash,
                                      .role = std::string(administrator),
                                      .confirmed = true},
                                     email);
    });
    progress.done("administrator: added " + user.username + " <" + user.email + ">");
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
    std::string arguments = " runserver --host 0.0.0.0 --port 5000";
    if (loaded.name_origin != "default") arguments += " --config " + loaded.config.name;
    std::string text = "\nWhat next:\n";
    if (const std::string problem = secret_problem(loaded.config); !problem.empty()) {
        text += "  First mend what runserver would refuse: " + problem + ".\n";
    }
    if (loaded.config.debug) {
        text += "  The config " + loaded.config.name +
                " is for developing; for a server that others use: manage deploy --config standalone\n";
    }
    return text + "  Start it:         manage" + arguments +
           "\n"
           "  Let it be found:  open TCP port 5000 in this machine's firewall and in the cloud provider's security group.\n"
           "  Keep it running after you log out, with the settings in this folder's .env:\n"
           "    sudo systemd-run --unit=dewar --same-dir --uid=$(id -un) --property=Restart=on-failure \\\n"
           "      " +
           name + arguments + "\n";
}

int run(Invocation& invocation) {
    const config::Loaded& loaded = invocation.loaded();
    const config::Config& config = loaded.config;
    invocation.print("Deploying the config " + config.name + "\n");
    Progress progress(invocation);

    app::db::Options options = app::database_options(config);
    options.create = true;
    const std::unique_ptr<Database> database = app::db::open(options);
    progress.done("database: " + database->location());
    migrate(*database, progress);
    progress.done("roles: " + count_of(database->write(app::models::insert_roles), "written"));
    progress.done("self-follows: " + count_of(database->write(app::models::add_self_follows), "added"));
    add_administrator(config, *database, progress);

    invocation.print(what_next(loaded));
    return 0;
}

}  // namespace

Command deploy() {
    return {.name = "deploy",
            .help = "Make the database ready: schema, roles, first administrator",
            .example = "  APP_ADMIN=ann@example.com manage deploy --config standalone",
            .run = run};
}

}  // namespace manage
