// `manage backup` and `manage restore`.
#include <sys/stat.h>

#include <set>

#include "app/web/json.hpp"
#include "tests/integration/live_blog.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

void check_refused(const Finished& result, std::string_view part, int exit_code = 1) {
    CHECK(result.exit_code == exit_code);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

std::set<std::string> files_of(const DeployedBlog& here) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(here.path())) names.insert(entry.path().filename().string());
    return names;
}

// A blog whose role 1 bears that name, to tell databases apart.
void mark(const DeployedBlog& here, const std::string& name) {
    here.execute("UPDATE roles SET name = '" + name + "' WHERE id = 1");
}
bool is_marked(const DeployedBlog& here, const std::string& name) {
    return here.integer("SELECT count(*) FROM roles WHERE id = 1 AND name = '" + name + "'") == 1;
}

// Where the backup without a name came to be.
std::string backed_up(const DeployedBlog& here) {
    const Finished result = here.manage({"backup", "--json"});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return *app::web::parse_json(result.out).find("file")->string();
}

}  // namespace

TEST_CASE("A backup is one file of mode 0600 beside the database, with the time in its name; --keep removes the oldest of them") {
    const DeployedBlog here;
    write_text(here.path() / "blog.sqlite.backup-of-mine", "precious");
    const std::string first = backed_up(here);
    CHECK(first.starts_with((here.path() / "blog.sqlite.backup-20").string()));
    struct stat status{};
    REQUIRE(::stat(first.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    const std::string second = backed_up(here);
    const Finished third = here.manage({"backup", "--keep", "2"});
    CHECK(third.out.starts_with("Copied and checked "));
    CHECK(contains(third.out, "\nRemoved 1 older backups\n"));
    CHECK_FALSE(std::filesystem::exists(first));
    CHECK(std::filesystem::exists(second));
    CHECK(files_of(here).contains("blog.sqlite.backup-of-mine"));
    CHECK(files_of(here).size() == 4);
}

TEST_CASE("A backup goes to a file or into a folder, and takes no other file's place") {
    const DeployedBlog here;
    std::filesystem::create_directory(here.path() / "kept");
    CHECK(here.manage({"backup", "mine.sqlite"}).exit_code == 0);
    CHECK(here.manage({"backup", "kept"}).exit_code == 0);
    CHECK(std::distance(std::filesystem::directory_iterator(here.path() / "kept"), {}) == 1);
    check_refused(here.manage({"backup", "mine.sqlite"}), "mine.sqlite exists already");
    check_refused(here.manage({"backup", "blog.sqlite"}), "blog.sqlite exists already");
    check_refused(here.manage({"backup", "no/folder"}), "No such file or directory");
    check_refused(here.manage({"backup", "mine2.sqlite", "--keep", "3"}), "mine2.sqlite is no folder", 2);
    check_refused(here.manage({"backup", "--keep", "0"}), "--keep", 2);
    CHECK(files_of(here) == std::set<std::string>{"blog.sqlite", "kept", "mine.sqlite"});
}

TEST_CASE("What was restored is as it was at the backup, and the database that it replaces is kept aside") {
    const DeployedBlog here;
    mark(here, "old");
    const std::string backup = backed_up(here);
    mark(here, "new");
    const Finished restored = here.manage({"restore", backup, "--yes", "--json"});
    REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
    CHECK(is_marked(here, "old"));
    const std::string kept = *app::web::parse_json(restored.out).find("kept")->string();
    CHECK(kept.starts_with((here.path() / "blog.sqlite.before-restore-20").string()));
    CHECK(std::filesystem::exists(backup));
    const Finished back = here.manage({"restore", kept, "--yes"});
    CHECK(contains(back.out, "\nThe database that was there is " + (here.path() / "blog.sqlite.before-restore-20").string()));
    CHECK(is_marked(here, "new"));
}

TEST_CASE("A backup is restored where there is no database yet, without a question") {
    const DeployedBlog here;
    mark(here, "moved");
    const std::string backup = backed_up(here);
    std::filesystem::remove(here.path() / "blog.sqlite");
    const Finished restored = here.manage({"restore", backup});
    REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
    CHECK_FALSE(contains(restored.out, "before-restore"));
    CHECK(is_marked(here, "moved"));
}

TEST_CASE("restore asks on a terminal, and elsewhere wants --yes") {
    const DeployedBlog here;
    mark(here, "old");
    const std::string backup = backed_up(here);
    mark(here, "new");
    check_refused(here.manage({"restore", backup}), "say --yes", 2);
    for (const bool agrees : {false, true}) {
        Terminal terminal(here, {"restore", backup});
        terminal.wait_for("Replace the database");
        terminal.wait_for("[y/N] ");
        terminal.type(agrees ? "y\n" : "\n");
        CHECK(terminal.wait() == (agrees ? 0 : 1));
        CHECK(is_marked(here, agrees ? "old" : "new"));
    }
}

TEST_CASE("restore refuses while a server has the database open, and names its process") {
    const DeployedBlog here;
    const std::string backup = backed_up(here);
    mark(here, "served");
    {
        Process server(here.start({"runserver", "--port", "0"}));
        server.wait_for("Press Ctrl-C");
        check_refused(here.manage({"restore", backup, "--yes"}),
                      "process " + std::to_string(server.pid()) + " has the database " + (here.path() / "blog.sqlite").string() +
                          " open, a server perhaps: stop it first");
        ::kill(server.pid(), SIGTERM);
        CHECK(server.wait().exit_code == 0);
    }
    CHECK(is_marked(here, "served"));
    CHECK(here.manage({"restore", backup, "--yes"}).exit_code == 0);
}

TEST_CASE("A file that is no whole backup is not restored") {
    const DeployedBlog here;
    const std::string good = read_text(backed_up(here));
    mark(here, "kept");
    std::string flipped = good;
    for (std::size_t page = 4096; page < flipped.size(); page += 4096) flipped[page] = '\x77';
    std::string newer;
    {
        const DeployedBlog other;
        other.execute(
            "INSERT INTO schema_migrations (version, name, checksum, compatible, undoing, statements_begun, statements_done, "
            "started_at, finished_at) SELECT 99, 'next', checksum, 99, 0, 1, 1, started_at, finished_at FROM schema_migrations "
            "WHERE version = 1");
        check_refused(other.manage({"backup"}), "schema version 99");
        newer = read_text(other.path() / "blog.sqlite");
    }
    for (const auto& [bytes, reason] :
         std::vector<std::pair<std::string, std::string>>{{good.substr(0, good.size() / 2), "damaged"},
                                                          {flipped, "damaged"},
                                                          {"", "has no tables of Dewar"},
                                                          {"hello", "is no SQLite database"},
                                                          {newer, "schema version 99"}}) {
        write_text(here.path() / "bad", bytes);
        check_refused(here.manage({"restore", "bad", "--yes"}), reason);
        CHECK(is_marked(here, "kept"));
    }
    check_refused(here.manage({"restore", "nothing", "--yes"}), "there is no file nothing");
    check_refused(here.manage({"restore", "blog.sqlite", "--yes"}), "is the database itself");
    for (const std::string& name : files_of(here)) CHECK_FALSE_MESSAGE(contains(name, ".part-"), name);
}

TEST_CASE("A database that is damaged beyond opening is not backed up, but can be restored over and is kept aside") {
    const DeployedBlog here;
    mark(here, "good");
    const std::string backup = backed_up(here);
    const std::string noise(8192, 'x');
    write_text(here.path() / "blog.sqlite", noise);
    check_refused(here.manage({"backup"}), "is no SQLite database");
    write_text(here.path() / "blog.sqlite-wal", "its log");
    const Finished restored = here.manage({"restore", backup, "--yes", "--json"});
    REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
    CHECK(is_marked(here, "good"));
    const std::string kept = *app::web::parse_json(restored.out).find("kept")->string();
    CHECK((read_text(kept) == noise));
    CHECK(read_text(kept + "-wal") == "its log");
}

TEST_CASE("A backup without room on the disk leaves nothing") {
    const DeployedBlog here;
    Start start = here.start({"backup", "mine.sqlite"});
    start.arguments.insert(start.arguments.begin(), {"/bin/bash", "-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\""});
    const Finished result = run(start);
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(files_of(here) == std::set<std::string>{"blog.sqlite"});
}

TEST_CASE("On MySQL, and on a temporary database, backup and restore say what to use instead") {
    Installation here;
    here.environment["DATABASE_URL"] = "mysql://dewar:secret@127.0.0.1:1/dewar";
    for (const auto& arguments : {std::vector<std::string>{"backup"}, {"restore", "x", "--yes"}}) {
        const Finished result = here.manage(arguments);
        check_refused(result, "use `manage dump` and `manage load`, or mariadb-dump");
        CHECK_FALSE(contains(result.err, "secret"));
    }
    here.environment["DATABASE_URL"] = "sqlite:temporary";
    check_refused(here.manage({"backup"}), "there is none to copy");
}

TEST_CASE("Backups that are taken while eight writers post are each of one moment, and no post fails") {
    check_copies_while_writing([](const DeployedBlog& here, const DeployedBlog& there) {
        const Finished restored = there.manage({"restore", backed_up(here), "--yes"});
        REQUIRE_MESSAGE(restored.exit_code == 0, restored.err);
    });
}
