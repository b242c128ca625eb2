// labels: concurrent
// The server: connections, parallel clients, what it refuses, the log. The client is cpp-httplib's where another one's
// view matters, and bytes where no client would send such.
#include <httplib.h>

#include <mutex>
#include <set>

#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.0/posts/";

// What a server says to a target that it does not read to the end.
tests::Answer too_long(const LiveApp& live) {
    tests::Connection connection{live.port()};
    connection.send("GET /" + std::string(9000, 'a') + "?secret HTTP/1.1\r\nHost: x\r\n\r\n");
    return connection.receive();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("a connection serves many requests in turn") {
    LiveApp live;
    tests::Connection connection{live.port()};
    for (int i = 0; i < 20; ++i) {
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = connection.receive();
        CHECK(answer.status == 200);
        CHECK(answer.body.find("</html>") != std::string::npos);
    }
    connection.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.receive(true).status == 200);
    connection.send("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.receive().status == 204);
    connection.send("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(connection.receive().status == 404);
    CHECK(connection.receive_all().empty());
}

TEST_CASE("a body in chunks is read, and so is one that its sender waits to be asked for") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto [name, value] = ann.login();
    const std::string head =
        "POST /api/v1.0/posts/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + name + ": " + value;
    tests::Connection connection{live.port()};
    connection.send(head + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"bod\r\n8\r\ny\":\"hi\"}\r\n0\r\n\r\n");
    CHECK(connection.receive().status == 201);
    connection.send(head + "\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n");
    CHECK(connection.receive().status == 100);
    connection.send("{\"body\":\"hi\"}");
    CHECK(connection.receive().status == 201);
}

TEST_CASE("sixteen clients write at once, and every acknowledged post is there exactly once") {
    constexpr int client_count = 16, posts_each = 50;
    LiveApp live{[](config::Config& config) { config.server.workers = 40; }};  // half of them may check passwords
    const auto ann = live.add_user("ann");
    std::mutex mutex;
    std::string failures;
    std::vector<std::thread> threads;
    for (int client = 0; client < client_count; ++client) {
        threads.emplace_back([&, client] {
            httplib::Client http("127.0.0.1", live.port());
            http.set_keep_alive(true);
            http.set_tcp_nodelay(true);
            http.set_basic_auth(ann.user.email, ann.password);
            for (int i = 0; i < posts_each; ++i) {
                const std::string text = std::to_string(client) + "/" + std::to_string(i);
                const auto answer = http.Post(posts, "{\"body\":\"" + text + "\"}", "application/json");
                // The answer is this client's own: nobody else's post, nobody else's connection.
                if (answer && answer->status == 201 && answer->body.find("\"body\":\"" + text + "\"") != std::string::npos)
                    continue;
                const std::lock_guard lock{mutex};
                failures += text + ": " + (answer ? answer->body : httplib::to_string(answer.error())) + "\n";
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(failures == "");
    std::set<std::string> bodies;
    live.database().read([&](app::db::Connection& c) {
        c.each("SELECT body FROM posts", [&](const app::db::Row& row) { bodies.emplace(row.text(0)); });
        CHECK(c.integer("SELECT COUNT(*) FROM posts") == client_count * posts_each);
        CHECK(c.integer("SELECT post_count FROM users WHERE id = ?", ann.id()) == client_count * posts_each);
    });
    CHECK(bodies.size() == client_count * posts_each);
}

TEST_CASE("HEAD has the Content-Length of GET and not one byte of body") {
    LiveApp live;
    const auto head = tests::raw_exchange(live.port(), "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto get = live.client().get("/");
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(tests::parse_answer(head).header("Content-Length") == std::to_string(get.body.size()));
}

TEST_CASE("Date is now") {
    LiveApp live;
    const auto before = app::base::now();
    const std::string date = live.client().get("/").header("Date");
    std::set<std::string> possible;
    for (auto time = before; time <= app::base::now() + std::chrono::seconds(1); time += std::chrono::seconds(1))
        possible.insert(app::base::http_date(time));
    CHECK(possible.contains(date));
}

TEST_CASE("every request has an id of its own, in its answer and in the log, and clients do not choose it") {
    LiveApp live;
    std::set<std::string> ids;
    for (int i = 0; i < 20; ++i) ids.insert(live.client({{"X-Request-Id", "mine"}}).get("/").header("X-Request-Id"));
    CHECK(ids.size() == 20);
    CHECK_FALSE(ids.contains("mine"));
    CHECK_FALSE(ids.contains(""));
}

TEST_CASE("no answer of the API is cut into ranges") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, std::string(10'000, 'x'));
    const auto whole = live.client(ann).get(posts);
    for (const tests::Headers& headers : {tests::Headers{{"Range", "bytes=0-9"}}, tests::Headers{{"Range", "bytes=0-1,5-6,-3"}},
                                          tests::Headers{{"Range", "bytes=999999-"}}}) {
        INFO(headers.front().second);
        const auto answer = live.client(ann).get(posts, headers);
        CHECK(answer.status == 200);
        CHECK((answer.body == whole.body));
        CHECK_FALSE(answer.has("Content-Range"));
        CHECK(answer.header("Content-Type") == "application/json");
    }
}

TEST_CASE("a path of 8000 characters is answered like any other") {
    LiveApp live;
    for (const std::string method : {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
        const auto answer = live.client().request(method, "/" + std::string(8000, 'a'), {}, "x");
        CHECK(answer.status == 404);
    }
    CHECK(live.client().get("/" + std::string(4000, '/')).status == 404);
    CHECK(live.client().get("/?" + std::string(8000, '&')).status == 200);
    CHECK(too_long(live).status == 414);
    CHECK(live.client().get("/").status == 200);
}

TEST_CASE("who speaks no HTTP gets 400 or nothing, and the server lives") {
    LiveApp live;
    for (const std::string bytes : {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                                    "GET / HTTP/1.1 x\r\n\r\n", "GE T / HTTP/1.1\r\n\r\n"}) {
        INFO(bytes);
        tests::Connection connection{live.port()};
        connection.send(bytes);
        const auto answer = connection.receive();
        CHECK(answer.status >= 400);
        CHECK(answer.status < 600);
        CHECK(answer.header("Date").ends_with("GMT"));
    }
    for (const std::string& bytes :
         {std::string("\r\n\r\n"), std::string(1000, '\0'), std::string("\x16\x03\x01\x02\x00\x01\xfc\x03\x03", 9),
          std::string("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nshort"), std::string("GET / HTTP/1.1\r\nHost")}) {
        tests::Connection connection{live.port()};
        connection.send(bytes);
        connection.finish_sending();
        connection.receive_all();
    }
    CHECK(live.client().get("/").status == 200);
}

TEST_CASE("a header without a name does no harm") {
    LiveApp live;
    const auto answer = tests::raw_exchange(live.port(), "GET / HTTP/1.1\r\n: x\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 "));
    CHECK(live.client().get("/").status == 200);
}

TEST_CASE("the log has one line per request: the path without its query, the peer and the id of the answer") {
    tests::CapturedLog log;
    std::vector<std::string> ids;
    {
        LiveApp live;
        ids.push_back(live.client().get("/?page=2&token=secret").header("X-Request-Id"));
        ids.push_back(
            live.client().get("/api/v1.0/posts/", {tests::basic("ann@example.com", "a password")}).header("X-Request-Id"));
        ids.push_back(live.client().post("/user/a%0Ab?x=1", "body").header("X-Request-Id"));
        ids.push_back(live.client().get("/%zz?x").header("X-Request-Id"));
    }
    const std::string text = log.text();
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 4);
    const char* starts[] = {"info GET / 200 body_bytes=", "info GET /api/v1.0/posts/ 401 body_bytes=",
                            "info POST /user/a%0Ab 405 body_bytes=", "info GET /%zz 400 body_bytes="};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        INFO(lines[i]);
        CHECK(lines[i].find(starts[i]) != std::string::npos);
        CHECK(lines[i].find(" request_id=" + ids[i] + " ") != std::string::npos);
        CHECK(lines[i].ends_with(" peer=127.0.0.1"));
    }
    for (const std::string secret : {"page=2", "secret", "password", "Basic", "ann@"})
        CHECK(text.find(secret) == std::string::npos);
}

TEST_CASE("what the server itself refuses is in the log too, once") {
    tests::CapturedLog log;
    {
        LiveApp live;
        too_long(live);
    }
    const auto lines = lines_of(log.text());
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find(" 414 ") != std::string::npos);
    CHECK(lines[0].find("secret") == std::string::npos);
}
