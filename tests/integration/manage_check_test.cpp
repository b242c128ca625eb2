// `manage check`: each thing that it looks for, provoked.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/db/database.hpp"
#include "app/models/outbox.hpp"
#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/tls_client.hpp"

namespace {

using namespace tests;

struct Found {
    std::string level, subject, reason, remedy;
};

// A deployed blog, with limits that any machine can grant.
class Checked : public Installation {
   public:
    Checked() {
        environment["APP_SERVER__CONNECTIONS_MAX"] = "10";
        REQUIRE(manage({"deploy"}).exit_code == 0);
    }

    // For a server that strangers reach: nothing is wrong with it.
    void prepare_for_strangers() {
        environment["APP_CONFIG"] = "standalone";
        environment["PUBLIC_URL"] = "https://dewar.example";
        environment["APP_SERVER__TRUSTED_PROXIES"] = "127.0.0.1";
        environment["APP_ACCOUNTS__REGISTRATION"] = "false";
    }

    std::vector<Found> check(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"check", "--json"});
        const Finished result = manage(arguments);
        REQUIRE_MESSAGE(!result.out.empty(), result.err);
        const app::web::Value document = app::web::parse_json(result.out);
        std::vector<Found> found;
        const auto text = [](const app::web::Value& finding, const char* name) { return *finding.find(name)->string(); };
        for (const app::web::Value& finding : *document.find("findings")->list()) {
            found.push_back({text(finding, "level"), text(finding, "subject"), text(finding, "reason"), text(finding, "remedy")});
        }
        CHECK(*document.find("failed")->boolean() == (result.exit_code == 1));
        return found;
    }

    // "level: reason" of what was found about the subject, or "".
    std::string about(const std::string& subject, const std::vector<std::string>& arguments = {}) const {
        for (const Found& one : check(arguments)) {
            if (one.subject == subject) return one.level + ": " + one.reason;
        }
        return {};
    }

    std::string file(const std::string& name) const { return (path() / name).string(); }
};

// Of what depends on the machine under the tests.
bool depends_on_machine(const Found& found) { return found.subject == "clock" || contains(found.reason, "nearly full"); }

std::vector<std::string> subjects(const std::vector<Found>& all) {
    std::vector<std::string> texts;
    for (const Found& one : all) {
        if (!depends_on_machine(one)) texts.push_back(one.level + " " + one.subject);
    }
    return texts;
}

}  // namespace

TEST_CASE("a deployed blog for developing has nothing to mend, and one for strangers neither") {
    Checked here;
    CHECK(subjects(here.check()).empty());
    here.prepare_for_strangers();
    CHECK(subjects(here.check()).empty());
    CHECK(subjects(here.check({"--deploy"})).empty());
}

TEST_CASE("where strangers come, registration without mail or PUBLIC_URL is told, and what to set") {
    Checked here;
    CHECK(here.about("accounts.registration").empty());
    here.prepare_for_strangers();
    here.environment.erase("APP_ACCOUNTS__REGISTRATION");
    const std::string lead = "info: is on, but nobody can register or get a forgotten password back: ";
    CHECK(here.about("accounts.registration") == lead + "no mail server is set: set MAIL_SERVER, or MAIL_PROVIDER");
    here.environment["MAIL_SUPPRESS_SEND"] = "true";
    CHECK(here.about("accounts.registration").empty());
    here.environment.erase("PUBLIC_URL");
    CHECK(here.about("accounts.registration") == lead + "links in mails cannot be built: set PUBLIC_URL");
}

TEST_CASE("where mail is sent, errors that are mailed to nobody are told") {
    Checked here;
    here.prepare_for_strangers();
    CHECK(here.about("mail.errors").empty());
    here.environment["MAIL_SERVER"] = "mail.example";
    here.environment["MAIL_DEFAULT_SENDER"] = "blog@example.com";
    CHECK(here.about("mail.errors") == "info: is on, but there is nobody to mail errors to");
    here.environment["APP_ADMIN"] = "ann@example.com";
    CHECK(here.about("mail.errors").empty());
}

TEST_CASE("mails that could not be delivered are told, and how to see them") {
    Checked here;
    const auto database = app::db::open({.url = "sqlite:///" + (here.path() / "blog.sqlite").string()});
    database->write([](app::db::Connection& c) {
        const auto now = app::base::now();
        app::mail::Message message;
        message.from.email = "blog@example.com";
        message.to.push_back({.name = {}, .email = "ann@example.com"});
        message.message_id = "1@example.com";
        const auto id = app::models::add_mail(c, message, now);
        app::models::claim_mail(c, "lease", now, now + std::chrono::hours{1});
        app::models::mark_mail_failed(c, id, "lease", {"recipient", "refused", "550 no"}, now);
    });
    CHECK(here.about("outbox") == "warning: mails that could not be delivered: 1");
}

