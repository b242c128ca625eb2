// `manage runserver --supervise`: swaps under load, and what happens when one of its processes fails.
// labels: concurrent
#include "app/db/database.hpp"
#include "tests/integration/supervised.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

const std::string password = "a password that is long";

// Clients that keep their connections as long as the server does. Every second one writes posts.
class Load {
   public:
    explicit Load(int port) {
        for (int i = 0; i < 4; ++i) clients_.emplace_back([this, port, i] { ask(port, i); });
    }
    ~Load() { stop(); }

    void stop() {
        over_ = true;
        for (std::thread& client : std::exchange(clients_, {})) client.join();
    }
    int answered() const { return answered_; }
    int posted() const { return posted_; }
    int failed() const { return failed_; }

   private:
    void ask(int port, int number) {
        std::optional<Connection> connection;
        for (int i = 0; !over_; ++i) {
            const std::string text = std::to_string(number) + "-" + std::to_string(i);
            try {
                if (!connection) connection.emplace(port);
                const bool is_post = number % 2 == 1;
                connection->send(is_post ? new_post(text) : post("/_echo", text));
                const Answer answer = connection->receive();
                const bool is_right = answer.status == (is_post ? 201 : 200) && contains(answer.body, text);
                ++(is_right ? answered_ : failed_);
                if (is_post && is_right) ++posted_;
                if (answer.header("Connection") == "close") connection.reset();
            } catch (const std::exception&) {
                ++failed_;
                connection.reset();
            }
        }
    }

    static std::string new_post(const std::string& text) {
        const Header who = basic("ann@example.com", password);
        const std::string body = R"({"body":")" + text + R"("})";
        return "POST /api/v1.0/posts/ HTTP/1.1\r\nHost: x\r\n" + who.first + ": " + who.second +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    std::atomic<bool> over_{false};
    std::atomic<int> answered_{0}, failed_{0}, posted_{0};
    std::vector<std::thread> clients_;
};

void add_writer(const SupervisedInstallation& here) {
    REQUIRE(here.manage({"user", "add", "ann@example.com", "--username", "ann", "--password-stdin"}, password).exit_code == 0);
}

// In the database.
std::int64_t posts_of(const SupervisedInstallation& here) {
    const auto database = app::db::open({.url = "sqlite:///" + (here.path() / "blog.sqlite").string()});
    return database->read([](app::db::Connection& connection) { return connection.integer("SELECT count(*) FROM posts"); });
}

void check_restart_refused(const SupervisedInstallation& here, std::string_view reason) {
    const Finished result = here.manage({"restart"});
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, "the server goes on as it was: worker "), result.err);
    CHECK_MESSAGE(contains(result.err, reason), result.err);
}

}  // namespace

TEST_CASE("five swaps under load lose no request and no post, and the supervisor stays the same process") {
    const SupervisedInstallation here;
    add_writer(here);
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    Load load(here.port());
    for (int i = 0; i < 5; ++i) {
        const int worker = here.number("worker");
        const Finished result = here.manage({"restart"});
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        CHECK(contains(result.out, " serves in place of " + std::to_string(worker)));
        CHECK(here.number("supervisor") == server.pid());
    }
    const int before = load.answered();
    CHECK(soon([&] { return load.answered() > before + 10; }));
    load.stop();
    CHECK(load.failed() == 0);
    CHECK(load.posted() > 0);
    CHECK(posts_of(here) == load.posted());
    CHECK(here.number("swaps") == 5);
    CHECK(here.number("restarts") == 0);
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    CHECK(here.text("state") == "stopped");
    CHECK_FALSE(std::filesystem::exists(here.path() / "instance/runserver.pid"));
}

TEST_CASE("a worker that is killed is replaced, and nobody is refused meanwhile") {
    const SupervisedInstallation here;
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    for (int i = 1; i <= 3; ++i) {
        const int worker = here.number("worker");
        kill(worker, SIGKILL);
        CHECK(here.serves());
        CHECK(in_a_while([&] { return here.is_running() && here.number("worker") != worker; }));
        CHECK(here.number("restarts") == i);
        CHECK(here.text("failure") == "worker " + std::to_string(worker) + " was ended by signal 9 (Killed)");
    }
}

