// labels: concurrent
// What the engine does with who is slow, silent, too large or too many: each limit with its answer, and nobody else is harmed.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <latch>

#include "tests/integration/support/running.hpp"

namespace {

using namespace std::chrono_literals;
using app::http::Limits;
using tests::echo;
using tests::get;
using tests::post;
using tests::Running;
using tests::small_options;

// What a refused connection says: one answer with a short JSON body, then its end.
tests::Answer refused(tests::Connection& connection) {
    const auto answer = tests::parse_answer(connection.receive_all());
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.header("Content-Type").starts_with("application/json"));
    CHECK(answer.header("Date").ends_with(" GMT"));
    CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
    CHECK(answer.body.starts_with("{\"error\":\""));
    return answer;
}

int refused_status(int port, std::string_view bytes) {
    tests::Connection connection{port};
    connection.send(bytes);
    return refused(connection).status;
}

// A worker that waits until it is released; everything else is served at once.
app::http::Service waiting(std::latch& entered, std::latch& release) {
    return {.handle =
                [&](const app::web::Request& request) {
                    if (request.target == "/worker/wait") {
                        entered.count_down();
                        release.wait();
                    }
                    return app::web::text_response(std::string(request.target));
                },
            .may_wait = echo().may_wait};
}

const std::string chunked_head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_CASE("what is too large or no HTTP is refused with its status, a short JSON body and the end of the connection") {
    const Running running{echo(), small_options({.head_bytes_max = 20000, .body_bytes_max = 1000})};
    const int port = running.port();
    CHECK(refused_status(port, get("/", "X: " + std::string(30000, 'a') + "\r\n")) == 431);
    std::string fields;
    for (int i = 0; i < 101; ++i) fields += "X: y\r\n";
    CHECK(refused_status(port, get("/", fields)) == 431);
    CHECK(refused_status(port, get("/" + std::string(9000, 'a'))) == 414);
    CHECK(refused_status(port, post("/", std::string(1001, 'b'))) == 413);
    CHECK(refused_status(port, chunked_head + "3e9\r\n") == 413);
    CHECK(refused_status(port, chunked_head + "3e8\r\n" + std::string(1000, 'b') + "\r\n1\r\n") == 413);
    CHECK(refused_status(port, chunked_head + "-2\r\n") == 400);
    CHECK(refused_status(port, "GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(refused_status(port, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n") == 501);
    CHECK(refused_status(port, "GET / HTTP/2.0\r\nHost: x\r\n\r\n") == 505);
}

TEST_CASE("what stands before a refused request is answered, what stands behind it is not") {
    const Running running{echo()};
    tests::Connection connection{running.port()};
    connection.send(get("/1") + get("/worker/2") + "GET /3 HTTP/1.1\r\n\r\n" + get("/4"));
    CHECK(connection.receive().body == "GET /1 ");
    CHECK(connection.receive().body == "GET /worker/2 ");
    CHECK(refused(connection).status == 400);
}

TEST_CASE("a client that goes on sending a refused body gets the answer and no reset") {
    const Running running{echo(), small_options({.body_bytes_max = 1000})};
    for (int i = 0; i < 20; ++i) {
        tests::Connection connection{running.port()};
        connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
        for (int part = 0; part < 100; ++part) connection.send(std::string(10000, 'b'));
        CHECK(refused(connection).status == 413);
    }
}

TEST_CASE("a head that does not come in time is answered 408, and so is a body that is too slow") {
    const Running running{echo(), small_options({.head_timeout_ms = 300, .body_bytes_per_second_min = 1000})};
    tests::Connection head{running.port()}, body{running.port()}, chunks{running.port()}, good{running.port()};
    head.send("GET / HT");
    body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
    chunks.send(chunked_head + "5\r\nab");
    CHECK(tests::time_of([&] { CHECK(refused(head).status == 408); }) < 3s);
    CHECK(refused(body).status == 408);
    CHECK(refused(chunks).status == 408);
    good.send(get());
    CHECK(good.receive().status == 200);  // idle for as long: that is no fault
}

