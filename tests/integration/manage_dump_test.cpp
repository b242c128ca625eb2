// `manage dump` and `manage load` as whoever moves a blog uses them.
// backends: sqlite mysql
#include "app/web/json.hpp"
#include "tests/integration/live_blog.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

// With some users and so many posts of a thousand characters.
class FilledBlog : public DeployedBlog {
   public:
    explicit FilledBlog(int posts) {
        open()->write([&](app::db::Connection& connection) {
            const app::base::Timestamp when{std::chrono::microseconds{1795337946'123456}};
            connection.execute(
                "INSERT INTO users (email, username, username_key, password_hash, role_id, member_since, last_seen, post_count) "
                "VALUES ('ann@example.com', 'ann', 'ann', 'hash', 1, ?, ?, ?)",
                when, when, posts);
            const std::int64_t author = connection.integer("SELECT max(id) FROM users");
            const std::string body(1000, 'x');
            for (int i = 0; i < posts; ++i) {
                connection.execute(
                    "INSERT INTO posts (author_id, body, body_html, created_at, updated_at) VALUES (?, ?, '<p>🍵</p>', ?, ?)",
                    author, body, when, when);
            }
        });
    }
};

// The checksum of the rows, as `manage dump --json` tells it.
std::string rows_checksum(const DeployedBlog& here) {
    const std::string file = "sum-" + std::to_string(std::rand()) + ".gz";
    const Finished result = here.manage({"dump", file, "--json"});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return *app::web::parse_json(result.out).find("rows_checksum")->string();
}

void check_refused(const Finished& result, std::string_view part, int exit_code = 1) {
    CHECK(result.exit_code == exit_code);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

// A command that may write no file of more than 64 KiB.
Start without_room(const DeployedBlog& here, std::vector<std::string> arguments) {
    Start start = here.start(std::move(arguments));
    start.arguments.insert(start.arguments.begin(), {"/bin/bash", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""});
    return start;
}

}  // namespace

TEST_CASE("What was dumped is loaded into another database, row for row") {
    const FilledBlog here(200);
    const Finished dumped = here.manage({"dump", "blog.dump.gz"});
    CHECK_MESSAGE(dumped.exit_code == 0, dumped.err);
    CHECK(dumped.out.starts_with("Dumped 268 rows of 8 tables, blog.dump.gz, "));
    CHECK(contains(dumped.out, " rows/s)\nSHA-256 of the rows: " + rows_checksum(here) + "\n"));
    CHECK(dumped.err.empty());
    const DeployedBlog there;
    const Finished loaded = there.manage({"load", (here.path() / "blog.dump.gz").string()});
    CHECK_MESSAGE(loaded.exit_code == 0, loaded.err);
    CHECK(loaded.out.starts_with("Loaded 268 rows of 8 tables, "));
    CHECK(rows_checksum(there) == rows_checksum(here));
    check_refused(there.manage({"load", (here.path() / "blog.dump.gz").string()}), "the database has rows already");
    CHECK(there.manage({"load", (here.path() / "blog.dump.gz").string(), "--replace"}).exit_code == 0);
    CHECK(there.posts() == 200);
}

TEST_CASE("The summary is there as JSON, for machines") {
    const FilledBlog here(3);
    const app::web::Value summary = app::web::parse_json(here.manage({"dump", "a.gz", "--json"}).out);
    CHECK(*summary.find("rows")->integer() == 71);
    CHECK(*summary.find("tables")->find("posts")->integer() == 3);
    CHECK(*summary.find("dialect")->string() == backend());
    CHECK(*summary.find("bytes")->integer() == static_cast<std::int64_t>(std::filesystem::file_size(here.path() / "a.gz")));
    const app::web::Value loaded = app::web::parse_json(here.manage({"load", "a.gz", "--replace", "--json"}).out);
    CHECK(*loaded.find("checksum")->string() == *summary.find("checksum")->string());
}

TEST_CASE("A dump goes to standard output, which keeps its summary out of the way, but not to a terminal") {
    const FilledBlog here(3);
    for (const auto& arguments : {std::vector<std::string>{"dump"}, {"dump", "-"}}) {
        const Finished piped = here.manage(arguments);
        CHECK(piped.exit_code == 0);
        CHECK(piped.err.starts_with("Dumped 71 rows of 8 tables, standard output, "));
        write_text(here.path() / "piped.gz", piped.out);
        CHECK(here.manage({"load", "piped.gz", "--replace"}).exit_code == 0);
    }
    Terminal terminal(here, {"dump"});
    CHECK(terminal.wait() == 2);
    CHECK(contains(terminal.shown(), " dump: a dump is compressed, no text for a terminal; type: manage dump blog.dump.gz\r\n"));
}

TEST_CASE("On a terminal a bar shows how far it has come, and goes") {
    const FilledBlog here(2000);
    Terminal terminal(here, {"dump", "blog.dump.gz"});
    CHECK(terminal.wait() == 0);
    CHECK(contains(terminal.shown(), "\rDumping ["));
    CHECK(contains(terminal.shown(), "\r\x1b[KDumped 2,068 rows of 8 tables, "));
}

TEST_CASE("A dump takes no other file's place, and leaves nothing when it cannot be written") {
    const FilledBlog here(2000);
    write_text(here.path() / "taken", "precious");
    check_refused(here.manage({"dump", "taken"}), "taken exists already: name another file");
    CHECK(read_text(here.path() / "taken") == "precious");
    check_refused(here.manage({"dump", "no/such/folder.gz"}), "No such file or directory");
    here.execute("UPDATE posts SET body = " +
                 std::string(backend() == "sqlite" ? "hex(randomblob(500))" : "concat(uuid(), uuid(), rand(), rand(), uuid())"));
    check_refused(run(without_room(here, {"dump", "big.gz"})), "big.gz cannot be written: there is no room for it on its disk");
    for (const auto& entry : std::filesystem::directory_iterator(here.path())) {
        CHECK_MESSAGE(!entry.path().filename().string().starts_with("big"), entry.path());
    }
}

TEST_CASE("A file that is no whole dump is told in one line and changes nothing") {
    const FilledBlog here(50);
    REQUIRE(here.manage({"dump", "good.gz"}).exit_code == 0);
    const std::string good = read_text(here.path() / "good.gz");
    const std::string before = rows_checksum(here);
    std::string flipped = good;
    flipped[flipped.size() - 6] ^= 0x20;  // in the sum at its end: elsewhere there may be two ways to write the same bytes
    for (const auto& [bytes, reason] :
         std::vector<std::pair<std::string, std::string>>{{good.substr(0, good.size() / 2), "bad.gz is cut off"},
                                                          {good.substr(0, good.size() - 1), "bad.gz is cut off"},
                                                          {flipped, "bad.gz is damaged"},
                                                          {good + good, "bad.gz is damaged: something follows its end"},
                                                          {"", "bad.gz is no dump of Dewar"},
                                                          {"-- MariaDB dump 10.19", "bad.gz is no dump of Dewar"}}) {
        write_text(here.path() / "bad.gz", bytes);
        check_refused(here.manage({"load", "bad.gz", "--replace"}), reason);
    }
    check_refused(here.manage({"load", "."}), ". cannot be read");
    check_refused(here.manage({"load", "nothing.gz"}), "nothing.gz cannot be read: No such file or directory");
    CHECK(rows_checksum(here) == before);
}

TEST_CASE("A database that was not deployed is neither dumped nor loaded into") {
    const FilledBlog here(1);
    REQUIRE(here.manage({"dump", "good.gz"}).exit_code == 0);
    here.execute("DELETE FROM schema_migrations");
    check_refused(here.manage({"dump", "other.gz"}), "run `manage deploy`");
    check_refused(here.manage({"load", "good.gz", "--replace"}), "run `manage deploy`");
    CHECK(here.posts() == 1);
}

TEST_CASE("A load for which there is no room on the disk changes nothing") {
    if (backend() != "sqlite") return;  // there the server runs out of it
    const FilledBlog here(2000);
    REQUIRE(here.manage({"dump", "blog.dump.gz"}).exit_code == 0);
    const DeployedBlog there;
    check_refused(run(without_room(there, {"load", (here.path() / "blog.dump.gz").string()})), "manage: the database cannot");
    CHECK(there.posts() == 0);
    CHECK(there.integer("SELECT count(*) FROM roles") == 3);
}

TEST_CASE("A load that is killed in the middle leaves nothing") {
    const FilledBlog here(20000);
    REQUIRE(here.manage({"dump", "blog.dump.gz"}).exit_code == 0);
    DeployedBlog there;
    there.execute("UPDATE roles SET name = 'Reader' WHERE id = 1");
    int killed = 0;
    for (int delay_ms = 100; delay_ms <= 800; delay_ms += 100) {
        Process load(there.start({"load", (here.path() / "blog.dump.gz").string(), "--replace"}));
        std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
        if (load.pid() > 0) ::kill(load.pid(), SIGKILL);
        if (load.wait().exit_code != 128 + SIGKILL) break;           // it was faster
        if (const std::int64_t posts = there.posts(); posts != 0) {  // it had committed
            CHECK(posts == 20000);
            break;
        }
        ++killed;
        CHECK(there.integer("SELECT count(*) FROM roles WHERE name = 'Reader'") == 1);
    }
    CHECK(killed > 0);
    CHECK(there.manage({"load", (here.path() / "blog.dump.gz").string(), "--replace"}).exit_code == 0);
    CHECK(there.posts() == 20000);
}

TEST_CASE("Dumps that are taken while eight writers post are each of one moment, and no post fails") {
    check_copies_while_writing([](const DeployedBlog& here, const DeployedBlog& there) {
        const std::string file = (there.path() / "blog.dump.gz").string();
        const Finished dumped = here.manage({"dump", file});
        REQUIRE_MESSAGE(dumped.exit_code == 0, dumped.err);
        const Finished loaded = there.manage({"load", file});
        REQUIRE_MESSAGE(loaded.exit_code == 0, loaded.err);
    });
}
