// `manage dbshell`: the database's own client, with the config's credentials.
#include <doctest/doctest.h>

#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() { REQUIRE(manage({"deploy"}).exit_code == 0); }
};

}  // namespace

TEST_CASE("dbshell runs what stands on its standard input") {
    const Deployed here;
    const Finished result = here.manage({"dbshell"}, "SELECT name FROM roles ORDER BY id;\n");
    CHECK(result.exit_code == 0);
    CHECK(result.out == "User\nModerator\nAdministrator\n");
    CHECK(result.err.empty());
}

TEST_CASE("dbshell passes on what follows --, and the client's exit code back") {
    const Deployed here;
    CHECK(here.manage({"dbshell", "--", "-header", "SELECT count(*) AS n FROM roles"}).out == "n\n3\n");
    CHECK(here.manage({"dbshell", "--", "SELECT no"}).exit_code != 0);
    CHECK(here.manage({"dbshell", "--config", "development", "--", "--version"}).exit_code == 0);
}

TEST_CASE("dbshell keeps foreign keys checked and waits for locks, as the server does") {
    Deployed here;
    here.environment["APP_DATABASE__BUSY_TIMEOUT_MS"] = "1234";
    CHECK(here.manage({"dbshell"}, "PRAGMA foreign_keys;\nPRAGMA busy_timeout;\n").out == "1\n1234\n");
}

TEST_CASE("dbshell makes no database, and looks into no temporary one") {
    Installation here;
    const Finished none = here.manage({"dbshell"}, ".tables\n");
    CHECK(none.exit_code == 1);
    CHECK(none.err ==
          "manage: there is no database at " + (here.path() / "blog.sqlite").string() + "; make it with `manage deploy`\n");
    CHECK(std::filesystem::is_empty(here.path()));
    here.environment["DATABASE_URL"] = "sqlite:temporary";
    CHECK(is_one_line(here.manage({"dbshell"}).err));
}

TEST_CASE("without the client dbshell says which package has it") {
    Deployed here;
    here.environment["PATH"] = "/nonexistent";
    CHECK(here.manage({"dbshell"}).err == "manage: the program sqlite3 is not installed; type: sudo apt-get install sqlite3\n");
}

TEST_CASE("other commands take nothing after --") {
    const Finished result = Installation().manage({"check", "--", "x"});
    CHECK(result.exit_code == 2);
    CHECK(result.err == "manage: check: nothing may follow --\n");
}
