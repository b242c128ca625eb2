// `manage deploy`: from nothing to a database that can be served, and what stands in its way.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include "app/base/error.hpp"
#include "app/db/database.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

int count_lines(const std::string& text, std::string_view part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

// As the database's own client does.
void run_script(const std::filesystem::path& file, const std::string& script) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, script.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

}  // namespace

TEST_CASE("deploy makes the database, and a second deploy finds nothing to do") {
    Installation here;
    here.environment["APP_ADMIN"] = "Ann.Smith+blog@Example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "correct horse";
    const Finished first = here.manage({"deploy"});
    CHECK(first.exit_code == 0);
    CHECK(contains(first.out, "database: " + (std::filesystem::canonical(here.path()) / "blog.sqlite").string()));
    CHECK(contains(first.out, "schema: applied migration 1 (initial)"));
    CHECK(contains(first.out, "roles: 3 written"));
    CHECK(contains(first.out, "administrator: added ann.smith_blog <ann.smith+blog@example.com>"));
    CHECK_FALSE(contains(first.out + first.err, "correct horse"));
    CHECK(contains(here.manage({"user", "list"}).out, "Administrator  yes"));

    const Finished second = here.manage({"deploy"});
    CHECK(second.exit_code == 0);
    for (const char* step : {"schema", "roles", "self-follows", "kept counts", "administrator"}) {
        CHECK_MESSAGE(contains(second.out, std::string(step) + ": nothing to do"), step);
    }
}

TEST_CASE("deploy says how to start, which port to open and how to stay up") {
    const Finished result = Installation().manage({"deploy", "--config", "standalone"});
    CHECK(contains(result.out, "manage runserver --host 0.0.0.0 --port 5000 --config standalone\n"));
    CHECK(contains(result.out, "open TCP port 5000"));
    CHECK(contains(result.out, "install-service --user"));
}

TEST_CASE("deploy says nothing of that when systemd runs it before each start of the service") {
    Installation here;
    here.environment["MANAGE"] = MANAGE_BINARY;
    const auto deploy = [&](const std::string& script) {
        return run({.arguments = {"/bin/sh", "-c", script}, .environment = here.environment, .folder = here.path()});
    };
    const Finished of_unit = deploy("SYSTEMD_EXEC_PID=$$ exec $MANAGE deploy --config standalone");
    CHECK(of_unit.exit_code == 0);
    CHECK(of_unit.out.starts_with("Deploying the config standalone\n"));
    CHECK_FALSE(contains(of_unit.out, "What next"));
    const Finished of_script = deploy("SYSTEMD_EXEC_PID=$$ $MANAGE deploy --config standalone; exit $?");  // that the unit runs
    CHECK(contains(of_script.out, "What next"));
}

TEST_CASE("deploy works without a secret key, but says that runserver will not") {
    Installation here;
    here.environment.erase("SECRET_KEY");
    const Finished result = here.manage({"deploy", "--config", "standalone"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out,
                   "runserver would refuse: config standalone: SECRET_KEY is not set; make a key with `manage secret-key`"));
}

TEST_CASE("deploy without a password for the administrator says how to add one and goes on") {
    Installation here;
    CHECK(contains(
        here.manage({"deploy"}).out,
        "administrator: APP_ADMIN is not set; add one with `manage user add EMAIL --username NAME --role Administrator`"));
    here.environment["APP_ADMIN"] = "ann@example.com";
    const Finished result = here.manage({"deploy"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "add one with `manage user add ann@example.com --username NAME --role Administrator`"));
}

TEST_CASE("deploy makes an existing account an administrator and leaves its password alone") {
    Installation here;
    here.manage({"deploy"});
    here.manage({"user", "add", "ann@example.com", "--username", "ann", "--password-stdin"}, "first password");
    const auto hash = [&] {
        const auto database = app::db::open({.url = "sqlite:///" + (here.path() / "blog.sqlite").string()});
        return database->read([](app::db::Connection& connection) {
            return connection.find("SELECT password_hash FROM users",
                                   [](const app::db::Row& row) { return std::string(row.text(0)); });
        });
    };
    const auto before = hash();
    here.environment["APP_ADMIN"] = "ANN@example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "another password";
    CHECK(contains(here.manage({"deploy"}).out, "administrator: ann@example.com is one now"));
    CHECK(hash() == before);
}

TEST_CASE("deploy finds the administrator a free username") {
    Installation here;
    here.manage({"deploy"});
    here.manage({"user", "add", "ann@one.example", "--username", "Ann", "--password-stdin"}, "first password");
    here.environment["APP_ADMIN"] = "ann@two.example";
    here.environment["APP_ADMIN_PASSWORD"] = "another password";
    CHECK(contains(here.manage({"deploy"}).out, "added ann2 <ann@two.example>"));
    here.environment["APP_ADMIN"] = "007@two.example";
    CHECK(contains(here.manage({"deploy"}).out, "added admin <007@two.example>"));
}