TEST_CASE("an error fails; a warning fails with --deploy or when it is said so") {
    Checked here;
    here.prepare_for_strangers();
    here.environment.erase("PUBLIC_URL");
    CHECK(here.manage({"check"}).exit_code == 0);
    CHECK(here.manage({"check", "--fail-level", "warning"}).exit_code == 1);
    CHECK(here.manage({"check", "--deploy"}).exit_code == 1);
    CHECK(here.manage({"check", "--deploy", "--fail-level", "error"}).exit_code == 0);
    here.environment["SECRET_KEY"] = "short";
    CHECK(here.manage({"check"}).exit_code == 1);
    CHECK(here.manage({"check", "--fail-level", "all"}).exit_code == 2);
}

TEST_CASE("the table has a line for each finding, the worst first, and no secret") {
    Checked here;
    here.prepare_for_strangers();
    here.environment.erase("PUBLIC_URL");
    here.environment["SECRET_KEY"] = "geheim";
    const Finished result = here.manage({"check"});
    CHECK(result.exit_code == 1);
    CHECK(result.out.starts_with("LEVEL "));
    const auto key = result.out.find("\nerror "), url = result.out.find("\nwarning ");
    REQUIRE(url != std::string::npos);
    CHECK(key < url);
    CHECK(contains(result.out, "is weak: it is shorter than 32 bytes"));
    CHECK(contains(result.out, "echo \"SECRET_KEY=$(manage secret-key)\" >> .env"));
    CHECK_FALSE(contains(result.out + result.err, "geheim"));
}

TEST_CASE("debugging, testing and the key that everybody knows are errors where strangers come") {
    Checked here;
    here.environment.erase("SECRET_KEY");
    CHECK(subjects(here.check()).empty());
    const auto wrong = subjects(here.check({"--deploy"}));
    CHECK(std::ranges::count(wrong, "error debug") == 1);
    CHECK(std::ranges::count(wrong, "error SECRET_KEY") == 1);
    here.environment["APP_SERVER__HOST"] = "0.0.0.0";
    CHECK(here.about("debug") == "error: is on: errors and diagnostics are shown to everybody");
    here.environment["APP_TESTING"] = "true";
    CHECK(here.about("testing").starts_with("error: "));
    here.environment["SECRET_KEY_OLD"] = "vWq0Yz7Jx2Kc8Rt5Nb1Mh6Lp3Sd9FgA4,old";
    CHECK(here.about("SECRET_KEY_OLD") == "error: is weak: key 2 of it is shorter than 32 bytes");
}

TEST_CASE("a missing key is an error in production") {
    Checked here;
    here.prepare_for_strangers();
    here.environment.erase("SECRET_KEY");
    CHECK(here.about("SECRET_KEY") == "error: is not set: nothing can be signed");
}

TEST_CASE("a host that others reach wants PUBLIC_URL, and TLS or a proxy by name") {
    Checked here;
    here.prepare_for_strangers();
    here.environment.erase("APP_SERVER__TRUSTED_PROXIES");
    CHECK(here.about("server.trusted_proxies").starts_with("info: is empty"));
    for (const char* host : {"0.0.0.0", "::", "dewar.example"}) {
        CAPTURE(host);
        here.environment["APP_SERVER__HOST"] = host;
        CHECK(here.about("server.host").starts_with("warning: " + std::string(host) + " is reached by others, without TLS"));
    }
    here.environment["APP_SERVER__TRUSTED_PROXIES"] = "10.0.0.0/8,fc00::/7";
    CHECK(here.about("server.host").empty());
    CHECK(here.about("server.trusted_proxies").empty());
    here.environment["APP_SERVER__TRUSTED_PROXIES"] = "0.0.0.0/0";
    CHECK(here.about("server.trusted_proxies").starts_with("warning: 0.0.0.0/0 holds addresses of strangers"));
    here.environment["PUBLIC_URL"] = "http://dewar.example";
    CHECK(here.about("PUBLIC_URL").starts_with("warning: begins with http://"));
    here.environment.erase("PUBLIC_URL");
    CHECK(here.about("PUBLIC_URL").starts_with("warning: is not set"));
}

TEST_CASE("limits that are off are told where strangers come, and so is an API that any site's pages may call") {
    Checked here;
    here.prepare_for_strangers();
    here.environment["APP_LIMITS__ENABLED"] = "false";
    CHECK(here.about("limits.enabled").starts_with("warning: is off: "));
    here.environment["APP_CORS__ORIGINS"] = "https://app.example";
    CHECK(here.about("cors.origins").empty());
    here.environment["APP_CORS__ORIGINS"] = "https://app.example,*";
    CHECK(here.about("cors.origins").starts_with("warning: is *: "));
    CHECK(here.manage({"check", "--deploy"}).exit_code == 1);
}

