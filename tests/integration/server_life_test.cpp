// labels: concurrent
// The beginning and the end of a server: its port, and what is under way when it stops.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <deque>
#include <future>
#include <latch>
#include <vector>

#include "app/base/error.hpp"
#include "app/http/server.hpp"
#include "tests/integration/support/running.hpp"
#include "tests/support/checks.hpp"

namespace {

using app::http::Port;
using app::http::Server;
using app::http::ServerOptions;
using app::http::Service;
using tests::Running;

const Service hello{.handle = [](const app::web::Request&) { return app::web::text_response("hello\n"); }};

std::string message_of(ServerOptions options) {
    try {
        Server(std::move(options), hello).bind();
    } catch (const app::base::Error& error) {
        CHECK(std::string(app::base::to_string(error.code())) == "unavailable");
        return error.message();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a port in use, an unknown host and a foreign address are refused in one line that says what to do") {
    const Running running{hello};
    CHECK(message_of({.port = running.port()}) ==
          "port " + std::to_string(running.port()) +
              " on 127.0.0.1 is in use by another program; choose another one with --port");
    CHECK(message_of({.host = "0.0.0.0", .port = running.port()}).find("is in use") != std::string::npos);
    CHECK(message_of({.host = "192.0.2.1", .port = 0}).find("192.0.2.1 is no address of this machine; use --host 0.0.0.0") == 0);
    CHECK(message_of({.host = "no such host", .port = 0}).find("host \"no such host\" is not known") == 0);
    CHECK(tests::Client{running.port()}.port() == running.port());
    CHECK(
        tests::parse_answer(tests::raw_exchange(running.port(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).body ==
        "hello\n");
}

TEST_CASE("a request that is under way when the server stops is answered") {
    std::latch entered{3}, release{1};
    Running running{Service{.handle = [&](const app::web::Request&) {
        entered.count_down();
        release.wait();
        return app::web::text_response("late\n");
    }}};
    std::vector<std::future<std::string>> answers;
    for (int i = 0; i < 3; ++i) {
        answers.push_back(std::async(std::launch::async, [&] {
            return tests::raw_exchange(running.port(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        }));
    }
    entered.wait();
    running.server().stop();
    running.server().stop();  // a second signal
    release.count_down();
    for (auto& answer : answers) CHECK(tests::parse_answer(answer.get()).body == "late\n");
    running.stop();
    CHECK_THROWS(tests::Connection{running.port()});
}

TEST_CASE("a server that was stopped before run does not serve, and gives its port back") {
    int port = 0;
    {
        Server server{{.port = 0, .workers = 2}, hello};
        port = server.bind();
        server.stop();
        server.stop();
        server.run();  // returns at once
    }
    const Running next{hello, {.port = port, .workers = 2}};
    CHECK(next.port() == port);
}

TEST_CASE("a server that is bound and never run gives its port back") {
    int port = 0;
    {
        Server server{{.port = 0, .workers = 2}, hello};
        port = server.bind();
    }
    const Running next{hello, {.port = port, .workers = 2}};
    CHECK(next.port() == port);
}

TEST_CASE("a stop may come at any moment of the start") {
    for (int i = 0; i < 20; ++i) {
        Server server{{.port = 0, .workers = 2}, hello};
        server.bind();
        std::thread runner([&] { server.run(); });
        if (i % 2) std::this_thread::sleep_for(std::chrono::microseconds(100 * i));
        server.stop();
        runner.join();
    }
}

TEST_CASE("two servers share a port, and when one stops every connection goes to the other") {
    const auto named = [](const std::string& name) {
        return Service{.handle = [name](const app::web::Request&) { return app::web::text_response(name); }};
    };
    const std::string get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    Port port = app::http::open_port("127.0.0.1", 0, 128);
    const int number = port.number();
    Server first{{.workers = 2}, named("first")}, second{{.workers = 2}, named("second")};
    CHECK(first.listen(Port{app::base::Descriptor(::dup(port.socket()))}) == number);
    second.listen(std::move(port));
    std::thread first_runner([&] { first.run(); });
    CHECK(tests::parse_answer(tests::raw_exchange(number, get)).body == "first");
    std::thread second_runner([&] { second.run(); });
    for (int i = 0; i < 100; ++i) {
        if (i == 50) first.stop();
        CHECK(tests::parse_answer(tests::raw_exchange(number, get)).status == 200);
    }
    first_runner.join();
    CHECK(tests::parse_answer(tests::raw_exchange(number, get)).body == "second");
    second.stop();
    second_runner.join();
}

TEST_CASE("what is no listening TCP socket is refused as a port") {
    const auto refused = [](int socket) {
        const auto error = tests::error_of([&] { Port{app::base::Descriptor(socket)}; });
        REQUIRE(error.has_value());
        CHECK(tests::contains(error->message(), "handed over as the port to serve, but it is no listening TCP socket"));
    };
    refused(::socket(AF_INET, SOCK_STREAM, 0));
    refused(::socket(AF_INET, SOCK_DGRAM, 0));
    refused(::open("/dev/null", O_RDONLY));
    const int local = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un any{AF_UNIX, {}};
    REQUIRE(::bind(local, reinterpret_cast<const sockaddr*>(&any), sizeof any.sun_family) == 0);
    REQUIRE(::listen(local, 1) == 0);
    refused(local);
}

TEST_CASE("a hundred clients that come at once wait their turn, and each is answered") {
    Server server{{.port = 0, .workers = 4}, hello};
    const int port = server.bind();
    std::deque<tests::Connection> clients;
    for (int i = 0; i < 100; ++i) clients.emplace_back(port).send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::thread runner([&] { server.run(); });
    for (auto& client : clients) CHECK(client.receive().body == "hello\n");
    server.stop();
    runner.join();
}

TEST_CASE("port 0 is any free port, another one each time") {
    const Running one{hello}, two{hello};
    CHECK(one.port() > 0);
    CHECK(two.port() > 0);
    CHECK(one.port() != two.port());
}
