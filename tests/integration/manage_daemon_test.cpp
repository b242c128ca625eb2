// `manage runserver --daemon`, and the commands that find the server again: status, restart, stop.
#include "manage/service_manager.hpp"
#include "tests/integration/supervised.hpp"

namespace {

using namespace tests;

void check_refused(const Finished& result, std::string_view part) {
    CHECK(result.exit_code == 1);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

}  // namespace

TEST_CASE("a daemon returns when it is ready, outlives its session, is found by its pid file and stops when told") {
    const SupervisedInstallation here;
    const Finished started = here.manage({"runserver", "--daemon", "--port", "0"});
    REQUIRE_MESSAGE(started.exit_code == 0, started.err);
    CHECK(started.out.starts_with("Dewar: serving http://127.0.0.1:"));
    CHECK(contains(started.out, "log instance/runserver.log\n"));
    CHECK(here.serves());
    const int supervisor = here.number("supervisor");
    CHECK(getsid(supervisor) == supervisor);
    CHECK(read_text(here.path() / "instance/runserver.pid") == std::to_string(supervisor) + "\n");

    check_refused(here.manage({"runserver", "--daemon", "--port", "0"}),
                  "a server runs already: process " + std::to_string(supervisor) + " has instance/runserver.pid");
    const Finished status = here.manage({"status"});
    CHECK(status.exit_code == 0);
    CHECK(contains(status.out, "running, since "));
    const app::web::Value json = app::web::parse_json(here.manage({"status", "--json"}).out);
    CHECK(*json.find("running") == app::web::Value(true));
    CHECK(*json.find("supervisor") == app::web::Value(supervisor));
    CHECK(contains(here.manage({"top", "--once", "--interval", "0.1"}).out, " at " + here.text("url") + "metrics, up "));

    std::filesystem::rename(here.path() / "instance/runserver.log", here.path() / "instance/runserver.log.1");
    kill(supervisor, SIGUSR1);
    const auto log = [&] { return read_text(here.path() / "instance/runserver.log"); };
    CHECK(in_a_while([&] { return here.serves() && contains(log(), " info GET /healthz 200 "); }));

    const Finished stopped = here.manage({"stop"});
    CHECK(stopped.out == "stopped: process " + std::to_string(supervisor) + "\n");
    CHECK(contains(read_text(here.path() / "instance/runserver.log"), " info stopped\n"));
    CHECK_FALSE(std::filesystem::exists(here.path() / "instance/runserver.pid"));
    check_refused(here.manage({"stop"}), "no server runs: there is no pid file instance/runserver.pid");
    const Finished none = here.manage({"status", "--json"});
    CHECK(none.exit_code == 1);
    CHECK(*app::web::parse_json(none.out).find("running") == app::web::Value(false));
}

TEST_CASE("a state file of another program's making hides nothing but what it would say") {
    const SupervisedInstallation here;
    REQUIRE(here.manage({"runserver", "--daemon", "--port", "0"}).exit_code == 0);
    const int supervisor = here.number("supervisor");
    for (const std::string_view text : {"[]", "7", "no JSON"}) {
        write_text(here.path() / "instance/runserver.json", text);
        const Finished status = here.manage({"status", "--json"});
        CHECK_MESSAGE(status.exit_code == 0, status.err);
        CHECK(*app::web::parse_json(status.out).find_integer("supervisor") == supervisor);
    }
    CHECK(here.manage({"stop"}).exit_code == 0);
}

TEST_CASE("a daemon that cannot start says why, and names its log") {
    SupervisedInstallation here;
    here.environment["DATABASE_URL"] = "sqlite:///other.sqlite";
    const Finished result = here.manage({"runserver", "--daemon", "--port", "0", "--log-file", "logs/dewar.log"});
    check_refused(result, "`manage deploy`");
    CHECK(contains(result.err, "; the log: logs/dewar.log\n"));
    CHECK(contains(read_text(here.path() / "logs/dewar.log"), "manage: "));
    CHECK_FALSE(std::filesystem::exists(here.path() / "instance/runserver.pid"));
}

TEST_CASE("a pid file of a dead or a foreign process is told, and nothing is killed") {
    const SupervisedInstallation here;
    const std::vector<std::string> commands{"stop", "restart", "status"};
    const auto check_all = [&](const std::string& text, std::string_view why) {
        write_text(here.path() / "dewar.pid", text);
        for (const std::string& command : commands) {
            check_refused(here.manage({command, "--pid-file", "dewar.pid"}), "no server runs: " + std::string(why));
        }
    };
    Process foreign({.arguments = {"/bin/sleep", "1000"}});
    const std::string number = std::to_string(foreign.pid());
    check_all(number + "\n", "process " + number + " of dewar.pid is another program");
    CHECK(kill(foreign.pid(), 0) == 0);
    foreign.send(SIGKILL);
    foreign.wait();
    check_all(number + "\n", "process " + number + " of dewar.pid is gone");
    check_all("nonsense", "dewar.pid holds no process number");
    check_all("-1\n", "dewar.pid holds no process number");

    Process server(here.supervised({"--pid-file", "dewar.pid"}));  // takes such a file over
    server.wait_for("Press Ctrl-C");
    CHECK(here.manage({"status", "--pid-file", "dewar.pid"}).exit_code == 0);
    CHECK(here.manage({"stop", "--pid-file", "dewar.pid"}).exit_code == 0);
    CHECK(server.wait().exit_code == 0);
}

TEST_CASE("a supervisor takes a port that is handed over, and passes on that it is ready and that it stops") {
    const SupervisedInstallation here;
    const app::http::Port port = app::http::open_port("127.0.0.1", 0, 16);
    const manage::NotifySocket socket;
    Start start = here.supervised();
    const std::vector<std::string> shell{"/bin/sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"};
    start.arguments.insert(start.arguments.begin(), shell.begin(), shell.end());
    start.handed_over = port.socket();
    start.environment["NOTIFY_SOCKET"] = socket.address();
    Process server(start);
    const auto next = [&] {
        std::optional<manage::NotifySocket::Message> message;
        REQUIRE(in_a_while([&] { return (message = socket.receive()).has_value(); }));
        CHECK(message->sender == server.pid());
        return message->lines;
    };
    CHECK(next() == "READY=1\nSTATUS=serving http://127.0.0.1:" + std::to_string(port.number()) + "/");
    CHECK(here.manage({"restart"}).exit_code == 0);
    CHECK(in_a_while([&] { return here.is_running(); }));
    CHECK(Client(port.number()).get("/healthz").status == 200);
    CHECK(here.manage({"stop"}).exit_code == 0);
    CHECK(next().starts_with("STOPPING=1\n"));
}

TEST_CASE("options that mean nothing together are refused") {
    const SupervisedInstallation here;
    const Finished plain = here.manage({"runserver", "--port", "0", "--pid-file", "x.pid"});
    CHECK(plain.exit_code == 2);
    CHECK(contains(plain.err, "--pid-file is for --supervise and --daemon"));
    CHECK(here.manage({"stop", "--timeout", "0"}).exit_code == 2);
}
