// What `manage` tells about itself: routes --test, config --diff, about, help and the manual.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "app/app.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "config/files.hpp"
#include "manage/commands.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
using app::web::parse_json;
using app::web::Value;

const Value& at(const Value& value, std::string_view path) {
    const Value* member = &value;
    for (const std::string_view name : app::base::split(path, '.')) {
        member = member->find(name);
        REQUIRE_MESSAGE(member != nullptr, path);
    }
    return *member;
}

// routes --test METHOD URL --json.
Value met(const std::string& method, const std::string& url, int exit_code = 0) {
    const Finished result = Installation().manage({"routes", "--test", method, url, "--json"});
    CHECK(result.exit_code == exit_code);
    CHECK(result.err.empty());
    return parse_json(result.out);
}

}  // namespace

TEST_CASE("routes --test tells the rule, blueprint, endpoint, arguments and hooks that a request would meet") {
    const Value found = met("GET", "/api/v1.1/posts/007");
    CHECK(at(found, "status").is_null());
    CHECK(at(found, "rule") == Value("/api/v1.1/posts/<int:id>"));
    CHECK(at(found, "blueprint") == Value("api_v1_1"));
    CHECK(at(found, "endpoint") == Value("api_v1_1.get_post"));
    CHECK(at(found, "arguments") == Value::List{Value::Object{{"converter", "int"}, {"name", "id"}, {"value", 7}}});
    const Value::List& before = *at(found, "before_request").list();
    REQUIRE(before.size() >= 3);
    CHECK(before[0] == Value("maintenance.refuse"));
    CHECK(before[1] == Value("api_v1_1.count_for_address"));
    CHECK(at(found, "after_request").list()->back() == Value("compression.compress"));
    const Finished text = Installation().manage({"routes", "--test", "GET", "/api/v1.1/posts/007"});
    CHECK(contains(text.out, "\narguments         id = 7 (int)\n"));
    CHECK(contains(text.out, "\nbefore_request    maintenance.refuse, api_v1_1.count_for_address, "));
}

TEST_CASE("routes --test tells 404, 405 with Allow, 308 with its target, and 400 with the reason") {
    CHECK(at(met("GET", "/nothing", 1), "status") == Value(404));
    const Value refused = met("DELETE", "/api/v1.0/posts/7", 1);
    CHECK(at(refused, "status") == Value(405));
    CHECK(at(refused, "allow") == Value::List{"GET", "HEAD", "PUT", "OPTIONS"});
    const Value moved = met("GET", "/api/v1.0/posts?page=2");
    CHECK(at(moved, "status") == Value(308));
    CHECK(at(moved, "location") == Value("/api/v1.0/posts/?page=2"));
    const Value malformed = met("GET", "/%zz", 1);
    CHECK(at(malformed, "status") == Value(400));
    CHECK(at(malformed, "reason") == Value("the path has a malformed percent-escape"));
    CHECK(at(met("OPTIONS", "/api/v1.0/posts/7"), "status") == Value(204));
}

TEST_CASE("routes --test takes a whole URL without its fragment, and a method in small letters") {
    const Value found = met("get", "https://blog.example:8080/api/v1.0/posts/?page=2#top");
    CHECK(at(found, "method") == Value("GET"));
    CHECK(at(found, "target") == Value("/api/v1.0/posts/?page=2"));
    CHECK(at(found, "endpoint") == Value("api_v1_0.get_posts"));
    CHECK(at(met("GET", "http://blog.example"), "target") == Value("/"));
    CHECK(at(met("GET", "http://blog.example?a=1"), "target") == Value("/?a=1"));
}

TEST_CASE("routes --test without both of its arguments, or with no URL, is refused with exit code 2") {
    const Installation here;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--test"}, {"--test", "GET"}, {"GET", "/"}, {"--test", "GET", "posts"}}) {
        std::vector<std::string> all{"routes"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const Finished result = here.manage(all);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(is_one_line(result.err));
    }
}

