// labels: concurrent
// From bytes to requests and back: however they are cut, whatever order they are served in.
#include "app/base/turn.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using tests::echo;
using tests::get;
using tests::post;
using tests::Running;

}  // namespace

TEST_CASE("a request cut in two anywhere is the request that it is in one piece") {
    const Running running{echo()};
    const std::string chunked =
        "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nT: x\r\n\r\n";
    const std::pair<std::string, std::string> cases[] = {{get("/a?b", "X-Some: thing\r\n"), "GET /a?b "},
                                                         {post("/b", "a body"), "POST /b a body"},
                                                         {chunked, "POST /c hello world"}};
    tests::Connection connection{running.port()};
    for (const auto& [request, body] : cases) {
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            connection.send(std::string_view{request}.substr(0, cut));
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            connection.send(std::string_view{request}.substr(cut));
            CAPTURE(cut);
            CHECK(connection.receive().body == body);
        }
    }
}

TEST_CASE("a request that comes byte by byte is served") {
    const Running running{echo()};
    tests::Connection connection{running.port()};
    for (const std::string& request : {get("/a"), post("/b", "abc")}) {
        for (const char& byte : request) {
            connection.send({&byte, 1});
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
    }
    CHECK(connection.receive().body == "GET /a ");
    CHECK(connection.receive().body == "POST /b abc");
}

TEST_CASE("pipelined requests are answered in their order, whoever serves them") {
    const Running running{{.handle =
                               [](const app::web::Request& request) {
                                   if (request.target.starts_with("/worker"))
                                       std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                   return app::web::text_response(std::string(request.target) + std::string(request.body));
                               },
                           .may_wait = echo().may_wait}};
    std::string bytes;
    for (std::size_t i = 0; i < 20; ++i)
        bytes += post((i % 3 == 0 ? "/worker/" : "/loop/") + std::to_string(i), std::string(i * 100, 'b'));
    tests::Connection connection{running.port()};
    connection.send(bytes);
    for (std::size_t i = 0; i < 20; ++i) {
        CAPTURE(i);
        CHECK(connection.receive().body == (i % 3 == 0 ? "/worker/" : "/loop/") + std::to_string(i) + std::string(i * 100, 'b'));
    }
}

TEST_CASE("more pipelined requests than a socket holds are all answered, in order") {
    const Running running{echo()};
    tests::Connection connection{running.port()};
    constexpr int count = 20000;
    std::thread sender([&] {
        std::string bytes;
        for (int i = 0; i < count; ++i) bytes += get("/" + std::to_string(i));
        connection.send(bytes);
    });
    int right = 0;
    for (int i = 0; i < count; ++i) right += connection.receive().body == "GET /" + std::to_string(i) + " ";
    sender.join();
    CHECK(right == count);
}

TEST_CASE("a body larger than any buffer arrives whole, and so does its answer") {
    const Running running{echo()};
    std::string body(5'000'000, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);
    for (const char* target : {"/loop", "/worker"}) {
        tests::Connection connection{running.port()};
        connection.send(post(target, body));
        CHECK(connection.receive().body == "POST " + std::string(target) + " " + body);
    }
}

TEST_CASE("HEAD has the length of the answer to GET and no body, and 204 has neither") {
    const Running running{{.handle = [](const app::web::Request& request) {
        auto response = app::web::text_response("hello\n");
        if (request.target == "/none") response.status = 204;
        return response;
    }}};
    tests::Connection connection{running.port()};
    connection.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get("/none") + get("/", "Connection: close\r\n"));
    CHECK(connection.receive(true).header("Content-Length") == "6");
    const auto none = connection.receive();
    CHECK(none.status == 204);
    CHECK_FALSE(none.has("Content-Length"));
    CHECK(connection.receive().body == "hello\n");
    CHECK(connection.receive_all().empty());
}

