// labels: concurrent
// The engine behind TLS: the same answers, whatever the client's handshake, pace or end.
#include <deque>
#include <latch>

#include "tests/integration/process.hpp"
#include "tests/integration/support/running.hpp"
#include "tests/integration/support/tls_client.hpp"

namespace {

using namespace std::chrono_literals;
using tests::echo;
using tests::get;
using tests::post;
using tests::refused;
using tests::TlsConnection;
using tests::TlsVersion;

// A server with a certificate of its own.
class RunningTls {
   public:
    explicit RunningTls(app::http::Service service = echo(), app::http::Limits limits = {})
        : running_(std::move(service), options(limits, tests::make_certificate(folder_.path(), "server"))) {}

    int port() const { return running_.port(); }

   private:
    static app::http::ServerOptions options(app::http::Limits limits, app::http::TlsFiles files) {
        auto options = tests::small_options(limits);
        options.tls = std::move(files);
        return options;
    }

    tests::TemporaryFolder folder_;
    tests::Running running_;
};

std::string numbers(std::size_t bytes) {
    std::string text;
    for (int i = 0; text.size() < bytes; ++i) text += std::to_string(i) + " ";
    text.resize(bytes);
    return text;
}

// The head of a ClientHello, and nothing of what it announces.
constexpr std::string_view hello_begin{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};

int descriptors_at_rest(int port) {
    TlsConnection{port}.say_end();
    int last = 0;
    CHECK(tests::soon([&] {
        const int now = tests::open_descriptors();
        std::this_thread::sleep_for(50ms);
        return std::exchange(last, now) == now;
    }));
    return last;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, with http/1.1, and the request knows that it came by https") {
    const RunningTls running{
        {.handle = [](const app::web::Request& request) { return app::web::text_response(std::string(request.scheme)); },
         .may_wait = echo().may_wait}};
    for (const auto& [version, name] : {std::pair{TlsVersion::tls_1_2, "TLSv1.2"}, std::pair{TlsVersion::tls_1_3, "TLSv1.3"}}) {
        TlsConnection connection{running.port(), {.least = version, .most = version}};
        CHECK(connection.version() == name);
        CHECK(connection.protocol() == "http/1.1");
        for (const char* target : {"/loop", "/worker"}) {
            connection.send(get(target));
            CHECK(connection.receive().body == "https");
        }
    }
}

TEST_CASE("TLS 1.1 is refused, and so is a client that wants another protocol than HTTP/1.1; one without ALPN is served") {
    const RunningTls running;
    CHECK_THROWS_WITH(TlsConnection(running.port(), {.least = TlsVersion::tls_1_1, .most = TlsVersion::tls_1_1}),
                      "no TLS handshake: tlsv1 alert protocol version");
    CHECK_THROWS_WITH(TlsConnection(running.port(), {.protocols = "\x02h2"}),
                      "no TLS handshake: tlsv1 alert no application protocol");
    TlsConnection either{running.port(), {.protocols = "\x02h2\x08http/1.1"}};
    CHECK(either.protocol() == "http/1.1");
    TlsConnection silent{running.port(), {.protocols = ""}};
    silent.send(get());
    CHECK(silent.receive().status == 200);
}

TEST_CASE("a request that comes byte by byte through TLS is served as a whole one") {
    const RunningTls running;
    TlsConnection connection{running.port()};
    for (const char c : post("/bytes", "abc")) connection.send({&c, 1});
    CHECK(connection.receive().body == "POST /bytes abc");
}

TEST_CASE("bodies and answers of a megabyte pass through TLS unchanged, from the loop and from a worker") {
    const RunningTls running;
    const std::string body = numbers(1 << 20);
    TlsConnection connection{running.port()};
    for (const std::string target : {"/loop", "/worker"}) {
        connection.send(post(target, body));
        CHECK((connection.receive().body == "POST " + target + " " + body));
    }
}

TEST_CASE("requests sent at once through TLS are answered in order") {
    const RunningTls running;
    TlsConnection connection{running.port()};
    std::string bytes;
    for (int i = 0; i < 2000; ++i) bytes += get((i % 7 ? "/loop/" : "/worker/") + std::to_string(i));
    std::thread sender([&] { TlsConnection{running.port()}.send(get()); });
    connection.send(bytes);
    for (int i = 0; i < 2000; ++i)
        CHECK(connection.receive().body == "GET " + std::string(i % 7 ? "/loop/" : "/worker/") + std::to_string(i) + " ");
    sender.join();
}

TEST_CASE("a connection that the server closes is closed in order: the client can tell the end from an attack") {
    const RunningTls running;
    for (const char* target : {"/loop", "/worker"}) {
        TlsConnection connection{running.port()};
        connection.send(get(target, "Connection: close\r\n"));
        CHECK(tests::parse_answer(connection.receive_all()).status == 200);
        CHECK(connection.was_closed_in_order());
    }
    TlsConnection wrong{running.port()};
    wrong.send("nonsense\r\n\r\n");
    CHECK(refused(wrong).status == 400);
    CHECK(wrong.was_closed_in_order());
}

TEST_CASE("a client that has said all it had to say through TLS still gets its answers") {
    const RunningTls running;
    for (const char* target : {"/loop", "/worker"}) {
        TlsConnection connection{running.port()};
        connection.send(get(target));
        connection.say_end();
        connection.finish_sending();
        CHECK(connection.receive().body == "GET " + std::string(target) + " ");
    }
}

TEST_CASE("a handshake that does not end is cut off at the deadline, and holds up nobody") {
    const RunningTls running{echo(), {.head_timeout_ms = 1000}};
    tests::Connection silent{running.port()}, begun{running.port()};
    begun.send(hello_begin);
    TlsConnection good{running.port()};
    const auto took = tests::time_of([&] {
        CHECK(silent.receive_all().empty());
        CHECK(begun.receive_all().empty());
    });
    CHECK(took > 500ms);
    CHECK(took < 8s);
    good.send(get());
    CHECK(good.receive().status == 200);
}

TEST_CASE("plain HTTP on a TLS port is told so, and what is neither is closed") {
    const RunningTls running;
    tests::Connection plain{running.port()};
    plain.send(get());
    const auto answer = refused(plain);
    CHECK(answer.status == 400);
    CHECK(answer.body.find("https://") != std::string::npos);
    tests::Connection noise{running.port()};
    noise.send("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x10");
    CHECK(noise.receive_all().find("HTTP") == std::string::npos);
    TlsConnection good{running.port()};
    good.send(get());
    CHECK(good.receive().status == 200);
}

TEST_CASE("clients that vanish at any moment of TLS leave no connection behind") {
    const RunningTls running{{.handle =
                                  [](const app::web::Request& request) {
                                      if (request.target == "/worker") std::this_thread::sleep_for(2ms);
                                      return app::web::text_response(std::string(1'000'000, 'x'));
                                  },
                              .may_wait = echo().may_wait}};
    const int at_rest = descriptors_at_rest(running.port());
    for (int i = 0; i < 20; ++i) {
        for (const std::string_view part : {hello_begin.substr(0, 0), hello_begin.substr(0, 3), hello_begin}) {
            tests::Connection reset{running.port()}, closed{running.port()};
            reset.send(part);
            reset.reset();
            closed.send(part);
        }
        for (const char* target : {"/loop", "/worker"}) {
            TlsConnection reset{running.port()};
            reset.send(get(target));
            reset.reset();
            TlsConnection{running.port()}.send(get(target));
        }
    }
    CHECK(tests::soon([&] { return tests::open_descriptors() == at_rest; }));
    TlsConnection good{running.port()};
    good.send(get());
    CHECK(good.receive().body.size() == 1'000'000);
}

TEST_CASE("a large answer goes whole through TLS to a client that reads slowly, while others are served") {
    const std::string large = numbers(20'000'000);
    const RunningTls running{
        {.handle = [&](const app::web::Request&) { return app::web::text_response(large); }, .may_wait = echo().may_wait}};
    TlsConnection slow{running.port()}, worker{running.port()};
    slow.send(get("/", "Connection: close\r\n"));
    std::this_thread::sleep_for(300ms);  // the socket has long been full
    worker.send(get("/worker"));
    CHECK((worker.receive().body == large));  // in brackets: a failure need not show it
    CHECK((tests::parse_answer(slow.receive_all()).body == large));
    CHECK(slow.was_closed_in_order());
}

TEST_CASE("a client that does not take its answer through TLS is given up") {
    const RunningTls running{
        {.handle = [](const app::web::Request&) { return app::web::text_response(std::string(20'000'000, 'x')); }},
        {.write_stall_timeout_ms = 500}};
    const int at_rest = descriptors_at_rest(running.port());
    TlsConnection stalled{running.port()};
    stalled.send(get());
    CHECK(tests::soon([&] { return tests::open_descriptors() == at_rest + 1; }));  // the one here
    CHECK(stalled.receive_all().size() < 20'000'000);
    CHECK_FALSE(stalled.was_closed_in_order());
}

TEST_CASE("a client that sends a refused body through TLS gets the answer and no reset") {
    const RunningTls running{echo(), {.body_bytes_max = 1000}};
    for (int i = 0; i < 10; ++i) {
        TlsConnection connection{running.port()};
        connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
        for (int part = 0; part < 50; ++part) connection.send(std::string(10000, 'b'));
        CHECK(refused(connection).status == 413);
    }
}
