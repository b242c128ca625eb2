// labels: concurrent
// Connections come and go, in numbers and in bad ways, the server drains and runs out of descriptors: nothing stays behind.
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <latch>

#include "tests/integration/support/running.hpp"

namespace {

using namespace std::chrono_literals;
using tests::echo;
using tests::get;
using tests::Running;
using tests::small_options;

const std::string get_and_close = get("/", "Connection: close\r\n");

// A connection whose end is a reset: what a client that crashes leaves.
void send_and_reset(int port, std::string_view bytes, bool wait_for_answer) {
    tests::Connection connection{port};
    connection.send(bytes);
    if (wait_for_answer) connection.receive();
    connection.reset();
}

}  // namespace

TEST_CASE("two thousand short connections are served, and none is left") {
    const Running running{echo()};
    const int at_rest = tests::descriptors_at_rest(running.port());
    int served = 0;
    for (int i = 0; i < 2000; ++i) {
        tests::Connection connection{running.port()};
        connection.send(i % 2 ? get_and_close : get("/worker"));
        served += connection.receive().status == 200;
    }
    CHECK(served == 2000);
    CHECK(tests::soon([&] { return tests::open_descriptors() == at_rest; }));
}

TEST_CASE("clients that vanish at any moment leave no connection behind") {
    const Running running{{.handle =
                               [](const app::web::Request& request) {
                                   if (request.target == "/worker") std::this_thread::sleep_for(2ms);
                                   return app::web::text_response(std::string(1'000'000, 'x'));
                               },
                           .may_wait = echo().may_wait}};
    const int at_rest = tests::descriptors_at_rest(running.port());
    for (int i = 0; i < 50; ++i) {
        send_and_reset(running.port(), "", false);
        send_and_reset(running.port(), "GET / HT", false);
        send_and_reset(running.port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", false);
        send_and_reset(running.port(), get(), false);               // in mid-answer
        send_and_reset(running.port(), get("/worker"), false);      // while a worker has it
        send_and_reset(running.port(), get() + get(), true);        // with an answer unread
        send_and_reset(running.port(), "nonsense\r\n\r\n", false);  // while it is refused
        tests::Connection{running.port()}.send(get("/worker"));     // closed, not reset
        tests::Connection{running.port()}.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
    }
    CHECK(tests::soon([&] { return tests::open_descriptors() == at_rest; }));
    CHECK(tests::parse_answer(tests::raw_exchange(running.port(), get_and_close)).status == 200);
}

TEST_CASE("an answer for a client that went away goes to nobody, not to the next one in its place") {
    std::latch entered{1}, release{1};
    const Running running{tests::waiting(entered, release)};
    {
        tests::Connection gone{running.port()};
        gone.send(get("/worker/wait"));
        entered.wait();
        gone.reset();
    }
    std::this_thread::sleep_for(50ms);
    std::deque<tests::Connection> next;
    for (int i = 0; i < 4; ++i) next.emplace_back(running.port());
    release.count_down();
    std::this_thread::sleep_for(50ms);
    for (auto& connection : next) {
        connection.send(get("/mine"));
        CHECK(connection.receive().body == "/mine");
    }
}

TEST_CASE("a thousand idle connections leave those that are active unhurt, and can be used later") {
    rlimit descriptors{};  // both ends are in this process
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = std::min<rlim_t>(descriptors.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    const Running running{echo()};
    std::deque<tests::Connection> idle;
    for (int i = 0; i < 1000; ++i) idle.emplace_back(running.port());
    tests::Connection active{running.port()};
    const auto took = tests::time_of([&] {
        for (int i = 0; i < 1000; ++i) {
            active.send(get(i % 2 ? "/loop" : "/worker"));
            CHECK(active.receive().status == 200);
        }
    });
    CHECK(took < 5s);
    for (auto& connection : idle) connection.send(get());
    for (auto& connection : idle) CHECK(connection.receive().status == 200);
}

TEST_CASE("a server that stops answers what is under way, gives kept connections one answer more and closes idle ones") {
    std::latch entered{1}, release{1};
    Running running{tests::waiting(entered, release)};
    tests::Connection under_way{running.port()}, half_sent{running.port()}, idle{running.port()}, kept{running.port()};
    idle.send(get());
    CHECK(idle.receive().status == 200);
    half_sent.send("GET /half HTTP/1.1\r\n");
    std::this_thread::sleep_for(1100ms);  // now `idle` has been so for more than a second
    kept.send(get());
    CHECK_FALSE(kept.receive().has("Connection"));
    under_way.send(get("/worker/wait"));
    entered.wait();
    std::thread stopper([&] { running.stop(); });
    CHECK(tests::time_of([&] { CHECK(idle.receive_all().empty()); }) < 900ms);
    running.server().stop();  // a second signal changes nothing
    kept.send(get("/one-more") + get("/too-much"));
    half_sent.send("Host: x\r\n\r\n");
    for (auto* connection : {&kept, &half_sent}) {
        const auto answer = tests::parse_answer(connection->receive_all());
        CHECK(answer.status == 200);
        CHECK(answer.header("Connection") == "close");
    }
    CHECK_THROWS(tests::Connection{running.port()});
    release.count_down();
    const auto answer = tests::parse_answer(under_way.receive_all());
    CHECK(answer.body == "/worker/wait");
    CHECK(answer.header("Connection") == "close");
    stopper.join();
}

TEST_CASE("a server that stops closes all that is left when its grace is over") {
    auto options = small_options();
    options.grace_ms = 500;
    Running running{echo(), options};
    tests::Connection half_sent{running.port()}, quiet{running.port()};
    half_sent.send("GET /half HTTP/1.1\r\n");
    quiet.send(get());
    CHECK(quiet.receive().status == 200);
    const auto took = tests::time_of([&] { running.stop(); });
    CHECK(took >= 400ms);
    CHECK(took < 3s);
    CHECK(half_sent.receive_all().empty());
    CHECK(quiet.receive_all().empty());
}

TEST_CASE("what waits for a worker when the grace is over is not done any more, what is running ends") {
    std::latch entered{1}, release{1};
    std::atomic<int> done{0};
    app::http::ServerOptions options{.port = 0, .threads = 1, .workers = 1, .grace_ms = 200};
    Running running{{.handle =
                         [&](const app::web::Request&) {
                             entered.count_down();
                             release.wait();
                             ++done;
                             return app::web::text_response("");
                         }},
                    options};
    std::deque<tests::Connection> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back(running.port()).send(get("/worker"));
        if (i == 0) entered.wait();
    }
    std::thread stopper([&] { running.stop(); });
    for (auto& client : clients) CHECK(client.receive_all().empty());  // the grace is over
    std::this_thread::sleep_for(100ms);
    release.count_down();
    stopper.join();
    CHECK(done == 1);
}

TEST_CASE("a server without connections stops at once") {
    Running running{echo()};
    CHECK(tests::parse_answer(tests::raw_exchange(running.port(), get_and_close)).status == 200);
    CHECK(tests::time_of([&] { running.stop(); }) < 2s);
}

TEST_CASE("a server that runs out of descriptors survives, and serves again when some are free") {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    std::fflush(nullptr);
    const pid_t server = ::fork();
    if (server == 0) {  // before any thread of this test: the child has only its own
        const rlimit few{.rlim_cur = 40, .rlim_max = 40};
        ::setrlimit(RLIMIT_NOFILE, &few);
        const Running running{echo()};
        const int port = running.port();
        if (::write(ready[1], &port, sizeof port) != sizeof port) ::_exit(1);
        ::pause();
        ::_exit(0);
    }
    int port = 0;
    REQUIRE(::read(ready[0], &port, sizeof port) == sizeof port);
    {
        std::deque<tests::Connection> many;
        for (int i = 0; i < 100; ++i) many.emplace_back(port);
        std::this_thread::sleep_for(300ms);
        many.front().send(get());
        CHECK(many.front().receive().status == 200);  // who is in is served
    }
    CHECK(tests::soon([&] { return tests::parse_answer(tests::raw_exchange(port, get_and_close)).status == 200; }));
    CHECK(::waitpid(server, nullptr, WNOHANG) == 0);  // it is still there
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
}