TEST_CASE("a supervisor that is killed is replaced by its worker, and nobody is refused meanwhile") {
    const SupervisedInstallation here;
    add_writer(here);
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    const int port = here.port(), worker = here.number("worker");
    const pid_t killed = server.pid();
    Load load(port);
    server.send(SIGKILL);
    CHECK(
        in_a_while([&] { return here.is_running() && here.number("supervisor") != killed && here.number("worker") != worker; }));
    CHECK(here.port() == port);
    CHECK(in_a_while([&] { return kill(worker, 0) != 0; }));
    CHECK(here.manage({"restart"}).exit_code == 0);
    load.stop();
    CHECK(load.failed() == 0);
    CHECK(here.manage({"stop"}).exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(here.path() / "instance/runserver.pid"));
}

TEST_CASE("a new binary that crashes, or never gets ready, leaves the old one serving, and restart says why") {
    SupervisedInstallation here;
    here.environment["APP_SERVER__READY_TIMEOUT_MS"] = "20000";
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    const int worker = here.number("worker");
    here.replace_program("kill -SEGV $$");
    check_restart_refused(here, " was ended by signal 11 (Segmentation fault)");
    here.replace_program("exit 3");
    check_restart_refused(here, " ended with exit code 3");
    std::filesystem::remove(here.program());
    check_restart_refused(here, " could not be run");
    CHECK(here.number("worker") == worker);
    CHECK(here.serves());
    here.restore_program();
    CHECK(here.manage({"restart"}).exit_code == 0);
    CHECK(here.number("worker") != worker);
    CHECK(here.number("swaps") == 4);
}

TEST_CASE("a new binary that is never ready is killed in time, and a stop meanwhile ends all") {
    SupervisedInstallation here;
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    here.replace_program("exec sleep 1000");
    server.send(SIGUSR2);
    CHECK(soon([&] { return here.text("state") == "swapping"; }));
    CHECK(here.serves());
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    CHECK(here.text("swap_error") == "the server was stopped meanwhile");
}

TEST_CASE("a worker that dies every time is given up, with the reason") {
    SupervisedInstallation here;
    here.environment["APP_SERVER__RESTARTS_MAX"] = "3";
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    here.replace_program("exit 3");
    kill(here.number("worker"), SIGKILL);
    const Finished result = server.wait();
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "manage: given up after 4 failures in a row; the last one: worker "));
    CHECK(contains(result.err, " ended with exit code 3\n"));
    CHECK(here.text("state") == "failed");
    CHECK(here.number("restarts") == 3);
}

TEST_CASE("a server that cannot start says why in one line and is not tried again") {
    SupervisedInstallation here;
    here.environment["DATABASE_URL"] = "sqlite:///other.sqlite";
    here.environment["APP_LOG__LEVEL"] = "error";
    const Finished result = run(here.supervised());
    CHECK(result.exit_code == 1);
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK(contains(result.err, "`manage deploy`"));
    CHECK(here.text("state") == "failed");
    const Running other{echo()};
    Start busy = here.supervised();
    busy.arguments.back() = std::to_string(other.port());
    CHECK(contains(run(busy).err, "manage: port " + std::to_string(other.port()) + " on 127.0.0.1 is in use"));
}

TEST_CASE("Ctrl-C ends supervisor and worker in order, and a second signal ends both at once") {
    const SupervisedInstallation here;
    {
        Terminal terminal(here, {"runserver", "--supervise", "--port", "0"});
        terminal.wait_for("Press Ctrl-C");
        const int worker = here.number("worker");
        terminal.type("\x03");
        CHECK(terminal.wait() == 0);
        CHECK(contains(terminal.shown(), "stopped"));
        CHECK(kill(worker, 0) != 0);
    }
    Process server(here.supervised());
    server.wait_for("Press Ctrl-C");
    Connection slow(here.port());
    slow.send("GET / HTTP/1.1\r\nHost: ");
    CHECK(here.serves());
    const int worker = here.number("worker");
    server.send(SIGTERM);
    CHECK(soon([&] { return here.text("state") == "stopping"; }));
    server.wait_for("a second signal stops at once");
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 128 + SIGTERM);
    CHECK(kill(worker, 0) != 0);
}
