// The password prompt on a real (pseudo) terminal: nothing of the password is shown, and the terminal is left as it was.
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

const std::vector<std::string> add_ann{"user", "add", "ann@example.com", "--username", "ann"};

}  // namespace

TEST_CASE("user add asks twice, shows nothing of what is typed, and mends the terminal") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("New password for ann@example.com: ");
    CHECK_FALSE(terminal.echoes());
    terminal.type("correct horse\n");
    terminal.wait_for("New password for ann@example.com, again: ");
    terminal.type("correct horse\n");
    terminal.wait_for("Added ann <ann@example.com>, User.");
    CHECK(terminal.echoes());
    CHECK(terminal.wait() == 0);
    CHECK_FALSE(contains(terminal.shown(), "horse"));
}

TEST_CASE("Two different passwords change nothing") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    terminal.type("correct horse\n");
    terminal.wait_for("again: ");
    terminal.type("correct house\n");
    CHECK(terminal.wait() == 1);
    CHECK(contains(terminal.shown(), "the two passwords differ: nothing was changed"));
    CHECK_FALSE(contains(here.manage({"user", "list"}).out, "ann"));
}

TEST_CASE("Ctrl-C at the prompt ends the program as the signal does, with the echo restored") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    REQUIRE_FALSE(terminal.echoes());
    terminal.type("corr\x03");
    CHECK(terminal.wait() == 128 + SIGINT);
    CHECK(terminal.echoes());
    CHECK_FALSE(contains(terminal.shown(), "corr"));
}

TEST_CASE("The end of input at the prompt is an error of one line") {
    const Installation here;
    here.manage({"deploy"});
    Terminal terminal(here, add_ann);
    terminal.wait_for("ann@example.com: ");
    terminal.type("\x04");
    CHECK(terminal.wait() == 1);
    CHECK(contains(terminal.shown(), "the input ended before there was a password"));
}

TEST_CASE("deploy on a terminal asks for the first administrator's password") {
    Installation here;
    here.environment["APP_ADMIN"] = "ann@example.com";
    Terminal terminal(here, {"deploy"});
    terminal.wait_for("Password for the administrator ann@example.com: ");
    terminal.type("correct horse\n");
    terminal.wait_for("again: ");
    terminal.type("correct horse\n");
    terminal.wait_for("administrator: added ann <ann@example.com>");
    CHECK(terminal.wait() == 0);
}
