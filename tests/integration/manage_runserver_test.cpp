// `manage runserver`: it serves, it stops when told, and it refuses to start in one line.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "app/db/database.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

class Deployed : public Installation {
   public:
    Deployed() { REQUIRE(manage({"deploy"}).exit_code == 0); }
};

sockaddr_in address_of(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// A TCP socket that goes with the object.
class Socket {
   public:
    static Socket connected(int port) {
        Socket socket;
        const sockaddr_in address = address_of(port);
        REQUIRE(connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        return socket;
    }
    static Socket listening() {
        Socket socket;
        const sockaddr_in address = address_of(0);
        REQUIRE(bind(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(listen(socket.descriptor_, 1) == 0);
        return socket;
    }
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

    int port() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        REQUIRE(getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        return ntohs(address.sin_port);
    }
    void send(std::string_view text) const {
        REQUIRE(::send(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    }
    std::string receive_all() const {
        std::string text;
        char buffer[4096];
        for (ssize_t size = 0; (size = recv(descriptor_, buffer, sizeof buffer, 0)) > 0;)
            text.append(buffer, static_cast<std::size_t>(size));
        return text;
    }

   private:
    Socket() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    int descriptor_;
};

// Waits for the banner and reads the port from it.
int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

std::string get(int port, const std::string& target) {
    const Socket socket = Socket::connected(port);
    socket.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return socket.receive_all();
}

void check_refused(const Finished& result, std::string_view part) {
    CHECK(result.exit_code == 1);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

}  // namespace

TEST_CASE("runserver says where it is, serves, and stops at SIGTERM and at SIGINT with exit code 0") {
    const Deployed here;
    for (const int signal : {SIGTERM, SIGINT}) {
        CAPTURE(signal);
        Process server(here.start({"runserver", "--port", "0"}));
        const int port = port_of(server);
        const std::string banner = server.err();
        CHECK(contains(banner, "config development"));
        CHECK(contains(banner, "blog.sqlite"));
        CHECK(contains(banner, "process " + std::to_string(server.pid())));
        CHECK(get(port, "/").starts_with("HTTP/1.1 200 "));
        server.send(signal);
        const Finished result = server.wait();
        CHECK(result.exit_code == 0);
        CHECK(result.out.empty());
    }
}

TEST_CASE("A signal right after the start stops the server all the same") {
    const Deployed here;
    for (int i = 0; i < 5; ++i) {
        Process server(here.start({"runserver", "--port", "0"}));
        server.wait_for("Dewar is at");
        server.send(SIGTERM);
        CHECK(server.wait().exit_code == 0);
    }
}

TEST_CASE("A second signal ends a server at once that waits for a client") {
    const Deployed here;
    Process server(here.start({"runserver", "--port", "0"}));
    const Socket slow = Socket::connected(port_of(server));
    slow.send("GET / HTTP/1.1\r\nHost: ");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until a worker reads it
    server.send(SIGTERM);
    server.wait_for("a second signal stops at once");
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("A server ends with the terminal in which it was started, and SIGHUP alone does not end it") {
    const Deployed here;
    Terminal terminal(here, {"runserver", "--port", "0"});
    terminal.wait_for("Press Ctrl-C");
    kill(terminal.pid(), SIGHUP);
    kill(terminal.pid(), SIGUSR1);
    const std::string before = "http://127.0.0.1:";
    const int port = std::stoi(terminal.shown().substr(terminal.shown().find(before) + before.size()));
    CHECK(get(port, "/").starts_with("HTTP/1.1 200 "));
    terminal.wait_for(" 200 ");
    terminal.hang_up();
    CHECK(terminal.wait() == 0);
}

TEST_CASE("The options of runserver win over the environment") {
    Deployed here;
    here.environment["APP_SERVER__PORT"] = "1";
    here.environment["APP_SERVER__HOST"] = "203.0.113.1";
    Process server(here.start({"runserver", "--host", "127.0.0.1", "--port", "0", "--workers", "2"}));
    CHECK(port_of(server) > 1024);
}

TEST_CASE("Where the log is JSON the banner is a line of it") {
    Deployed here;
    here.environment["APP_LOG__FORMAT"] = "json";
    Process server(here.start({"runserver", "--port", "0"}));
    CHECK(server.wait_for("serving http://127.0.0.1:").starts_with("{"));
}

TEST_CASE("A busy port is refused in one line that says what to do") {
    const Deployed here;
    const Socket other = Socket::listening();
    const std::string port = std::to_string(other.port());
    check_refused(here.manage({"runserver", "--port", port}), "port " + port + " on 127.0.0.1 is in use");
}

TEST_CASE("A second server on the port of the first is refused") {
    const Deployed here;
    Process server(here.start({"runserver", "--port", "0"}));
    const std::string port = std::to_string(port_of(server));
    check_refused(here.manage({"runserver", "--port", port}), "is in use");
}

TEST_CASE("A port that needs privileges is refused in one line") {
    if (read_text("/proc/sys/net/ipv4/ip_unprivileged_port_start") < "1") {
        MESSAGE("not tested: on this machine no port needs privileges");
        return;
    }
    Installation here;
    here.give_to_nobody();
    Start deploy = here.start({"deploy"});
    deploy.as_nobody = true;
    REQUIRE(run(deploy).exit_code == 0);
    Start start = here.start({"runserver", "--port", "1"});
    start.as_nobody = true;
    check_refused(run(start), "port 1 needs privileges");
}

TEST_CASE("A host that is none of this machine is refused in one line") {
    const Deployed here;
    check_refused(here.manage({"runserver", "--host", "203.0.113.1", "--port", "0"}),
                  "203.0.113.1 is no address of this machine");
    check_refused(here.manage({"runserver", "--host", "no.such.host.invalid", "--port", "0"}),
                  "host \"no.such.host.invalid\" is not known");
}

TEST_CASE("A database without the schema is refused with the command that mends it") {
    const Deployed here;
    const auto database = app::db::open({.url = "sqlite:///" + (here.path() / "blog.sqlite").string()});
    database->write([](app::db::Connection& connection) { connection.execute("DELETE FROM schema_migrations"); });
    check_refused(here.manage({"runserver", "--port", "0"}), "run `manage deploy`");
    check_refused(Installation().manage({"runserver", "--port", "0"}), "`manage deploy`");
}

TEST_CASE("A missing or a weak secret key is refused in production, and not shown") {
    Installation here;
    REQUIRE(here.manage({"deploy", "--config", "standalone"}).exit_code == 0);
    const std::vector<std::string> runserver{"runserver", "--port", "0", "--config", "standalone"};
    here.environment["SECRET_KEY"] = "geheim";
    const Finished weak = here.manage(runserver);
    check_refused(weak, "SECRET_KEY is weak: it is shorter than 32 bytes; make a key with `manage secret-key`");
    CHECK_FALSE(contains(weak.err, "geheim"));
    here.environment.erase("SECRET_KEY");
    check_refused(here.manage(runserver), "SECRET_KEY is not set; make a key with `manage secret-key`");
}

TEST_CASE("The config testing serves without a deploy, from a database that is gone afterwards") {
    Installation here;
    here.environment.erase("DATABASE_URL");
    here.environment["APP_LOG__LEVEL"] = "info";
    Process server(here.start({"runserver", "--config", "testing"}));
    CHECK(get(port_of(server), "/").starts_with("HTTP/1.1 200 "));
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    CHECK(std::filesystem::is_empty(here.path()));
}
