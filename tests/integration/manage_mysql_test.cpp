// `manage dbshell` and `manage check` on a MariaDB server: TLS, passwords that need care, and what is looked at in a database.
// labels: mariadb
#include <doctest/doctest.h>

#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/tls_client.hpp"
#include "tests/support/mariadb.hpp"

namespace {

using namespace tests;

Mariadb& server() {
    static Mariadb one;
    return one;
}

// With a deployed database of its own on that server, reached as root.
class Deployed : public Installation {
   public:
    Deployed() {
        environment["DATABASE_URL"] = server().new_database();
        environment["APP_SERVER__CONNECTIONS_MAX"] = "10";
        const Finished deploy = manage({"deploy"});
        REQUIRE_MESSAGE(deploy.exit_code == 0, deploy.err);
    }
    std::string name() const {
        const std::string& url = environment.at("DATABASE_URL");
        return url.substr(url.rfind('/') + 1);
    }
    // "level: subject: reason -> remedy" of each finding about the database.
    std::string findings() const {
        std::string text;
        const app::web::Value document = app::web::parse_json(manage({"check", "--json"}).out);
        for (const app::web::Value& one : *document.find("findings")->list()) {
            const auto field = [&](const char* of) { return *one.find(of)->string(); };
            if (!field("subject").starts_with("database") && !field("subject").starts_with("table ")) continue;
            if (contains(field("reason"), "'root'@'127.0.0.1' has no password")) continue;  // true of every server of these tests
            text += field("level") + ": " + field("subject") + ": " + field("reason") + " -> " + field("remedy") + "\n";
        }
        return text;
    }
};

}  // namespace

TEST_CASE("dbshell is in the config's database, in UTC and in UTF-8") {
    const Deployed here;
    const Finished result = here.manage({"dbshell"}, "SELECT DATABASE(), @@session.time_zone, HEX('ü'), count(*) FROM roles;\n");
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, here.name() + "\t+00:00\tC3BC\t3\n"));
    CHECK(here.manage({"dbshell", "--", "--skip-column-names", "-e", "SELECT 1"}).out == "1\n");
    CHECK(here.manage({"dbshell", "--", "-e", "SELECT no"}).exit_code != 0);
}

TEST_CASE("dbshell signs in with any password, which is in no argument") {
    Deployed here;
    for (const std::string password : {"plain", "a b#c;d", "qu\"ote'\\n\\", "#", "ü [client]\n=x"}) {
        CAPTURE(password);
        std::string literal;
        for (const char c : password) literal += c == '\'' ? "''" : std::string(1, c);  // the server reads no backslashes here
        server().run({"CREATE OR REPLACE USER shell@'127.0.0.1' IDENTIFIED BY '" + literal + "'",
                      "GRANT ALL ON " + here.name() + ".* TO shell@'127.0.0.1'"});
        here.environment["DATABASE_URL"] = "mysql://shell:" + app::base::percent_encode(password) +
                                           "@127.0.0.1:" + std::to_string(server().port()) + "/" + here.name();
        const Finished result = here.manage({"dbshell"}, "SELECT USER();\n\\! tr '\\0' ' ' </proc/$PPID/cmdline\n");
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        CHECK(contains(result.out, "shell@"));
        CHECK(contains(result.out, "--defaults-extra-file=/dev/fd/"));
        CHECK_FALSE(contains(result.out, password + " "));
    }
}

TEST_CASE("dbshell goes through the socket, and through TLS, as the URL says") {
    Deployed here;
    const std::string socket = app::base::percent_encode(server().socket());
    here.environment["DATABASE_URL"] = "mysql://root@/" + here.name() + "?socket=" + socket;
    CHECK(here.manage({"dbshell"}, "SELECT SUBSTRING_INDEX(USER(), '@', -1);\n").out ==
          "SUBSTRING_INDEX(USER(), '@', -1)\nlocalhost\n");

    const TemporaryFolder folder;
    make_certificate(folder.path(), "server");
    make_certificate(folder.path(), "other");
    for (const char* file : {"server.pem", "server.key.pem"}) {
        std::filesystem::permissions(folder.path() / file, std::filesystem::perms{0644});
    }
    const Mariadb encrypted({"--ssl", "--ssl-cert=" + (folder.path() / "server.pem").string(),
                             "--ssl-key=" + (folder.path() / "server.key.pem").string()});
    const auto cipher = [&](const std::string& tls) {
        here.environment["DATABASE_URL"] = encrypted.url("information_schema") + "?tls=" + tls;
        return here.manage({"dbshell", "--", "-N", "-e", "SHOW STATUS LIKE 'Ssl_cipher'"});
    };
    CHECK(cipher("off").out == "Ssl_cipher\t\n");
    CHECK(contains(cipher("on").out, "TLS_"));
    const Finished refused = cipher("verify&tls_ca=" + folder / "other.pem");
    CHECK(refused.exit_code != 0);
    CHECK(contains(refused.err, "certificate"));
}

TEST_CASE("check has nothing to say of a database that deploy made, but of a root without a password") {
    const Deployed here;
    CHECK(here.findings() == "");
    CHECK(contains(here.manage({"check"}).out, "the account 'root'@'127.0.0.1' has no password"));
}

TEST_CASE("check tells of tables and a database that do not compare by bytes, with the statement that mends them") {
    const Deployed here;
    server().run({"ALTER TABLE " + here.name() + ".roles CONVERT TO CHARACTER SET latin1"});
    CHECK(here.findings() == "warning: table roles: its column name is latin1_swedish_ci, not utf8mb4_bin -> ALTER TABLE `roles` "
                             "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin\n");
    server().run({"ALTER TABLE " + here.name() + ".roles CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                  "ALTER DATABASE " + here.name() + " CHARACTER SET latin1 COLLATE latin1_swedish_ci"});
    CHECK(here.findings().starts_with("warning: database: the database's default collation is latin1_swedish_ci"));
    server().run({"ALTER DATABASE " + here.name() + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"});
    CHECK(here.findings() == "");
}

TEST_CASE("check tells of a server that cannot be reached, without the password") {
    Deployed here;
    here.environment["DATABASE_URL"] = "mysql://root:geheim@127.0.0.1:1/dewar";
    const std::string findings = here.findings();
    CHECK(findings.starts_with("error: database: "));
    CHECK_FALSE(contains(findings, "geheim"));
}
