// `manage about`: one screen on this binary and where it runs, for a bug report. It tells what it can find out, whatever is wrong, and
// no secret.
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/api/build_id.hpp"
#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/db/migrate.hpp"
#include "app/db/provision.hpp"
#include "app/db/schema.hpp"
#include "app/db/url.hpp"
#include "app/web/json.hpp"
#include "manage/commands.hpp"
#include "manage/table.hpp"

namespace manage {

namespace {

// A subject with its facts, "name: value"; both in the order in which they are shown.
struct Fact {
    std::string name;
    std::string value;
};
struct Subject {
    std::string name;
    std::vector<Fact> facts;
};

// DEWAR_BUILD_TYPE and DEWAR_SANITIZERS come from CMakeLists.txt.
Subject build() {
    const std::string_view sanitizers = DEWAR_SANITIZERS;
    const std::string_view type = DEWAR_BUILD_TYPE;
    return {"build",
            {{"version", DEWAR_VERSION},
             {"id", std::string(app::api::build_id())},
             {"compiler", std::string(compiler_text())},
             {"type", std::string(type.empty() ? "none" : type)},
             {"sanitizers", std::string(sanitizers.empty() ? "none" : sanitizers)}}};
}

// PRETTY_NAME of os-release(5).
std::string distribution() {
    std::ifstream file("/etc/os-release");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("PRETTY_NAME=")) continue;
        line.erase(0, line.find('=') + 1);
        std::erase(line, '"');
        return line;
    }
    return "unknown";
}

// "glibc 2.36".
std::string c_library() {
    std::string name(64, '\0');
    const std::size_t size = ::confstr(_CS_GNU_LIBC_VERSION, name.data(), name.size());
    name.resize(size == 0 ? 0 : std::min(size, name.size()) - 1);
    return name.empty() ? "unknown" : name;
}

Subject system() {
    utsname kernel{};
    ::uname(&kernel);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    return {"system",
            {{"distribution", distribution()},
             {"kernel", std::string(kernel.sysname) + " " + kernel.release + " " + kernel.machine},
             {"libc", c_library()},
             {"cores", std::to_string(std::thread::hardware_concurrency())},
             {"open files", std::to_string(files.rlim_cur) + ", at most " + std::to_string(files.rlim_max)}}};
}

Subject paths() {
    std::error_code error;
    return {"paths",
            {{"program", std::filesystem::read_symlink("/proc/self/exe", error).string()},
             {"folder", std::filesystem::current_path(error).string()},
             {".env", std::filesystem::exists(".env", error) ? "is there" : "is not there"}}};
}

// The config's files, the first that it inherits first.
std::string files_of(const config::Loaded& loaded) {
    std::vector<std::string> files;
    for (const config::Effective& setting : loaded.settings) {
        const auto end = setting.origin.find(".toml:");
        if (end == std::string::npos) continue;
        std::string file = setting.origin.substr(0, end + 5);
        if (std::ranges::find(files, file) == files.end()) files.push_back(std::move(file));
    }
    return app::base::join(files);
}

std::string schema_of(const config::Config& config) try {
    if (app::db::parse_url(config.database.url).temporary) return "temporary";
    const app::db::Options options = app::database_options(config);
    if (!app::db::find_place(options).exists) return "there is no database yet";
    const auto database = app::db::open(options);
    const app::db::Schema schema = app::db::inspect(*database, app::db::migrations(database->dialect()));
    const std::string version = std::to_string(schema.version) + " of " + std::to_string(schema.latest);
    return schema.problem.empty() ? version : version + "; " + schema.problem;
} catch (const app::base::Error& error) {
    return "cannot be read: " + error.message();
}

std::string kind_of(const config::Config& config) try {
    return app::db::parse_url(config.database.url).backend == app::db::Backend::mysql ? "MySQL" : "SQLite";
} catch (const app::base::Error& error) {
    return error.message();
}

void add_config(std::vector<Subject>& subjects, const config::Loaded& loaded) {
    const config::Config& config = loaded.config;
    const config::Server& server = config.server;
    const std::string requests = config.limits.enabled
                                     ? std::to_string(config.limits.address_requests_max) + " requests per address in " +
                                           std::to_string(config.limits.window_s) + " s"
                                     : "any number of requests";
    subjects.push_back({"config",
                        {{"name", config.name},
                         {"chosen by", loaded.name_origin},
                         {"files", files_of(loaded)},
                         {"mode", config.testing ? "testing"
                                  : config.debug ? "debug"
                                                 : "production"}}});
    subjects.push_back(
        {"database",
         {{"kind", kind_of(config)}, {"url", config::masked_url(config.database.url)}, {"schema", schema_of(config)}}});
    subjects.push_back({"server",
                        {{"address", server.host + ", port " + std::to_string(server.port)},
                         {"threads", std::to_string(server.threads) + " loops (0: one per core), " +
                                         std::to_string(server.workers) + " workers"},
                         {"limits", std::to_string(server.connections_max) + " connections, " +
                                        std::to_string(server.body_bytes_max) + " bytes in a body, " + requests},
                         {"log", config.log.file.empty() ? "standard error" : config.log.file}}});
}

std::string as_text(const std::vector<Subject>& subjects) {
    std::vector<std::vector<std::string>> rows;
    for (const Subject& subject : subjects) {
        for (const Fact& fact : subject.facts)
            rows.push_back({&fact == &subject.facts.front() ? subject.name : "", fact.name, fact.value});
    }
    return aligned(rows);
}

std::string as_json(const std::vector<Subject>& subjects) {
    app::web::Value::Object all;
    for (const Subject& subject : subjects) {
        app::web::Value::Object facts;
        for (const Fact& fact : subject.facts) {
            std::string name = fact.name == ".env" ? "dotenv" : fact.name;
            std::ranges::replace(name, ' ', '_');
            facts[std::move(name)] = fact.value;
        }
        all[subject.name] = std::move(facts);
    }
    return app::web::to_json(all, 2) + "\n";
}

int run_about(Invocation& invocation) {
    std::vector<Subject> subjects{build(), system(), paths()};
    try {
        add_config(subjects, invocation.loaded());
    } catch (const app::base::Error& error) {
        subjects.push_back({"config", {{"problem", error.message()}}});
    }
    invocation.print(invocation.has("--json") ? as_json(subjects) : as_text(subjects));
    return 0;
}

}  // namespace

Command about() {
    return {.name = "about",
            .help = "Show this binary, its config and its database on one screen, for a bug report",
            .example = "  manage about --json",
            .options = {{.name = "--json", .kind = Option::Kind::flag, .help = "as JSON"}},
            .run = run_about};
}

}  // namespace manage
