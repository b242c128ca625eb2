// `manage shell` as somebody has it before them: on a terminal.
#include <sys/stat.h>

#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() {
        environment["XDG_STATE_HOME"] = (path() / "state").string();
        environment["TERM"] = "xterm";
        environment["HOME"] = path().string();  // whose ~/.editrc is nobody's
        REQUIRE(manage({"deploy"}).exit_code == 0);
        REQUIRE(
            manage({"user", "add", "ann@example.com", "--username", "ann", "--password-stdin"}, "correct horse\n").exit_code ==
            0);
    }
    std::string history() const { return read_text(path() / "state/dewar/shell_history"); }
};

// At its prompt.
class Shell : public Terminal {
   public:
    explicit Shell(const Installation& here, std::vector<std::string> options = {}, const std::string& prompt = "development> ")
        : Terminal(here, with_shell(std::move(options))) {
        wait_for(prompt);
    }
    // Types a line and waits for the answer, and for the prompt behind it: what is typed before it is there goes to nobody's editor.
    void ask(const std::string& line, const std::string& answer) {
        type(line + "\r");
        wait_for(answer);
        if (!answer.ends_with("> ") && !answer.ends_with("[y/N] ")) wait_for("> ");
    }

   private:
    static std::vector<std::string> with_shell(std::vector<std::string> options) {
        options.insert(options.begin(), "shell");
        return options;
    }
};

}  // namespace

TEST_CASE("The banner says what this is; Ctrl-D leaves with 0") {
    const Deployed here;
    Shell shell(here);
    CHECK(contains(shell.shown(), "Dewar "));
    CHECK(contains(shell.shown(), "config development, sqlite " + (here.path() / "blog.sqlite").string()));
    CHECK(contains(shell.shown(), "help()"));
    shell.type("\x04");
    CHECK(shell.wait() == 0);
    CHECK(shell.echoes());
}

TEST_CASE("The prompt shows values and lives on after an error") {
    const Deployed here;
    Shell shell(here);
    shell.ask("21 * 2", "\r\n42\r\n");
    shell.ask("nothing.x", "attempt to index a nil value (global 'nothing')\r\n");
    shell.ask("User.find{id=1}.emial", "a User has no field emial; did you mean email?\r\n");
    shell.ask("User.find{id=1}.email", "\"ann@example.com\"\r\n");
    shell.ask("'\xc3\xa9\xf0\x9f\x8d\xb5'", "\r\n\"\xc3\xa9\xf0\x9f\x8d\xb5\"\r\n");
    shell.type("exit(3)\r");
    CHECK(shell.wait() == 3);
}

TEST_CASE("What is not complete goes on in the next line") {
    const Deployed here;
    Shell shell(here);
    shell.ask("for i = 1, 2 do", ">> ");
    shell.ask("  print('turn ' .. i)", ">> ");
    shell.ask("end", "turn 1\r\nturn 2\r\n");
    shell.ask("x = [[", ">> ");
    shell.ask("two]] return #x", "3\r\n");
}

TEST_CASE("Ctrl-C ends a loop and clears a line, and the shell goes on") {
    const Deployed here;
    Shell shell(here);
    shell.type("print('running') while true do pcall(function() while true do end end) end\r");
    shell.wait_for("running\r\n");
    shell.type("\x03");
    shell.wait_for("interrupted\r\n");
    shell.wait_for("development> ");
    shell.type("half a line\x03");
    shell.wait_for("^C");
    shell.wait_for("development> ");
    shell.ask("for i = 1, 2 do", ">> ");
    shell.type("\x03");
    shell.wait_for("development> ");
    shell.ask("5 + 5", "10\r\n");
    shell.type("\x04");
    CHECK(shell.wait() == 0);
}

TEST_CASE("Tab completes globals, fields and methods") {
    const Deployed here;
    Shell shell(here);
    shell.type("User.fi\t");
    shell.ask("{id=1}.id", "\r\n1\r\n");
    shell.ask("u = User.find{id=1}", "development> ");
    shell.type("u:fol\t\t");
    shell.wait_for("followers");
    shell.type("\x03");
    shell.wait_for("development> ");
    shell.type("config.data\t");
    shell.ask(".busy_timeout_ms", "5000\r\n");
}

TEST_CASE("The history comes back, in this session and the next, for its owner alone, without what began with a blank") {
    const Deployed here;
    {
        Shell shell(here);
        shell.ask("1000 + 1", "1001\r\n");
        shell.ask(" 2000 + 2", "2002\r\n");
        shell.type("\x1b[A");
        shell.wait_for("1000 + 1");
        shell.ask("", "1001\r\n");
        shell.type("\x04");
        CHECK(shell.wait() == 0);
    }
    CHECK(here.history() == "1000 + 1\n");
    struct stat status{};
    REQUIRE(stat((here.path() / "state/dewar/shell_history").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    Shell shell(here);
    shell.type("\x1b[A");
    shell.wait_for("1000 + 1");
    shell.ask("", "1001\r\n");
}

TEST_CASE("In production the first write asks, and the answer counts") {
    const Deployed here;
    Shell shell(here, {"--config", "production"}, "production> ");
    CHECK(contains(shell.shown(), "the first write asks"));
    shell.ask("p = Post.new{author=1, body='hello'}", "production> ");
    shell.ask("p:save()", "[y/N] ");
    shell.ask("no", "nothing was written\r\n");
    shell.ask("#Post.all()", "0\r\n");
    shell.ask("p:save().id", "[y/N] ");
    shell.ask("y", "1\r\n");
    shell.ask("User.find{id=1}:posts()[1]:delete() return #Post.all()", "0\r\n");
}

TEST_CASE("A sandbox on a terminal is told, and gone when the window is closed") {
    const Deployed here;
    {
        Shell shell(here, {"--sandbox"});
        CHECK(contains(shell.shown(), "Sandbox"));
        shell.ask("Post.new{author=1, body='hello'}:save().id", "1\r\n");
        shell.hang_up();
        CHECK(shell.wait() == 128 + SIGHUP);
    }
    CHECK(here.manage({"shell", "-c", "#Post.all()"}).out == "0\n");
}

TEST_CASE("A signal that ends programs ends the shell, with the terminal as it was") {
    const Deployed here;
    Shell shell(here);
    kill(shell.pid(), SIGTERM);
    CHECK(shell.wait() == 128 + SIGTERM);
    CHECK(shell.echoes());
}