TEST_CASE("a head that comes byte by byte has no more time than another one") {
    const Running running{echo(), small_options({.head_timeout_ms = 300})};
    tests::Connection connection{running.port()};
    const auto took = tests::time_of([&] {
        for (int i = 0; i < 40; ++i) {
            connection.send("G");
            std::this_thread::sleep_for(30ms);
        }
        CHECK(refused(connection).status == 408);
    });
    CHECK(took < 5s);
}

TEST_CASE("a connection that stays idle is closed without a word") {
    const Running running{echo(), small_options({.idle_timeout_ms = 300})};
    tests::Connection silent{running.port()}, used{running.port()};
    used.send(get());
    CHECK(used.receive().status == 200);
    CHECK(silent.receive_all().empty());
    CHECK(used.receive_all().empty());
}

TEST_CASE("a client that does not take its answer is given up, and harms nobody") {
    const Running running{{.handle = [](const app::web::Request&) { return app::web::text_response(std::string(20'000'000, 'x')); },
                           .may_wait = echo().may_wait},
                          small_options({.write_stall_timeout_ms = 500})};
    const int idle = tests::descriptors_at_rest(running.port());
    {
        tests::Connection stalled{running.port()};
        stalled.send(get());
        tests::Connection other{running.port()};
        other.send(get());
        CHECK(other.receive().body.size() == 20'000'000);
        CHECK(tests::soon([&] { return tests::open_descriptors() == idle + 3; }));  // the two here, and the other's there
        CHECK(stalled.receive_all().size() < 20'000'000);
    }
    CHECK(tests::soon([&] { return tests::open_descriptors() == idle; }));
}

TEST_CASE("unfinished requests beyond what the server may hold are answered 503") {
    const Running running{echo(), small_options({.buffered_bytes_max = 100'000})};
    tests::Connection first{running.port()}, second{running.port()};
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n";
    first.send(head + std::string(80'000, 'a'));
    std::this_thread::sleep_for(100ms);
    second.send(head + std::string(80'000, 'b'));
    const auto answer = refused(second);
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "1");
    first.send(std::string(10'000, 'a'));
    CHECK(first.receive().body.size() == 90'007);
}

TEST_CASE("bodies that wait for a worker count among what the server holds") {
    std::latch entered{1}, release{1};
    const Running running{waiting(entered, release), small_options({.buffered_bytes_max = 100'000})};
    tests::Connection first{running.port()}, second{running.port()};
    first.send(post("/worker/wait", std::string(80'000, 'a')));
    entered.wait();
    second.send(post("/", std::string(80'000, 'b')));
    CHECK(refused(second).status == 503);
    release.count_down();
    CHECK(first.receive().status == 200);
    CHECK(tests::soon([&] {
        tests::Connection third{running.port()};
        third.send(post("/", std::string(80'000, 'c')));
        return third.receive().status == 200;
    }));
}

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
    CHECK(tests::soon([&] { return tests::parse_answer(tests::raw_exchange(running.port(), get("/", "Connection: close\r\n"))).status == 200; }));
}

TEST_CASE("connections of one address beyond its share are answered 503, other addresses are served") {
    const Running running{echo(), {.host = "0.0.0.0", .port = 0, .threads = 2, .workers = 1, .limits = {.connections_per_address_max = 2}}};
    std::deque<tests::Connection> kept;
    for (int i = 0; i < 2; ++i) {
        kept.emplace_back(running.port()).send(get());
        CHECK(kept.back().receive().status == 200);
    }
    CHECK(refused_status(running.port(), get()) == 503);

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
    CHECK(tests::soon([&] { return tests::parse_answer(tests::raw_exchange(running.port(), get("/", "Connection: close\r\n"))).status == 200; }));
}

TEST_CASE("a request for which no worker and no place in the queue is free is answered 503, and its connection goes on") {
    std::latch entered{1}, release{1};
    const Running running{waiting(entered, release),
                          {.port = 0, .threads = 1, .workers = 1, .limits = {.queue_max = 1}}};
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