TEST_CASE("every hook of every config has a name") {
    const config::Files files("");
    for (const std::string& name : files.names()) {
        const auto site = app::make_site(config::load(name, config::Environment({}), {{}, {}, ""}).config);
        std::set<std::string> names;
        for (const app::web::Rule& rule : site->rules()) {
            for (const app::web::Hooks* hooks : rule.blueprint->levels) {
                for (const auto& hook : hooks->before) names.insert(hook.name);
                for (const auto& hook : hooks->after) names.insert(hook.name);
                for (const auto& hook : hooks->teardown) names.insert(hook.name);
            }
        }
        CHECK_FALSE(names.empty());
        for (const std::string& hook : names)
            CHECK_MESSAGE(!hook.ends_with(".unnamed"), "give the hook a name where it is added: " << hook);
    }
}

TEST_CASE("config --diff shows the settings that are otherwise, with both values and who set them") {
    Installation here;
    const Finished table = here.manage({"config", "--diff", "production"});
    CHECK(table.exit_code == 0);
    CHECK(table.out.starts_with("SETTING "));
    CHECK(contains(table.out, "\nlog.format "));
    CHECK_FALSE(contains(table.out, "\nserver.port "));
    const Value found = parse_json(here.manage({"config", "--diff", "production", "--json"}).out);
    CHECK(at(found, "here") == Value("development"));
    CHECK(at(found, "there") == Value("production"));
    bool seen = false;
    for (const Value& one : *at(found, "differences").list()) {
        CHECK(at(one, "key") != Value("database.url"));  // which the environment sets for both
        if (at(one, "key") != Value("log.format")) continue;
        seen = true;
        CHECK(at(one, "here.value") == Value("text"));
        CHECK(at(one, "there.value") == Value("json"));
        CHECK(at(one, "there.origin").string()->starts_with("config/production.toml:"));
    }
    CHECK(seen);
    CHECK(here.manage({"config", "--diff", "development"}).out == "The settings of development and development are the same.\n");
}

TEST_CASE("config --diff shows no secret, says when two differ, and when a config would not start") {
    Installation here;
    here.environment = {};
    write_text(here.path() / "theirs.toml", "[database]\nurl = \"mysql://blog@db.example/blog\"\n");
    here.environment["APP_CONFIG_DIR"] = here.path().string();
    const Finished result = here.manage({"config", "--diff", "theirs"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "\nsecret.key "));  // development has one that everybody knows
    CHECK(contains(result.out, "***"));
    CHECK(result.err.starts_with("warning: the config theirs would not start: "));
    CHECK(result.err.find('\n') == result.err.size() - 1);
}

TEST_CASE("config --diff of a config that does not validate says so, of one that does not exist what there is") {
    Installation here;
    write_text(here.path() / "broken.toml", "[server]\nport = \"many\"\n");
    here.environment["APP_CONFIG_DIR"] = here.path().string();
    const Finished broken = here.manage({"config", "--diff", "broken"});
    CHECK(broken.exit_code == 1);
    CHECK(broken.out.empty());
    CHECK(broken.err.starts_with("manage: the config broken does not validate: "));
    CHECK(contains(broken.err, "broken.toml:2: server.port must be"));
    CHECK(is_one_line(broken.err));
    const Finished unknown = here.manage({"config", "--diff", "prod"});
    CHECK(unknown.exit_code == 2);
    CHECK(unknown.err.starts_with("manage: config: --diff: there is no config \"prod\"; did you mean production?"));
}

TEST_CASE("about tells the build, the system, the config and the database on one screen") {
    Installation here;
    REQUIRE(here.manage({"deploy"}).exit_code == 0);
    const Finished text = here.manage({"about"});
    REQUIRE(text.exit_code == 0);
    CHECK(std::ranges::count(text.out, '\n') <= 24);
    const Value found = parse_json(here.manage({"about", "--json"}).out);
    CHECK(at(found, "build.version") == Value(DEWAR_VERSION));
    CHECK(at(found, "build.id").string()->size() == 32);
    CHECK_FALSE(at(found, "build.compiler").string()->empty());
    CHECK(at(found, "config.name") == Value("development"));
    CHECK(at(found, "config.chosen_by") == Value("default"));
    CHECK(contains(*at(found, "config.files").string(), "config/development.toml"));
    CHECK(at(found, "database.kind") == Value("SQLite"));
    CHECK(at(found, "database.url") == Value("sqlite:///blog.sqlite"));
    const std::string schema = *at(found, "database.schema").string();
    CHECK(schema.substr(0, schema.find(' ')) == schema.substr(schema.rfind(' ') + 1));  // "14 of 14"
    CHECK(at(found, "paths.folder") == Value(std::filesystem::canonical(here.path()).string()));
    CHECK(app::base::parse_integer(*at(found, "system.cores").string()).value_or(0) > 0);
    CHECK(at(found, "paths.dotenv") == Value("is not there"));
}

