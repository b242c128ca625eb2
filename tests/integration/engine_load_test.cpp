// labels: concurrent
// More clients, and greedier ones, than the engine can serve at once: who is too many is told so, and nobody else is harmed.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <latch>

#include "tests/integration/support/running.hpp"

namespace {

using namespace std::chrono_literals;
using tests::echo;
using tests::get;
using tests::refused;
using tests::Running;
using tests::small_options;
using tests::waiting;

bool is_served(int port) {
    return tests::parse_answer(tests::raw_exchange(port, get("/", "Connection: close\r\n"))).status == 200;
}

}  // namespace

TEST_CASE("connections beyond the most are answered 503 with Retry-After, until one goes") {
    const Running running{echo(), small_options({.connections_max = 3})};
    std::deque<tests::Connection> kept;
    for (int i = 0; i < 3; ++i) {
        kept.emplace_back(running.port()).send(get());
        CHECK(kept.back().receive().status == 200);
    }
    {
        tests::Connection one_more{running.port()};
        one_more.send(get());
        const auto answer = refused(one_more);
        CHECK(answer.status == 503);
        CHECK(answer.header("Retry-After") == "1");
    }
    kept.pop_front();
    CHECK(tests::soon([&] { return is_served(running.port()); }));
}

TEST_CASE("connections of one address beyond its share are answered 503, other addresses are served") {
    auto options = small_options({.connections_per_address_max = 2});
    options.host = "0.0.0.0";
    options.threads = 2;
    const Running running{echo(), options};
    std::deque<tests::Connection> kept;
    for (int i = 0; i < 2; ++i) {
        kept.emplace_back(running.port()).send(get());
        CHECK(kept.back().receive().status == 200);
    }
    {
        tests::Connection one_more{running.port()};
        one_more.send(get());
        CHECK(refused(one_more).status == 503);
    }

    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(running.port()));
    ::inet_pton(AF_INET, "127.0.0.2", &address.sin_addr);
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);  // to 127.0.0.2, and so from there
    sockaddr_in from = address;
    from.sin_port = 0;
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const std::string request = get();
    CHECK(::send(socket, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
    char status[13] = "";
    CHECK(::recv(socket, status, 12, MSG_WAITALL) == 12);
    CHECK(std::string(status) == "HTTP/1.1 200");
    ::close(socket);

    kept.clear();
    CHECK(tests::soon([&] { return is_served(running.port()); }));
}

TEST_CASE("a request for which no worker and no place in the queue is free is answered 503, and its connection goes on") {
    std::latch entered{1}, release{1};
    const Running running{waiting(entered, release), {.port = 0, .threads = 1, .workers = 1, .limits = {.queue_max = 1}}};
    tests::Connection busy{running.port()}, queued{running.port()}, one_more{running.port()};
    busy.send(get("/worker/wait"));
    entered.wait();
    queued.send(get("/worker/queued"));
    std::this_thread::sleep_for(100ms);
    one_more.send(get("/worker/refused"));
    const auto answer = one_more.receive();
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "1");
    CHECK_FALSE(answer.has("Connection"));
    one_more.send(get("/loop"));
    CHECK(one_more.receive().body == "/loop");
    release.count_down();
    CHECK(busy.receive().body == "/worker/wait");
    CHECK(queued.receive().body == "/worker/queued");
}

TEST_CASE("a request that takes too long is answered 503, and nobody else waits for it") {
    std::latch entered{1}, release{1};
    Running running{waiting(entered, release), {.port = 0, .threads = 1, .workers = 2, .request_timeout_ms = 500}};
    tests::Connection slow{running.port()};
    slow.send(get("/worker/wait") + get("/behind"));
    entered.wait();
    std::deque<tests::Connection> others;
    for (int i = 0; i < 64; ++i) others.emplace_back(running.port());
    const auto took = tests::time_of([&] {
        for (int round = 0; round < 5; ++round) {
            for (auto& other : others) other.send(get(round % 2 ? "/loop" : "/worker/other"));
            for (auto& other : others) CHECK(other.receive().status == 200);
        }
    });
    CHECK(took < 3s);
    const auto answer = refused(slow);
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "1");
    release.count_down();  // its answer comes too late, and goes to nobody
    for (auto& other : others) other.send(get("/worker/after"));
    for (auto& other : others) CHECK(other.receive().body == "/worker/after");
}

TEST_CASE("a client that sends without a pause keeps nobody waiting") {
    const Running running{{.handle =
                               [](const app::web::Request&) {
                                   const auto until = std::chrono::steady_clock::now() + 1ms;
                                   while (std::chrono::steady_clock::now() < until) continue;
                                   return app::web::text_response("");
                               },
                           .may_wait = echo().may_wait}};
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += get();
    tests::Connection greedy{running.port()}, modest{running.port()};
    std::thread sender([&] { greedy.send(bytes); });
    CHECK(greedy.receive().status == 200);
    const auto took = tests::time_of([&] {
        for (int i = 0; i < 10; ++i) {
            modest.send(get());
            CHECK(modest.receive().status == 200);
        }
    });
    CHECK(took < 1500ms);
    for (int i = 1; i < 3000; ++i) CHECK(greedy.receive().status == 200);
    sender.join();
}

TEST_CASE("a client that sends a refused body without an end keeps nobody waiting and is cut off") {
    const Running running{echo(), small_options({.body_bytes_max = 1000})};
    tests::Connection endless{running.port()}, modest{running.port()};
    std::atomic<bool> ended{false};
    std::thread sender([&] {
        endless.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000000\r\n\r\n");
        const std::string part(100'000, 'b');
        const auto until = std::chrono::steady_clock::now() + 4s;
        while (std::chrono::steady_clock::now() < until) endless.send(part);
        ended = true;
    });
    std::chrono::milliseconds slowest{0};
    while (!ended) {
        slowest = std::max(slowest, tests::time_of([&] {
                               modest.send(get());
                               CHECK(modest.receive().status == 200);
                           }));
        std::this_thread::sleep_for(20ms);
    }
    sender.join();
    CHECK(slowest < 1s);
}
