// The command line of `manage`: help, what is misspelt, and the commands that need neither database nor secret.
#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "config/config.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

// Arguments that are wrong, and the one line that they earn with exit code 2.
struct Wrong {
    std::vector<std::string> arguments;
    std::string message;
};

}  // namespace

TEST_CASE("manage alone shows its help on standard error and exits with 2") {
    const Finished result = Installation().manage({});
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(contains(result.err, "runserver"));
    CHECK(contains(result.err, "`manage COMMAND --help` explains a command."));
}

TEST_CASE("--help of manage names every command and exits with 0") {
    const Finished result = Installation().manage({"--help"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    for (const char* command : {"runserver", "deploy", "migrate", "user", "routes", "openapi", "config", "secret-key",
                                "completion", "version", "check", "dbshell"}) {
        CHECK_MESSAGE(contains(result.out, std::string("\n  ") + command + " "), command);
    }
}

TEST_CASE("--help of each command shows an example and exits with 0") {
    const std::vector<std::vector<std::string>> commands{{"runserver"},
                                                         {"deploy"},
                                                         {"user", "add"},
                                                         {"user", "password"},
                                                         {"user", "role"},
                                                         {"user", "list"},
                                                         {"migrate", "status"},
                                                         {"migrate", "up"},
                                                         {"migrate", "down"},
                                                         {"migrate", "new"},
                                                         {"migrate", "stamp"},
                                                         {"user", "confirm"},
                                                         {"routes"},
                                                         {"openapi"},
                                                         {"config"},
                                                         {"secret-key"},
                                                         {"completion"},
                                                         {"version"},
                                                         {"check"},
                                                         {"freeze-deps"},
                                                         {"help"},
                                                         {"man"},
                                                         {"about"},
                                                         {"dbshell"}};
    for (std::vector<std::string> command : commands) {
        CAPTURE(command.back());
        command.emplace_back("--help");
        const Finished result = Installation().manage(command);
        CHECK(result.exit_code == 0);
        CHECK(contains(result.out, "\nExample:\n  "));
    }
}

TEST_CASE("A wrong command line is answered with one line that helps, and exit code 2") {
    const std::vector<Wrong> all{
        {{"runservr"}, "there is no command runservr; did you mean runserver?"},
        {{"runservr", "--help"}, "there is no command runservr; did you mean runserver?"},
        {{"user", "lst"}, "user: there is no command lst; did you mean list?"},
        {{"user", "deploy"}, "user: there is no command deploy; there are: add, password, role, confirm, list"},
        {{"runserver", "--prot", "5000"}, "runserver: there is no option --prot; did you mean --port?"},
        {{"runserver", "--prot=5000"}, "runserver: there is no option --prot; did you mean --port?"},
        {{"--confg", "testing"}, "there is no option --confg; did you mean --config?"},
        {{"version", "all"}, "version: what is \"all\"? `manage version --help` shows what it takes"},
        {{"freeze-deps", "--licences"}, "freeze-deps: there is no option --licences; did you mean --licenses?"},
        {{"runserver", "--port"}, "runserver: --port needs a value; `manage runserver --help` shows all that it takes"},
        {{"runserver", "--host", "--port", "1"}, "runserver: --host needs a value"},
        {{"runserver", "--host", ""}, "runserver: --host needs a value"},
        {{"runserver", "--port", "70000"}, "command line --port: server.port must be a whole number from 0 to 65535, not 70000"},
        {{"runserver", "--workers", "0"}, "command line --workers: server.workers must be a whole number from 1 to 4096, not 0"},
        {{"user", "add"}, "user add: EMAIL is required; `manage user add --help` shows all that it takes"},
        {{"user", "add", "a@b.example"}, "user add: --username is required; `manage user add --help` shows all that it takes"},
        {{"user", "role", "a@b.example", "Moderatr"}, "user role: ROLE cannot be Moderatr; did you mean Moderator?"},
        {{"completion", "tcsh"}, "completion: SHELL cannot be tcsh; it is one of: bash, zsh, fish"},
        {{"routes", "--config", "prod"},
         "command line --config: there is no config \"prod\"; did you mean production? "
         "There are: development, docker, production, standalone, testing, unix"},
    };
    for (const Wrong& wrong : all) {
        CAPTURE(wrong.message);
        const Finished result = Installation().manage(wrong.arguments);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err == "manage: " + wrong.message + "\n");
    }
}

TEST_CASE("--config is taken before and after the command") {
    const Installation here;
    const std::string before = here.manage({"--config", "standalone", "config", "--json"}).out;
    CHECK(before == here.manage({"config", "--config", "standalone", "--json"}).out);
    CHECK(before == here.manage({"config", "--json", "--config=standalone"}).out);
    CHECK(*app::web::parse_json(before).find("name")->string() == "standalone");
}

TEST_CASE("An unknown config in the environment is told with its origin, and exit code 1") {
    Installation here;
    here.environment["APP_CONFIG"] = "prod";
    const Finished result = here.manage({"routes"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.starts_with("manage: environment APP_CONFIG: there is no config \"prod\"; did you mean production?"));
    CHECK(is_one_line(result.err));
}

TEST_CASE("A wrong line of .env is named with file and line") {
    const Installation here;
    write_text(here.path() / ".env", "APP_CONFIG=testing\nSECRET_KEY = abc\n");
    const Finished result = here.manage({"config"});
    CHECK(result.exit_code == 1);
    CHECK(result.err == "manage: .env:2: no space may stand around the =\n");
}

TEST_CASE("secret-key prints one good key and nothing else, a new one each time") {
    const Installation here;
    const Finished result = here.manage({"secret-key"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.size() == 64 + 1);
    CHECK_FALSE(config::weakness(result.out.substr(0, 64)).has_value());
    CHECK(result.out != here.manage({"secret-key"}).out);
}

TEST_CASE("version and --version say the same") {
    const Installation here;
    const Finished result = here.manage({"--version"});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("Dewar " DEWAR_VERSION " ("));
    CHECK(result.out == here.manage({"version"}).out);
    CHECK(*app::web::parse_json(here.manage({"version", "--json"}).out).find("version")->string() == DEWAR_VERSION);
}

TEST_CASE("routes --json lists endpoint, methods and rule, sorted by rule, without a database or a secret") {
    Installation here;
    here.environment = {{"APP_CONFIG", "production"}};
    const Finished result = here.manage({"routes", "--json"});
    REQUIRE(result.exit_code == 0);
    const app::web::Value routes = app::web::parse_json(result.out);
    std::string previous;
    bool found = false;
    for (const app::web::Value& route : *routes.list()) {
        const std::string rule = *route.find("rule")->string();
        CHECK(previous <= rule);
        previous = rule;
        if (*route.find("endpoint")->string() != "api_v1_0.get_post") continue;
        found = true;
        CHECK(rule == "/api/v1.0/posts/<int:id>");
        CHECK(*route.find("methods") == app::web::Value::List{"GET", "HEAD"});
    }
    CHECK(found);
    CHECK(contains(here.manage({"routes"}).out, "/api/v1.0/posts/<int:id>"));
    CHECK(std::filesystem::is_empty(here.path()));
}

TEST_CASE("config shows where each value comes from, and no secret") {
    Installation here;
    here.environment["DATABASE_URL"] = "mysql://blog:geheim1@db.example/blog";
    here.environment["APP_ADMIN_PASSWORD"] = "geheim2-and-more";
    write_text(here.path() / ".env", "APP_SERVER__PORT=8080\n");
    const Finished json = here.manage({"config", "--json"});
    const Finished table = here.manage({"config"});
    REQUIRE(json.exit_code == 0);
    CHECK(table.exit_code == 0);
    std::map<std::string, std::pair<std::string, std::string>> settings;
    const app::web::Value document = app::web::parse_json(json.out);
    for (const app::web::Value& setting : *document.find("settings")->list()) {
        settings[*setting.find("key")->string()] = {*setting.find("value")->string(), *setting.find("origin")->string()};
    }
    using Shown = std::pair<std::string, std::string>;
    CHECK(settings["server.port"] == Shown{"8080", ".env:1"});
    CHECK(settings["server.host"] == Shown{"127.0.0.1", "default"});
    CHECK(settings["database.url"] == Shown{"mysql://blog:***@db.example/blog", "environment DATABASE_URL"});
    CHECK(settings["secret.key"] == Shown{"***", "environment SECRET_KEY"});
    for (const std::string& text : {json.out, table.out}) {
        CHECK_FALSE(contains(text, "geheim"));
        CHECK_FALSE(contains(text, here.environment.at("SECRET_KEY")));
    }
}

TEST_CASE("The completion scripts are valid, and bash completes commands, options and choices by them") {
    const Installation here;
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        CAPTURE(shell);
        const Finished script = here.manage({"completion", shell});
        REQUIRE(script.exit_code == 0);
        write_text(here.path() / shell, script.out);
        if (run({.arguments = {"/usr/bin/env", "which", shell}}).exit_code != 0) continue;
        const Finished check = run({.arguments = {"/usr/bin/env", shell, "-n", shell}, .folder = here.path()});
        CHECK(check.exit_code == 0);
        CHECK(check.err.empty());
    }
    const auto complete = [&](const std::string& words, int position) {
        const std::string script = "source ./bash; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(position) +
                                   "; _manage; echo \"${COMPREPLY[*]}\"";
        return run({.arguments = {"/bin/bash", "-c", script}, .folder = here.path()}).out;
    };
    CHECK(complete("manage run", 1) == "runserver\n");
    CHECK(complete("manage user ''", 2) == "add password role confirm list --config --help\n");
    CHECK(complete("manage runserver --po", 2) == "--port\n");
    CHECK(complete("manage user role a@b.example M", 4) == "Moderator\n");
    CHECK(complete("manage user add --role A", 4) == "Administrator\n");
    CHECK(complete("manage --config st", 2) == "standalone\n");
    CHECK(complete("manage --config standalone dep", 3) == "deploy\n");
}

TEST_CASE("A full disk behind standard output is told, with exit code 1") {
    const Installation here;
    const int full = open("/dev/full", O_WRONLY);
    REQUIRE(full >= 0);
    for (const std::string command :
         {"routes", "config", "secret-key", "version", "--help", "deploy", "about", "freeze-deps", "man"}) {
        CAPTURE(command);
        Start start = here.start({command});
        start.output = full;
        const Finished result = run(start);
        CHECK(result.exit_code == 1);
        CHECK(result.err == "manage: cannot write to standard output: No space left on device\n");
    }
    close(full);
}

TEST_CASE("A pipe that nobody reads is told, with exit code 1") {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    const Installation here;
    Start start = here.start({"routes"});
    start.output = ends[1];
    const Finished result = run(start);
    close(ends[1]);
    CHECK(result.exit_code == 1);
    CHECK(result.err == "manage: cannot write to standard output: Broken pipe\n");
}

TEST_CASE("Without a terminal nothing is coloured") {
    const Installation here;
    CHECK_FALSE(contains(here.manage({"deploy"}).out, "\x1b["));
    CHECK_FALSE(contains(here.manage({"nothing"}).err, "\x1b["));
}
