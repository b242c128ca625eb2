// `manage install-service`: makes this program a service of systemd, with a log that logrotate moves. It only writes the files; to start
// the service is one more line, which it tells.
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "app/base/error.hpp"
#include "app/base/new_file.hpp"
#include "config/files.hpp"
#include "manage/checkout.hpp"
#include "manage/child.hpp"
#include "manage/commands.hpp"
#include "manage/service_files.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

namespace fs = std::filesystem;
using app::base::Code;
using app::base::Error;

constexpr mode_t readable_by_all = 0644;

// What is below the folder that --root names is told as it will be there: "/usr/bin/manage" of "/tmp/package/usr/bin/manage".
std::string below(const fs::path& root, const fs::path& path) {
    const fs::path relative = path.lexically_relative(root);
    return relative.empty() || *relative.begin() == ".." ? path.string() : (fs::path("/") / relative).lexically_normal().string();
}

// The config that the service is to have: the one that was asked for here or in the folder's .env, and never by default that for
// developing.
config::Loaded load_config(const Invocation& invocation, const fs::path& folder) {
    config::Sources sources;
    sources.dotenv_path = (folder / ".env").string();
    const config::Environment environment = config::Environment::of_process();
    config::Loaded loaded = config::load(invocation.find("--config").value_or(""), environment, sources);
    return loaded.name_origin == "default" ? config::load("production", environment, sources) : loaded;
}

// The group of an account; of one that is not there, the one that adduser would give it.
std::string group_of(const std::string& user, bool must_exist) {
    const passwd* account = ::getpwnam(user.c_str());
    if (account == nullptr) {
        if (!must_exist) return user;
        throw Error(Code::invalid, "there is no user \"" + user + "\": adduser --system --group --no-create-home " + user +
                                       " makes it, or --user names another");
    }
    const group* its_group = ::getgrgid(account->pw_gid);
    return its_group == nullptr ? user : its_group->gr_name;
}

// What the service would lack that this shell has.
void warn_of_environment(const config::Loaded& loaded, const fs::path& folder) {
    constexpr std::string_view origin = "environment ";
    std::string names;
    for (const config::Effective& setting : loaded.settings) {
        if (setting.origin.starts_with(origin))
            names.append(names.empty() ? "" : ", ").append(setting.origin.substr(origin.size()));
    }
    if (!names.empty())
        warn("set in this shell only, where the service does not see it: " + names + "; " + folder.string() +
             "/.env is what it reads");
    try {
        config::require_secret(loaded.config);
    } catch (const Error& error) {
        warn("the service will not start before this is mended: " + error.message());
    }
}

// The path, if a file is there that nobody but this command is to write.
void require_replaceable(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return;
    if (is_untouched(config::read_file(path.string(), "the file", "install-service"))) return;
    throw Error(Code::conflict,
                path.string() + " was changed by hand, or is not by this command: move it away, or replace it with --force");
}

void require_no_packaged_unit(const fs::path& root) {
    for (const char* folder : {"usr/lib/systemd/system", "lib/systemd/system"}) {
        const fs::path path = root / folder / "dewar.service";
        std::error_code error;
        if (fs::exists(path, error))
            throw Error(Code::conflict, "a package brought the service along, as " + path.string() +
                                            ": change it with `systemctl edit dewar`, or shadow it with --force");
    }
}

void write(const fs::path& path, const std::string& text) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    try {
        app::base::NewFile file(path.string(), app::base::NewFile::Existing::replace);
        file.write(text);
        if (::chmod(file.temporary_path().c_str(), readable_by_all) != 0)
            throw Error(Code::unavailable, "cannot write " + path.string() + ": " + app::base::system_message(errno));
        file.keep();
    } catch (const Error& problem) {
        if (::geteuid() == 0) throw;
        throw Error(problem.code(),
                    problem.message() + "; only root installs services: sudo manage install-service, or see --print");
    }
}

void tell_systemd() {
    const HeldSignals held(ending_signals);
    const int code = run_child({.arguments = {"systemctl", "daemon-reload"}, .folder = "/"}, held,
                               [](std::string_view line) { write_all(STDERR_FILENO, std::string(line) + "\n"); });
    if (code != 0) throw Error(Code::unavailable, "the files are written, but `systemctl daemon-reload` failed: type it again");
}

int run_install_service(Invocation& invocation) {
    const fs::path root = invocation.find("--root") ? fs::absolute(*invocation.find("--root")).lexically_normal() : fs::path("/");
    const bool for_here = root == "/", only_print = invocation.has("--print"), force = invocation.has("--force");
    const fs::path folder = fs::absolute(invocation.find("--folder").value_or(".")).lexically_normal();
    const std::string inside = below(root, folder.has_filename() ? folder : folder.parent_path());
    const std::string user = invocation.find("--user").value_or("dewar");
    const fs::path folder_here = for_here ? fs::path(inside) : root / fs::path(inside).relative_path();
    const config::Loaded loaded = load_config(invocation, folder_here);
    std::error_code error;
    const Service service{.program = below(root, fs::read_symlink("/proc/self/exe", error)),
                          .folder = inside,
                          .user = user,
                          .group = group_of(user, for_here && !only_print),
                          .config = loaded.config};
    const std::string unit = systemd_unit(service), rules = logrotate_rules(service);
    if (only_print) {
        invocation.print(invocation.has("--logrotate") ? rules : unit);
        return 0;
    }

    if (for_here && !fs::exists("/run/systemd/system", error))
        throw Error(Code::unavailable,
                    "this system was not started by systemd; --print shows the unit, --root writes it for another");
    const fs::path unit_path = root / "etc/systemd/system/dewar.service", rules_path = root / "etc/logrotate.d/dewar";
    if (!force) {
        require_no_packaged_unit(root);
        require_replaceable(unit_path);
        require_replaceable(rules_path);
    }
    warn_of_environment(loaded, folder_here);
    write(unit_path, unit);
    write(rules_path, rules);
    if (for_here) tell_systemd();
    invocation.print("Wrote " + unit_path.string() + " and " + rules_path.string() +
                     "\n"
                     "Start it, now and with the machine:  systemctl enable --now dewar\n"
                     "A new version or new settings:       systemctl reload dewar\n"
                     "How it is:                           systemctl status dewar; journalctl -u dewar -f\n");
    return 0;
}

}  // namespace

Command install_service() {
    using enum Option::Kind;
    return {.name = "install-service",
            .help = "Make Dewar a service of systemd: write a hardened unit, and rules for logrotate",
            .example = "  sudo manage install-service --user dewar --folder /var/lib/dewar --config standalone\n"
                       "  manage install-service --print",
            .options = {{.name = "--user", .value_name = "NAME", .help = "the account that it runs as; else dewar"},
                        {.name = "--folder",
                         .value_name = "FOLDER",
                         .help = "to run in, with .env and instance/; else the present one"},
                        {.name = "--print", .kind = flag, .help = "print the unit, and write nothing"},
                        {.name = "--logrotate", .kind = flag, .help = "with --print: the rules for logrotate instead"},
                        {.name = "--root", .value_name = "FOLDER", .help = "write below it, for a system that is made there"},
                        {.name = "--force", .kind = flag, .help = "replace files that were changed by hand"}},
            .run = run_install_service};
}

}  // namespace manage
