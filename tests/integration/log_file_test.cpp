// The log of `manage runserver`: in a file, which is rotated while requests are served.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <atomic>

#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;

class Logging : public Installation {
   public:
    Logging() {
        environment["APP_LOG__FILE"] = "dewar.log";
        REQUIRE(manage({"deploy"}).exit_code == 0);
    }
    std::string log(const std::string& name = "dewar.log") const { return read_text(path() / name); }
};

int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

// How many access lines for that path are whole; a piece of one counts as -1000.
int count_lines(const std::string& text, const std::string& target) {
    std::istringstream lines(text);
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!contains(line, target)) continue;
        const bool whole = contains(line, "Z info GET " + target + " 200 body_bytes=") && line.ends_with(" peer=127.0.0.1");
        count += whole ? 1 : -1000;
    }
    return count;
}

}  // namespace

TEST_CASE("the lines of a server go to its log file, and those of other commands do not") {
    const Logging here;
    CHECK_FALSE(std::filesystem::exists(here.path() / "dewar.log"));
    Process server(here.start({"runserver", "--port", "0"}));
    CHECK(Client(port_of(server)).get("/healthz").status == 200);
    CHECK(soon([&] { return count_lines(here.log(), "/healthz") == 1; }));
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    CHECK(contains(here.log(), " info stopped\n"));
    CHECK_FALSE(contains(server.err(), "/healthz"));
}

TEST_CASE("rotating the file under requests loses and cuts no line, with SIGUSR1 as with SIGHUP") {
    const Logging here;
    Process server(here.start({"runserver", "--port", "0"}));
    const int port = port_of(server);
    std::atomic<int> answered = 0;
    std::atomic<bool> over = false;
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back([&] {
            Connection connection(port);
            while (!over) {
                connection.send(get("/healthz"));
                if (connection.receive().status == 200) ++answered;
            }
        });
    }
    std::string all;
    for (int rotation = 0; rotation < 6; ++rotation) {
        const std::string moved = "dewar.log." + std::to_string(rotation);
        CHECK(soon([&] { return count_lines(here.log(), "/healthz") > 0; }));
        std::filesystem::rename(here.path() / "dewar.log", here.path() / moved);
        server.send(rotation % 2 == 0 ? SIGUSR1 : SIGHUP);
        CHECK(soon([&] { return std::filesystem::exists(here.path() / "dewar.log"); }));
    }
    over = true;
    for (std::thread& client : clients) client.join();
    server.send(SIGTERM);
    CHECK(server.wait().exit_code == 0);
    for (int rotation = 0; rotation < 6; ++rotation) all += here.log("dewar.log." + std::to_string(rotation));
    CHECK(answered > 6);
    CHECK(count_lines(all + here.log(), "/healthz") == answered);
}

TEST_CASE("a log file that cannot be made is refused in one line, and one that cannot be reopened stays in use") {
    Logging here;
    here.environment["APP_LOG__FILE"] = "logs/dewar.log";
    const Finished refused = here.manage({"runserver", "--port", "0"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.err == "manage: cannot open the log file logs/dewar.log: No such file or directory\n");

    std::filesystem::create_directory(here.path() / "logs");
    Process server(here.start({"runserver", "--port", "0"}));
    const int port = port_of(server);
    std::filesystem::rename(here.path() / "logs", here.path() / "old");
    server.send(SIGUSR1);
    CHECK(soon([&] { return contains(here.log("old/dewar.log"), "the old one stays in use"); }));
    CHECK(Client(port).get("/healthz").status == 200);
    CHECK(soon([&] { return count_lines(here.log("old/dewar.log"), "/healthz") == 1; }));
}

TEST_CASE("a full disk harms no request, and the log says so when there is room again") {
    const Logging here;
    Process server(here.start({"runserver", "--port", "0"}));
    const Client client(port_of(server));
    rlimit before{};
    const rlimit full{200, RLIM_INFINITY};
    REQUIRE(prlimit(server.pid(), RLIMIT_FSIZE, &full, &before) == 0);
    for (int i = 0; i < 20; ++i) CHECK(client.get("/healthz").status == 200);
    CHECK(soon([&] { return here.log().size() == 200; }));
    REQUIRE(prlimit(server.pid(), RLIMIT_FSIZE, &before, nullptr) == 0);
    CHECK(soon([&] { return count_lines(here.log(), "/healthz") == 20; }));
    CHECK(
        soon([&] { return contains(here.log(), " warning the log is written again, after: File too large; lines lost: 0\n"); }));
}

TEST_CASE("a disk without any room harms no request, and is told once") {
    Logging here;
    here.environment["APP_LOG__FILE"] = "/dev/full";
    Process server(here.start({"runserver", "--port", "0"}));
    const Client client(port_of(server));
    for (int i = 0; i < 20; ++i) CHECK(client.get("/healthz").status == 200);
    const std::string told = "the log file /dev/full cannot be written: No space left on device; its lines wait in memory\n";
    server.wait_for(told);
    server.send(SIGTERM);
    const Finished result = server.wait();
    CHECK(result.exit_code == 0);
    CHECK(result.err.find(told) == result.err.rfind(told));
}

TEST_CASE("a log file that was moved or deleted without a signal is made anew, and no line is lost by moving it") {
    const Logging here;
    Process server(here.start({"runserver", "--port", "0"}));
    const Client client(port_of(server));
    int answered = 0;
    const auto made_anew = [&] {
        return soon([&] {
            if (client.get("/healthz").status == 200) ++answered;
            return contains(here.log(),
                            " warning the log file dewar.log was moved or deleted without SIGUSR1: it is made anew\n");
        });
    };
    std::filesystem::rename(here.path() / "dewar.log", here.path() / "dewar.log.1");
    CHECK(made_anew());
    CHECK(soon([&] { return count_lines(here.log("dewar.log.1") + here.log(), "/healthz") == answered; }));
    std::filesystem::remove(here.path() / "dewar.log");
    CHECK(made_anew());
}

TEST_CASE("a server on standard error ends with all its lines written") {
    Installation here;
    REQUIRE(here.manage({"deploy"}).exit_code == 0);
    Process server(here.start({"runserver", "--port", "0"}));
    const Client client(port_of(server));
    for (int i = 0; i < 50; ++i) CHECK(client.get("/healthz").status == 200);
    server.send(SIGUSR1);
    server.send(SIGTERM);
    CHECK(count_lines(server.wait().err, "/healthz") == 50);
}