TEST_CASE("a certificate is looked at as runserver would, and for how long it is good") {
    Checked here;
    make_certificate(here.path(), "good", {.days = 40});
    make_certificate(here.path(), "short", {.days = 10});
    make_certificate(here.path(), "old", {.days = -2});
    const auto use = [&](const std::string& certificate, const std::string& key) {
        here.environment["APP_SERVER__TLS_CERT"] = certificate + ".pem";
        here.environment["APP_SERVER__TLS_KEY"] = key + ".key.pem";
        chmod(here.file(key + ".key.pem").c_str(), 0600);
    };
    use("good", "good");
    CHECK(subjects(here.check()).empty());
    use("short", "short");
    CHECK(here.about("short.pem").starts_with("warning: expires in "));
    use("old", "old");
    CHECK(here.about("old.pem") == "error: has expired: clients refuse it");
    use("good", "old");
    CHECK(here.about("server.tls_cert") == "error: the TLS key old.key.pem does not belong to the certificate good.pem");
    use("none", "good");
    CHECK(here.about("server.tls_cert") == "error: the TLS certificate none.pem cannot be read: No such file or directory");
}

TEST_CASE("a database that is not there, or whose schema is not this binary's, is an error with its command") {
    Checked here;
    const auto change = [&](const char* sql) {
        app::db::open({.url = "sqlite:///" + here.file("blog.sqlite")})->write([&](app::db::Connection& c) { c.execute(sql); });
    };
    change("UPDATE schema_migrations SET checksum = 'x' WHERE version = 1");
    CHECK(here.about("database").starts_with("error: "));
    change("DELETE FROM schema_migrations");
    const auto outdated = here.check();
    REQUIRE(outdated.size() > 0);
    CHECK(outdated.front().subject == "database");
    CHECK(outdated.front().remedy == "manage deploy --config development");
    here.environment["DATABASE_URL"] = "sqlite:///other.sqlite";
    CHECK(here.about("database") == "error: there is none at " + here.file("other.sqlite"));
    CHECK_FALSE(std::filesystem::exists(here.path() / "other.sqlite"));
    here.environment["DATABASE_URL"] = "mysql://dewar:geheim@127.0.0.1:1/dewar";
    CHECK(here.about("database").starts_with("error: "));
    CHECK_FALSE(contains(here.manage({"check"}).out, "geheim"));
}

TEST_CASE("private files that others may read are found, with the chmod that closes them") {
    Checked here;
    write_text(here.path() / ".env", "APP_LOG__LEVEL=info\n");
    write_text(here.path() / "dewar.log", "");
    here.environment["APP_LOG__FILE"] = "dewar.log";
    for (const char* name : {"blog.sqlite", ".env", "dewar.log"}) chmod(here.file(name).c_str(), 0600);
    CHECK(subjects(here.check()).empty());
    for (const char* name : {"blog.sqlite", "dewar.log"}) {
        chmod(here.file(name).c_str(), 0644);
        CHECK(here.about(here.file(name)) == "warning: has mode 644: other accounts of this machine may use it");
    }
    chmod(here.file(".env").c_str(), 0644);
    for (const Found& one : here.check()) {
        if (one.subject == ".env") CHECK(one.remedy == "chmod 600 .env");
    }
    CHECK(here.about(".env").starts_with("warning: "));
}

TEST_CASE("a log file that cannot be made is an error") {
    Checked here;
    here.environment["APP_LOG__FILE"] = "logs/dewar.log";
    CHECK(here.about(here.file("logs/dewar.log")) == "error: the log file cannot be made: No such file or directory");
    std::filesystem::create_directory(here.path() / "logs");
    CHECK(here.about(here.file("logs/dewar.log")).empty());
    CHECK(std::filesystem::is_empty(here.path() / "logs"));
}

TEST_CASE("a disk with little room is told, and one with enough is not") {
    const Checked here;
    struct statvfs disk{};
    REQUIRE(statvfs(here.path().c_str(), &disk) == 0);
    const auto mebibytes = disk.f_bavail * disk.f_frsize / (1024 * 1024);
    const bool low = mebibytes < 1024 || disk.f_bavail * 20 < disk.f_blocks;
    CHECK(contains(here.about(here.path().string()), "nearly full") == low);
}

TEST_CASE("more connections than the system has open files for are told with both numbers") {
    Checked here;
    here.environment["APP_SERVER__CONNECTIONS_MAX"] = "1000";
    here.environment["APP_SERVER__WORKERS"] = "8";
    Start start = here.start({});
    start.arguments = {"/bin/sh", "-c", "ulimit -n 500; exec \"$0\" check --json", start.arguments.front()};
    CHECK(contains(run(start).out, "1000 connections need 1108 open files, and the system allows 500"));
    start.arguments[2] = "ulimit -n 1108; exec \"$0\" check --json";
    CHECK_FALSE(contains(run(start).out, "server.connections_max"));
}

TEST_CASE("a clock that is behind the program is told") {
    const Checked here;
    const auto program = here.path() / "manage";
    std::filesystem::copy_file(MANAGE_BINARY, program);
    std::filesystem::last_write_time(program, std::filesystem::file_time_type::clock::now() + std::chrono::hours(24));
    Start start = here.start({"check"});
    start.arguments.front() = program.string();
    CHECK(contains(run(start).out, "the system's clock is behind the time at which this program was made"));
}
