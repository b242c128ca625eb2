// labels: concurrent
// Requests that are too large, too slow or too much at once: each limit with its answer.
#include <latch>

#include "tests/integration/support/running.hpp"

namespace {

using namespace std::chrono_literals;
using tests::echo;
using tests::get;
using tests::post;
using tests::refused;
using tests::Running;
using tests::small_options;

int refused_status(int port, std::string_view bytes) {
    tests::Connection connection{port};
    connection.send(bytes);
    return refused(connection).status;
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

TEST_CASE("a body that is JSON or XML has a limit of its own, checked before it is read and while its chunks come") {
    const Running running{echo(), small_options({.body_bytes_max = 2000, .json_body_bytes_max = 1000})};
    const auto head = [](std::string_view type) { return "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string(type); };
    for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/xml", "text/xml ; a=b",
                             "application/problem+json", "application/atom+XML"}) {
        CAPTURE(type);
        CHECK(refused_status(running.port(), head(type) + "\r\nContent-Length: 1001\r\n\r\n") == 413);
        CHECK(refused_status(running.port(), head(type) + "\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n") == 413);
        CHECK(refused_status(running.port(), head(type) + "\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n") == 413);
        CHECK(refused_status(running.port(), head(type) + "\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                                                 std::string(1000, 'b') + "\r\n1\r\n") == 413);
        tests::Connection connection{running.port()};
        connection.send(head(type) + "\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'b'));
        CHECK(connection.receive().status == 200);
    }
    for (const char* type :
         {"text/plain", "application/jsonx", "text/json", "application/xml-dtd", "multipart/form-data", "json"}) {
        CAPTURE(type);
        tests::Connection connection{running.port()};
        connection.send(head(type) + "\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'b'));
        CHECK(connection.receive().status == 200);
    }
    CHECK(refused_status(running.port(), head("text/plain\r\nContent-Type: text/xml") + "\r\nContent-Length: 1001\r\n\r\n") ==
          413);
}

TEST_CASE("a refusal in answer to HEAD has the length of its body and no body") {
    const Running running{echo(), small_options({.body_bytes_max = 1000, .head_timeout_ms = 300})};
    for (const char* bytes : {"HEAD / HTTP/1.1\r\n\r\n", "\r\nHEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n",
                              "HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", "HEAD / HT"}) {
        CAPTURE(bytes);
        const auto answer = tests::parse_answer(tests::raw_exchange(running.port(), bytes));
        CHECK(answer.status >= 400);
        CHECK(std::stoi(answer.header("Content-Length")) > 10);
        CHECK(answer.body.empty());
    }
    tests::Connection connection{running.port()};
    connection.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.receive(true).status == 200);
    connection.send("nonsense\r\n\r\n");
    CHECK_FALSE(refused(connection).body.empty());  // that was no HEAD
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
    const Running running{
        {.handle = [](const app::web::Request&) { return app::web::text_response(std::string(20'000'000, 'x')); },
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
    const Running running{tests::waiting(entered, release), small_options({.buffered_bytes_max = 100'000})};
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
