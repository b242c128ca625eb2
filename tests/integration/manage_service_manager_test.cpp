// `manage runserver` as a service manager starts it: the port is handed over open, and the server says by datagrams how it is.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "app/http/listener.hpp"
#include "manage/service_manager.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() { REQUIRE(manage({"deploy"}).exit_code == 0); }

    // As systemd starts it with a socket: $$ is the process of the shell, which becomes the server.
    Start activated(int socket, std::vector<std::string> arguments = {"runserver"}, const std::string& count = "1") const {
        Start start = this->start(std::move(arguments));
        const std::vector<std::string> shell{"/bin/sh", "-c", "LISTEN_FDS=" + count + " LISTEN_PID=$$ exec \"$@\"", "sh"};
        start.arguments.insert(start.arguments.begin(), shell.begin(), shell.end());
        start.handed_over = socket;
        return start;
    }
};

void check_refused(const Finished& result, std::string_view part) {
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

// The lines of the next message, which comes within ten seconds.
std::string next(const manage::NotifySocket& socket, pid_t& sender) {
    std::optional<manage::NotifySocket::Message> message;
    REQUIRE(soon([&] { return (message = socket.receive()).has_value(); }));
    sender = message->sender;
    return message->lines;
}

}  // namespace

TEST_CASE("a port that is handed over is served whatever --port says, and stays open when the server ends") {
    const Deployed here;
    const app::http::Port port = app::http::open_port("127.0.0.1", 0, 16);
    const std::string url = "http://127.0.0.1:" + std::to_string(port.number()) + "/";
    Connection early(port.number());  // it was there before the server
    early.send(get("/healthz"));
    for (int i = 0; i < 2; ++i) {
        Process server(here.activated(port.socket(), {"runserver", "--host", "203.0.113.1", "--port", "1"}));
        const std::string said = server.wait_for("Press Ctrl-C");
        CHECK(contains(said, "Dewar is at " + url));
        server.wait_for("serving the port that was handed over, 127.0.0.1 port " + std::to_string(port.number()) +
                        ": --host, --port and their settings do not count");
        if (i == 0) CHECK(early.receive().status == 200);
        CHECK(Client(port.number()).get("/healthz").status == 200);
        server.send(SIGTERM);
        CHECK(server.wait().exit_code == 0);
        const Connection waiting(port.number());  // is not refused
    }
}

TEST_CASE("what is handed over must be one listening TCP socket, and meant for this process") {
    const Deployed here;
    const app::base::Descriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check_refused(run(here.activated(silent.get())), "descriptor 3 was handed over as the port to serve, but it is no listening");
    const app::http::Port port = app::http::open_port("127.0.0.1", 0, 16);
    check_refused(run(here.activated(port.socket(), {"runserver"}, "2")), "2 sockets were handed over (LISTEN_FDS)");
    Start other = here.start({"runserver", "--port", "0"});
    other.environment["LISTEN_FDS"] = "1";
    other.environment["LISTEN_PID"] = "1";
    Process server(other);
    CHECK_FALSE(contains(server.wait_for("Press Ctrl-C"), "handed over"));
}

TEST_CASE("a server tells who started it when it is ready, that it stops, and why it did not start") {
    const Deployed here;
    const manage::NotifySocket socket;  // at an abstract address
    Start start = here.start({"runserver", "--port", "0"});
    start.environment["NOTIFY_SOCKET"] = socket.address();
    Process server(start);
    pid_t sender = 0;
    const std::string ready = next(socket, sender);
    CHECK(ready.starts_with("READY=1\nSTATUS=serving http://127.0.0.1:"));
    CHECK(sender == server.pid());
    server.send(SIGTERM);
    CHECK(next(socket, sender) == "STOPPING=1\nSTATUS=answering the requests under way");
    CHECK(server.wait().exit_code == 0);

    start.arguments.back() = "x";
    CHECK(run(start).exit_code == 2);
    start.arguments.back() = "0";
    start.environment["DATABASE_URL"] = "sqlite:///other.sqlite";
    CHECK(run(start).exit_code == 1);
    CHECK(contains(next(socket, sender), "STATUS=command line --port: "));
    CHECK(contains(next(socket, sender), "`manage deploy`"));
}

TEST_CASE("NOTIFY_SOCKET may be a path; nobody there is no reason not to serve, but nonsense is refused") {
    const Deployed here;
    Start start = here.start({"runserver", "--port", "0"});
    start.environment["NOTIFY_SOCKET"] = (here.path() / "notify").string();
    {
        Process server(start);
        server.wait_for("who started this server was not told \"READY=1\\u000aSTATUS=");
        server.wait_for("Press Ctrl-C");
    }
    const app::base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{AF_UNIX, {}};
    std::strncpy(address.sun_path, start.environment["NOTIFY_SOCKET"].c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    {
        Process server(start);
        char text[64] = {};
        CHECK(::recv(socket.get(), text, sizeof text - 1, 0) > 0);
        CHECK(std::string_view(text).starts_with("READY=1\n"));
    }
    start.environment["NOTIFY_SOCKET"] = "notify";
    check_refused(run(start), "NOTIFY_SOCKET is \"notify\": it must be an absolute path or begin with @");
}

TEST_CASE("SIGUSR2 does not end a server without a supervisor, and SIGQUIT lets it finish what is under way") {
    const Deployed here;
    Process server(here.start({"runserver", "--port", "0"}));
    server.wait_for("Press Ctrl-C");
    server.send(SIGUSR2);
    server.wait_for("SIGUSR2 changes nothing here");
    server.send(SIGQUIT);
    CHECK(server.wait().exit_code == 0);
}
