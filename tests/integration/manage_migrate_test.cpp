// `manage migrate ...`, and two versions of `manage` over one database: manage_next knows one migration more, 9001_next.sql.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/support/mariadb.hpp"

namespace {

using namespace tests;

// On the backend that this run is for.
class Here : public Installation {
   public:
    Here() {
        if (backend() != "sqlite") environment["DATABASE_URL"] = new_database_url();
    }
};

// As Installation::manage, of the next version.
Finished manage_next(const Installation& here, std::vector<std::string> arguments) {
    Start start = here.start(std::move(arguments));
    start.arguments.front() = MANAGE_NEXT_BINARY;
    return run(start);
}

// Waits for the banner and reads the port from it.
int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

bool wait_until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 2000; ++i) {
        if (is_so()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return is_so();
}

// A checkout's folders, as far as `migrate new` looks at them.
void make_checkout(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "app/db/migrations");
    write_text(folder / "CMakeLists.txt", "project(dewar VERSION 1.0.0)\n");
    write_text(folder / "app/db/migrations/0001_initial.sql", "SELECT 1;\n");
    write_text(folder / "app/db/migrations/0012_later.sqlite.sql", "SELECT 1;\n");
}

}  // namespace

TEST_CASE("status shows each migration with its state and its time, as a table and as JSON") {
    const Here here;
    here.manage({"deploy"});
    const Finished table = manage_next(here, {"migrate", "status"});
    CHECK(table.exit_code == 0);
    CHECK(contains(table.out, "VERSION  NAME     STATE    WHEN\n1        initial  applied  20"));
    CHECK(contains(table.out, "\n9001     next     pending\n"));
    CHECK(contains(table.out, "which is older than this binary's, 9001: run `manage deploy`\n"));

    const auto json = app::web::parse_json(manage_next(here, {"migrate", "status", "--json"}).out);
    CHECK(*json.find("latest")->integer() == 9001);
    const auto& last = json.find("migrations")->list()->back();
    CHECK(*last.find("state")->string() == "pending");
    CHECK(last.find("when")->is_null());
    CHECK(json.find("problem")->string() != nullptr);
}

TEST_CASE("up applies what is pending, up to a version, and says when there is nothing to do") {
    const Here here;
    here.manage({"deploy"});
    CHECK(contains(manage_next(here, {"migrate", "up", "--to", "9000"}).out, "Nothing to do: the schema has version "));
    CHECK(contains(manage_next(here, {"migrate", "up"}).out, "Applied migration 9001 (next) in "));
    CHECK(manage_next(here, {"migrate", "up"}).out == "Nothing to do: the schema has version 9001.\n");
}

TEST_CASE("down takes the last step back, asks before, and needs --yes where nobody can be asked") {
    const Here here;
    manage_next(here, {"deploy"});
    const Finished asked = manage_next(here, {"migrate", "down"});
    CHECK(asked.exit_code == 2);
    CHECK(asked.err == "manage: migrate down: this would take back 9001 (next), and lose what only they can hold: there is no "
                       "terminal to ask at, so say --yes\n");
    const Finished down = manage_next(here, {"migrate", "down", "--yes"});
    CHECK(down.exit_code == 0);
    CHECK(contains(down.out, "Took back migration 9001 (next) in "));
    CHECK(contains(manage_next(here, {"migrate", "status"}).out, "9001     next     pending"));
    CHECK(contains(manage_next(here, {"deploy"}).out, "applied migration 9001 (next)"));
}

TEST_CASE("down refuses a migration without a down part, and then takes none back") {
    const Here here;
    manage_next(here, {"deploy"});
    const Finished result = manage_next(here, {"migrate", "down", "--to", "0", "--yes"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, " has no down part, so it cannot be taken back: nothing was changed\n"));
    CHECK(contains(manage_next(here, {"migrate", "status"}).out, "9001     next     applied"));
}

TEST_CASE("stamp marks as applied, runs nothing, and warns") {
    const Here here;
    here.manage({"deploy"});
    const Finished result = manage_next(here, {"migrate", "stamp", "9001"});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "Now the schema has version 9001.\nWarning: nothing was run."));
    CHECK(contains(manage_next(here, {"deploy"}).out, "schema: nothing to do"));
    CHECK(contains(manage_next(here, {"migrate", "stamp", "17"}).err, "there is no migration 17; `manage migrate status` shows"));
}

TEST_CASE("A number that is none is refused in one line") {
    const Here here;
    here.manage({"deploy"});
    const Finished result = here.manage({"migrate", "up", "--to", "two"});
    CHECK(result.exit_code == 2);
    CHECK(result.err == "manage: migrate: --to is the number of a migration, or 0, not two\n");
}

TEST_CASE("new writes a file with the next number in a checkout, also from a folder inside it") {
    const Here here;
    make_checkout(here.path());
    Start start = here.start({"migrate", "new", "add_post_title"});
    start.folder = here.path() / "app";
    const Finished result = run(start);
    CHECK(result.exit_code == 0);
    const std::string text = read_text(here.path() / "app/db/migrations/0013_add_post_title.sql");
    CHECK(text.starts_with("-- compatible: 13\n"));
    CHECK(contains(text, "\n-- down\n"));
    CHECK(contains(
        result.out,
        "Wrote app/db/migrations/0013_add_post_title.sql\nNext: write its statements, build, and run `manage migrate up`.\n"));
}

TEST_CASE("new refuses another folder, a name that is taken, and one that is none") {
    const Here here;
    CHECK(contains(here.manage({"migrate", "new", "x"}).err, "this is no checkout of Dewar's sources"));
    make_checkout(here.path());
    CHECK(contains(here.manage({"migrate", "new", "initial"}).err, "the name is taken by "));
    CHECK(contains(here.manage({"migrate", "new", "later"}).err, "the name is taken by "));
    for (const char* name : {"9lives", "Add", "a-b", "a.b", "../x", "a b"}) {
        CAPTURE(name);
        CHECK(contains(here.manage({"migrate", "new", name}).err, "a migration's name is made of a-z, 0-9 and _"));
    }
}

TEST_CASE("A rolling deploy of a compatible step leaves the old instance ready, and the old binary may start and deploy again") {
    const Here here;
    here.manage({"deploy"});
    Process old_server(here.start({"runserver", "--host", "127.0.0.1", "--port", "0"}));
    const int port = port_of(old_server);
    std::atomic<bool> over = false;
    std::atomic<int> ready = 0, other = 0;
    std::thread prober([&] {
        while (!over || ready == 0) ++(Client(port).get("/readyz").status == 200 ? ready : other);
    });
    const Finished deploy = manage_next(here, {"deploy"});
    CHECK(deploy.exit_code == 0);
    CHECK(contains(deploy.out, "applied migration 9001 (next)"));
    const int ready_before_end = ready;
    CHECK(wait_until([&] { return ready > ready_before_end; }));
    over = true;
    prober.join();
    CHECK(other == 0);
    CHECK(contains(here.manage({"deploy"}).out, "schema: nothing to do"));
    CHECK(here.manage({"user", "list"}).exit_code == 0);
    CHECK(contains(here.manage({"migrate", "status"}).out, "9001     next     unknown to this binary"));
}

TEST_CASE("A new binary over a database that is not deployed yet refuses to serve, with the command that mends it") {
    const Here here;
    here.manage({"deploy"});
    const Finished result = manage_next(here, {"runserver", "--port", "0"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_line(result.err));
    CHECK(contains(result.err, "which is older than this binary's, 9001: run `manage deploy`"));
}