TEST_CASE("an absolute target is served as its path, with its own host") {
    const Running running{{.handle = [](const app::web::Request& request) {
        return app::web::text_response(std::string(request.target) + " of " + std::string(request.header("Host").value_or("")));
    }}};
    CHECK(
        tests::parse_answer(
            tests::raw_exchange(running.port(), "GET http://example.com:80/a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            .body == "/a?b of example.com:80");
}

TEST_CASE("a connection is kept or closed as the client's version and Connection say") {
    const Running running{echo()};
    for (const char* target : {"/loop", "/worker"}) {
        const std::string line = std::string("GET ") + target;
        CHECK(tests::parse_answer(tests::raw_exchange(running.port(), line + " HTTP/1.0\r\n\r\n")).header("Connection") ==
              "close");
        CHECK(tests::parse_answer(
                  tests::raw_exchange(running.port(), line + " HTTP/1.1\r\nHost: x\r\nConnection: foo , CLOSE,\r\n\r\n"))
                  .header("Connection") == "close");
        tests::Connection kept{running.port()};
        for (int i = 0; i < 2; ++i) {
            kept.send(line + " HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
            CHECK(kept.receive().header("Connection") == "keep-alive");
        }
        kept.send(line + " HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK_FALSE(kept.receive().has("Connection"));
    }
}

TEST_CASE("who waits for 100 Continue gets it before the body is read, or the refusal alone") {
    const Running running{echo(), tests::small_options({.body_bytes_max = 1000})};
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    for (const auto& [framing, body] : {std::pair{"Content-Length: 2\r\n\r\n", "ab"},
                                        std::pair{"Transfer-Encoding: chunked\r\n\r\n", "2\r\nab\r\n0\r\n\r\n"}}) {
        tests::Connection connection{running.port()};
        connection.send(head + framing);
        CHECK(connection.receive().status == 100);
        connection.send(body);
        CHECK(connection.receive().body == "POST / ab");
        connection.send(head + "Content-Length: 2\r\n\r\nab");  // it did not wait: nothing to say
        CHECK(connection.receive().status == 200);
    }
    CHECK(tests::parse_answer(tests::raw_exchange(running.port(), head + "Content-Length: 1001\r\n\r\n")).status == 413);
    CHECK(tests::parse_answer(
              tests::raw_exchange(running.port(), "POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n"))
              .status == 417);
}

TEST_CASE("a client that has said all it had to say still gets its answers") {
    const Running running{echo()};
    for (const char* target : {"/loop", "/worker"}) {
        tests::Connection connection{running.port()};
        connection.send(get(target) + post(target, std::string(3'000'000, 'x')));
        connection.finish_sending();
        CHECK(connection.receive().body == "GET " + std::string(target) + " ");
        CHECK(connection.receive().body.size() > 3'000'000);
        CHECK(connection.receive_all().empty());
    }
}

TEST_CASE("a header that would break out of its line is an internal error, and the connection goes on") {
    const Running running{{.handle =
                               [](const app::web::Request& request) {
                                   auto response = app::web::text_response("x");
                                   if (request.target.ends_with("bad")) response.headers.emplace_back("X", "a\r\nInjected: yes");
                                   return response;
                               },
                           .may_wait = echo().may_wait}};
    tests::Connection connection{running.port()};
    for (const char* target : {"/bad", "/worker/bad"}) {
        connection.send(get(target));
        const auto answer = connection.receive();
        CHECK(answer.status == 500);
        CHECK_FALSE(answer.has("Injected"));
        CHECK(answer.body == "{\"error\":\"internal server error\",\"message\":\"internal server error\"}");
        connection.send(get());
        CHECK(connection.receive().body == "x");
    }
}

TEST_CASE("what the loop finds to be slow is served by a worker, from the beginning") {
    std::atomic<int> tries{0};
    const Running running{{.handle =
                               [&](const app::web::Request& request) {
                                   ++tries;
                                   if (auto* turn = app::base::Turn::current()) {
                                       turn->give_up();
                                       return app::web::text_response("from the loop");
                                   }
                                   return app::web::text_response("from a worker: " + std::string(request.body));
                               },
                           .may_wait = [](const app::web::Request&) { return false; }}};
    tests::Connection connection{running.port()};
    connection.send(post("/", "one") + post("/", "two"));
    CHECK(connection.receive().body == "from a worker: one");
    CHECK(connection.receive().body == "from a worker: two");
    CHECK(tries == 4);
}
