// `manage deploy` on a real MariaDB: a fresh server becomes a ready one, or the one line says what to type.
// labels: mariadb
#include <doctest/doctest.h>
#include <pwd.h>

#include "app/db/database.hpp"
#include "tests/integration/manage.hpp"
#include "tests/support/mariadb.hpp"

namespace {

using namespace tests;

Mariadb& server() {
    static Mariadb server;
    return server;
}

// `manage` on that server, by an account's name and password: "blog:geheim@".
class OnMariadb : public Installation {
   public:
    explicit OnMariadb(const std::string& account, const std::string& database) {
        environment["DATABASE_URL"] = "mysql://" + account + "127.0.0.1:" + std::to_string(server().port()) + "/" + database;
        environment["APP_CONFIG"] = "production";
    }
};

// The account, with every right on the database `of` and no other.
void add_account(const std::string& name, const std::string& of) {
    server().run({"CREATE USER " + name + "@'%' IDENTIFIED BY 'geheim'", "GRANT ALL ON " + of + ".* TO " + name + "@'%'"});
}

// What the server says to a query with one text.
std::string ask(const std::string& database, const std::string& sql) {
    const auto opened = app::db::open({.url = server().url(database)});
    return opened->read([&](app::db::Connection& connection) {
        return connection.find(sql, [](const app::db::Row& row) { return std::string(row.text(0)); }).value_or("");
    });
}

// The one line, without a secret in it.
void check_refusal(const Finished& result, const std::string& expected) {
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, expected), result.err);
    CHECK_FALSE(contains(result.out + result.err, "geheim"));
}