TEST_CASE("about shows no secret, and makes no database") {
    Installation here;
    here.environment["APP_ADMIN_PASSWORD"] = "geheim-and-more-of-it";
    const Finished none = here.manage({"about"});
    CHECK(none.exit_code == 0);
    CHECK(contains(none.out, "there is no database yet"));
    CHECK(std::filesystem::is_empty(here.path()));
    here.environment["DATABASE_URL"] = "mysql://blog:geheim@127.0.0.1:1/blog";
    const Finished result = here.manage({"about"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "mysql://blog:***@127.0.0.1:1/blog"));
    CHECK(contains(result.out, "cannot be read: "));
    CHECK_FALSE(contains(result.out + result.err, "geheim"));
    CHECK_FALSE(contains(result.out + result.err, here.environment.at("SECRET_KEY")));
}

TEST_CASE("about of a config that cannot be read still tells of the build, and what is wrong") {
    Installation here;
    here.environment["APP_CONFIG"] = "prod";
    const Finished result = here.manage({"about"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "problem"));
    CHECK(contains(result.out, "environment APP_CONFIG: there is no config \"prod\""));
    CHECK(contains(result.out, DEWAR_VERSION));
}

TEST_CASE("help shows what --help shows") {
    const Installation here;
    CHECK(here.manage({"help"}).out == here.manage({"--help"}).out);
    CHECK(here.manage({"help", "user", "add"}).out == here.manage({"user", "add", "--help"}).out);
    const Finished unknown = here.manage({"help", "depoly"});
    CHECK(unknown.exit_code == 2);
    CHECK(unknown.err == "manage: there is no command depoly; did you mean deploy?\n");
}

TEST_CASE("no option or argument has a name that CLI11 refuses from 2.4 on, which is Debian 13's") {
    for (const manage::Command& command : manage::commands()) {
        for (const manage::Option& option : command.options) {
            CHECK_MESSAGE(option.name.find_first_of("=:{} \t") == std::string::npos, (command.name + " " + option.name));
        }
    }
}

TEST_CASE("docs/COMMANDS.md is what help --markdown prints") {
    const std::string printed = Installation().manage({"help", "--markdown"}).out;
    CHECK_MESSAGE(read_text("docs/COMMANDS.md") == printed,
                  "docs/COMMANDS.md is out of date; write it with: " MANAGE_BINARY " help --markdown > docs/COMMANDS.md");
    for (const manage::Command& command : manage::commands()) {
        CHECK_MESSAGE(contains(printed, "\n## manage " + command.name + "\n"), command.name);
        for (const manage::Option& option : command.options) CHECK_MESSAGE(contains(printed, "`" + option.name), option.name);
    }
}

TEST_CASE("the manual page has every command, and troff finds nothing wrong with it") {
    Installation here;
    here.environment["SOURCE_DATE_EPOCH"] = "1795305600";
    const Finished page = here.manage({"man"});
    REQUIRE(page.exit_code == 0);
    CHECK(page.out.starts_with(".TH MANAGE 1 \"2026-11-22\" \"Dewar " DEWAR_VERSION "\""));
    CHECK(std::ranges::all_of(page.out, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    for (const manage::Command& command : manage::commands()) {
        std::string heading = "\n.SS \"manage " + command.name;
        for (std::size_t i = heading.find('-'); i != std::string::npos; i = heading.find('-', i + 2)) heading.insert(i, "\\");
        CHECK_MESSAGE(contains(page.out, heading), command.name);
    }
    write_text(here.path() / "manage.1", page.out);
    const Finished check =
        run({.arguments = {"/usr/bin/env", "groff", "-man", "-ww", "-z", "-Tutf8", "manage.1"}, .folder = here.path()});
    CHECK(check.exit_code == 0);
    CHECK(check.err.empty());
    const Finished shown = run({.arguments = {"/usr/bin/env", "groff", "-man", "-Tascii", "manage.1"}, .folder = here.path()});
    CHECK(contains(shown.out, "manage completion bash"));
}