TEST_CASE("Twenty deploys at the same time all succeed, and one of them applies each migration and adds the administrator") {
    Installation here;
    here.environment["APP_ADMIN"] = "ann@example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "correct horse";
    std::vector<std::unique_ptr<Process>> deploys;
    for (int i = 0; i < 20; ++i) deploys.push_back(std::make_unique<Process>(here.start({"deploy"})));
    int applied = 0, added = 0;
    for (const auto& deploy : deploys) {
        const Finished result = deploy->wait();
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        applied += count_lines(result.out, "applied migration 1 ");
        added += count_lines(result.out, "administrator: added ann ");
    }
    CHECK(applied == 1);
    CHECK(added == 1);
}

TEST_CASE("--plan shows what deploy would do and changes nothing") {
    Installation here;
    here.environment["APP_ADMIN"] = "ann@example.com";
    const Finished before = here.manage({"deploy", "--plan"});
    CHECK(before.exit_code == 0);
    CHECK(
        contains(before.out, "\n  database: make " + (std::filesystem::canonical(here.path()) / "blog.sqlite").string() + "\n"));
    CHECK(contains(before.out, "\n  schema: apply migration 1 (initial), "));
    CHECK(contains(before.out, "\n  administrator: ann@example.com is made one, if it is none\n"));
    CHECK_FALSE(std::filesystem::exists(here.path() / "blog.sqlite"));
    here.manage({"deploy"});
    const Finished after = here.manage({"deploy", "--plan"});
    CHECK(contains(after.out, "\n  database: is there, "));
    CHECK(contains(after.out, "\n  schema: nothing to do\n"));
}

TEST_CASE("--sql prints a script that makes the schema by itself") {
    const Installation here;
    const Finished script = here.manage({"deploy", "--sql"});
    CHECK(script.exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(here.path() / "blog.sqlite"));
    run_script(here.path() / "blog.sqlite", script.out);
    const Finished deploy = here.manage({"deploy"});
    CHECK(contains(deploy.out, "schema: nothing to do"));
    CHECK(contains(deploy.out, "roles: 3 written"));
    CHECK(here.manage({"deploy", "--sql"}).out.starts_with("-- The schema is up to date: nothing to do.\n"));
}

TEST_CASE("--wait takes seconds") {
    const Installation here;
    const Finished result = here.manage({"deploy", "--wait", "soon"});
    CHECK(result.exit_code == 2);
    CHECK(result.err == "manage: deploy: --wait is a number of seconds from 0 to 86400, not soon\n");
    CHECK(here.manage({"deploy", "--wait", "5"}).exit_code == 0);
}

TEST_CASE("A mysql:// URL is refused in one line, without its password") {
    Installation here;
    here.environment["DATABASE_URL"] = "mysql://blog:geheim@db.example/blog";
    const Finished result = here.manage({"deploy"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_line(result.err));
    CHECK(contains(result.err, "MySQL"));
    CHECK_FALSE(contains(result.err + result.out, "geheim"));
}

TEST_CASE("A file that is no database is refused in one line that names it") {
    const Installation here;
    write_text(here.path() / "blog.sqlite", std::string(5000, 'x'));
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"deploy"}, {"user", "list"}}) {
        const Finished result = here.manage(command);
        CHECK(result.exit_code == 1);
        CHECK_MESSAGE(is_one_line(result.err), result.err);
        CHECK(contains(result.err, "blog.sqlite is no SQLite database: name another file in DATABASE_URL"));
    }
}

TEST_CASE("A folder that may not be written to is refused in one line that names the file") {
    Installation here;
    here.give_to_nobody();
    std::filesystem::permissions(here.path(), std::filesystem::perms{0555});
    Start start = here.start({"deploy"});
    start.as_nobody = true;
    const Finished result = run(start);
    std::filesystem::permissions(here.path(), std::filesystem::perms{0755});
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(contains(result.err, "blog.sqlite cannot be made: the folder "));
    CHECK(contains(result.err, " is read-only for this account"));
}

TEST_CASE("A database file that may not be read is refused in one line that names it") {
    Installation here;
    here.manage({"deploy"});
    std::filesystem::permissions(here.path() / "blog.sqlite", std::filesystem::perms{0});
    here.give_to_nobody();
    Start start = here.start({"user", "list"});
    start.as_nobody = true;
    const Finished result = run(start);
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(contains(result.err, "blog.sqlite may not be read by this account"));
}