int count_of(const std::string& text, std::string_view part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE(
    "deploy makes the database that an account may make, its schema, roles and administrator; again, it finds nothing to do") {
    add_account("fresh", "fresh");
    OnMariadb here("fresh:geheim@", "fresh");
    here.environment["APP_ADMIN"] = "ann@example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "correct horse";
    CHECK(contains(here.manage({"deploy", "--plan"}).out, "database: make 127.0.0.1:"));
    const Finished first = here.manage({"deploy"});
    CHECK_MESSAGE(first.exit_code == 0, first.err);
    CHECK(contains(first.out, "schema: applied migration 1 (initial)"));
    CHECK(contains(first.out, "roles: 3 written"));
    CHECK(contains(first.out, "administrator: added ann <ann@example.com>"));
    CHECK_FALSE(contains(first.out, "warn"));
    CHECK_FALSE(contains(first.out + first.err, "geheim"));
    CHECK(ask("fresh", "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = 'fresh'") ==
          "utf8mb4_bin");

    const Finished second = here.manage({"deploy"});
    CHECK(second.exit_code == 0);
    for (const char* step : {"schema", "roles", "self-follows", "kept counts", "administrator"}) {
        CHECK_MESSAGE(contains(second.out, std::string(step) + ": nothing to do"), step);
    }
    CHECK(contains(here.manage({"deploy", "--plan"}).out, "database: is there, 127.0.0.1:"));
}

TEST_CASE("--sql prints a script that makes database and schema by itself") {
    add_account("script", "script");
    const OnMariadb here("script:geheim@", "script");
    const Finished script = here.manage({"deploy", "--sql"});
    CHECK(script.out.starts_with("CREATE DATABASE `script` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\nUSE `script`;\n"));
    Finished client = run({.arguments = {"/usr/bin/mariadb", "--no-defaults", "--user=script", "--host=127.0.0.1",
                                         "--port=" + std::to_string(server().port())},
                           .environment = {{"MYSQL_PWD", "geheim"}},
                           .input = script.out});
    CHECK_MESSAGE(client.exit_code == 0, client.err);
    CHECK(contains(here.manage({"deploy"}).out, "schema: nothing to do"));
}

TEST_CASE("A wrong password is told, and what to type") {
    add_account("careful", "careful");
    check_refusal(
        OnMariadb("careful:gehein@", "careful").manage({"deploy"}),
        "refused careful: wrong password, or no such account. Mend DATABASE_URL, or on the server, as its administrator, type:");
}

TEST_CASE("An account that is bound to the Unix socket is told to be so, and which account to make") {
    server().run({"CREATE USER socketed@'%' IDENTIFIED VIA unix_socket"});
    check_refusal(OnMariadb("socketed@", "blog").manage({"deploy"}),
                  "lets socketed in through its Unix socket only. On the server, type: sudo mariadb -e");
}

TEST_CASE("By the Unix socket an account needs no password, and no warning") {
    const std::string name = getpwuid(geteuid())->pw_name;
    server().run({"CREATE OR REPLACE USER '" + name + "'@'localhost' IDENTIFIED VIA unix_socket",
                  "GRANT ALL ON *.* TO '" + name + "'@'localhost'"});
    Installation here;
    here.environment["DATABASE_URL"] = "mysql://" + name + "@localhost/socketed?socket=" + server().socket();
    const Finished result = here.manage({"deploy"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK_FALSE(contains(result.out, "warn"));
}

TEST_CASE("An empty password is warned of, with what to type") {
    server().run({"CREATE USER open@'%'", "GRANT ALL ON openly.* TO open@'%'"});
    const Finished result = OnMariadb("open@", "openly").manage({"deploy"});
    CHECK(result.exit_code == 0);
    CHECK(
        contains(result.out,
                 "the account 'open'@'%' has no password: whoever reaches the server may do what it may. Type there: ALTER USER "
                 "'open'@'%' IDENTIFIED BY 'PASSWORD'"));
}

TEST_CASE("A database that is missing and may not be made, and a right that is missing, are told with the SQL that mends it") {
    server().run({"CREATE USER weak@'%' IDENTIFIED BY 'geheim'"});
    const OnMariadb here("weak:geheim@", "weakly");
    check_refusal(
        here.manage({"deploy"}),
        "type: CREATE DATABASE `weakly` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; GRANT ALL ON `weakly`.* TO 'weak'@'%'");
    server().run(
        {"CREATE DATABASE weakly CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "GRANT SELECT, INSERT ON weakly.* TO weak@'%'"});
    check_refusal(here.manage({"deploy"}), "On the server, as its administrator, type: GRANT ALL ON `weakly`.* TO 'weak'@'%'\n");
    server().run({"GRANT ALL ON weakly.* TO weak@'%'"});
    CHECK(here.manage({"deploy"}).exit_code == 0);
}

TEST_CASE("A database of another collation is warned of, and its tables are exact all the same") {
    server().run({"CREATE DATABASE loose CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"});
    const Finished result = OnMariadb("root@", "loose").manage({"deploy"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "the database's default collation is utf8mb4_general_ci, "));
    CHECK(contains(result.out, "Type: ALTER DATABASE `loose` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin\n"));
    CHECK(
        ask("loose",
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'loose' AND table_collation <> 'utf8mb4_bin'") ==
        "0");
}

TEST_CASE("A server that is down is told; with --wait it is waited for") {
    Mariadb own;
    Installation here;
    here.environment["DATABASE_URL"] = own.url("blog");
    own.stop();
    check_refusal(here.manage({"deploy"}), "does not answer: see that it runs and that DATABASE_URL names its port");
    check_refusal(here.manage({"deploy", "--wait", "1"}), "does not answer");
    Process waiting(here.start({"deploy", "--wait", "60"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // it finds nobody for a while
    own.start();
    const Finished result = waiting.wait();
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(result.out, "schema: applied migration 1 (initial)"));
}

TEST_CASE("A wrong password is not waited for") {
    const OnMariadb here("nobody:geheim@", "blog");
    check_refusal(here.manage({"deploy", "--wait", "3600"}), "refused nobody");
}

TEST_CASE("Twenty deploys at the same time all succeed, and one of them applies each migration and adds the administrator") {
    OnMariadb here("root@", "twenty");
    here.environment["APP_ADMIN"] = "ann@example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "correct horse";
    std::vector<std::unique_ptr<Process>> deploys;
    for (int i = 0; i < 20; ++i) deploys.push_back(std::make_unique<Process>(here.start({"deploy"})));
    std::string told;
    for (const auto& deploy : deploys) {
        const Finished result = deploy->wait();
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        told += result.out;
    }
    CHECK(count_of(told, "applied migration 1 ") == 1);
    CHECK(count_of(told, "administrator: added ann ") == 1);
    CHECK(contains(told, "schema: another deploy, process "));
}

TEST_CASE("A deploy that is killed again and again, at any time, comes to the same in the end") {
    OnMariadb here("root@", "killed");
    here.environment["APP_ADMIN"] = "ann@example.com";
    here.environment["APP_ADMIN_PASSWORD"] = "correct horse";
    bool done = false;
    int kills = 0;
    for (int pause_ms = 20; !done; pause_ms += 10) {
        Process deploy(here.start({"deploy"}));
        std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
        deploy.send(SIGKILL);
        const Finished result = deploy.wait();
        done = result.exit_code == 0;
        CHECK_MESSAGE((done || result.exit_code == 128 + SIGKILL), result.err);
        kills += !done;
        if (ask("mysql", "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'killed' AND table_name = "
                         "'schema_lease'") == "1") {
            server().run({"UPDATE killed.schema_lease SET expires_at = UTC_TIMESTAMP(6)"});  // as 15 s do
        }
    }
    CHECK(kills > 0);
    MESSAGE("killed ", kills, " times");
    OnMariadb reference("root@", "reference");
    reference.environment = here.environment;
    reference.environment["DATABASE_URL"] = server().url("reference");
    CHECK(reference.manage({"deploy"}).exit_code == 0);
    for (const char* table : {"columns", "statistics"}) {
        const std::string names =
            std::string(table) == "columns" ? "table_name, column_name, column_type" : "table_name, index_name, column_name";
        const auto all = [&](const std::string& database) {
            return ask(database, "SELECT group_concat(" + names + " ORDER BY table_name, column_name, " +
                                     (std::string(table) == "columns" ? "column_type" : "index_name") +
                                     ") FROM information_schema." + table + " WHERE table_schema = '" + database + "'");
        };
        CHECK(all("killed") == all("reference"));
    }
    CHECK(ask("killed", "SELECT count(*) FROM users") == "1");
    CHECK(ask("killed", "SELECT count(*) FROM roles") == "3");
    CHECK(contains(here.manage({"migrate", "status"}).out, "1        initial  applied"));
}
