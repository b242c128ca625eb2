// Compressed answers over the wire.
#include "app/test_client.hpp"
#include "tests/decode.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

using tests::Answer;
using tests::LiveApp;

// A blog whose first page, and whose list of posts, are some 20 KB.
struct LongBlog {
    LiveApp live;
    tests::Account ann = live.add_user("ann");

    LongBlog() {
        for (int i = 0; i < 20; ++i) {
            std::string text;
            for (int word = 0; word < 80; ++word) text += "word" + std::to_string(word * i) + " ";
            live.add_post(ann, text);
        }
    }
};

std::string headers_of(const Answer& answer) {
    std::string text;
    for (const auto& [name, value] : answer.headers) {
        if (name != "Date" && name != "X-Request-Id") text += name + ": " + value + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a page and a document come compressed to who asks, and decode to what others get") {
    LongBlog blog;
    const auto client = blog.live.client(blog.ann);
    const std::string targets[] = {"/", "/api/v1.0/posts/"};
    for (const std::string& target : targets) {
        const std::string vary = target == "/" ? "Accept-Encoding" : "Accept, Authorization, Accept-Encoding";
        const Answer plain = client.get(target);
        CHECK_FALSE(plain.has("Content-Encoding"));
        CHECK(plain.header("Vary") == vary);
        for (const std::string coding : {"gzip", "br"}) {
            INFO(target, " ", coding);
            const Answer answer = client.get(target, {{"Accept-Encoding", coding}});
            CHECK(answer.status == 200);
            CHECK(answer.header("Content-Encoding") == coding);
            CHECK(answer.header("Vary") == vary);
            CHECK(answer.header("Content-Type") == plain.header("Content-Type"));
            CHECK(answer.body.size() * 2 < plain.body.size());
            CHECK(tests::decode(answer.body, coding) == plain.body);
        }
    }
}

TEST_CASE("HEAD has the headers that GET has, compressed or not") {
    LongBlog blog;
    for (const char* coding : {"", "gzip", "br", "gzip;q=0.5, br;q=0.1", "identity"}) {
        CAPTURE(coding);
        const Answer get = blog.live.client().get("/", {{"Accept-Encoding", coding}});
        const Answer head = blog.live.client().head("/", {{"Accept-Encoding", coding}});
        CHECK(headers_of(head) == headers_of(get));
    }
}

TEST_CASE("the test client gets the same bytes as a socket") {
    LongBlog blog;
    app::TestClient client{blog.live.app()};
    for (const char* coding : {"", "gzip", "br"}) {
        const Answer answer = blog.live.client().get("/", {{"Accept-Encoding", coding}});
        const auto response = client.get("/", {{"Accept-Encoding", coding}});
        CHECK(response.body == answer.body);
        CHECK(std::string(response.header("Content-Encoding").value_or("")) == answer.header("Content-Encoding"));
    }
}

TEST_CASE("short answers, and those that nobody may store, are not compressed") {
    LiveApp live;
    for (const char* target : {"/healthz", "/nothing", "/_whoami"}) {
        const Answer answer = live.client().get(target, {{"Accept-Encoding", "gzip, br"}});
        CHECK_FALSE(answer.has("Content-Encoding"));
        CHECK(answer.header("Vary").find("Accept-Encoding") == std::string::npos);
    }
}

TEST_CASE(
    "what bytes a handler calls text is compressed, what it calls bytes is not; an empty or odd Accept-Encoding is no error") {
    LiveApp live;
    const std::string body(10000, 'a');
    const auto echo = [&](const char* type, const char* coding) {
        return live.client().request("POST", "/_echo", {{"Content-Type", type}, {"Accept-Encoding", coding}}, body);
    };
    CHECK(echo("text/plain", "gzip").header("Content-Encoding") == "gzip");
    CHECK(echo("application/octet-stream", "gzip").body == body);
    for (const char* odd : {"", ",", ";;;", "gzip;q=0", "*;q=0", "\x80\xff", "identity;q=0"})
        CHECK(echo("text/plain", odd).body == body);
}

TEST_CASE("compression can be turned off, and begin at another size") {
    LiveApp off{[](config::Config& config) { config.compression.enabled = false; }};
    const std::string body(10000, 'a');
    const tests::Headers headers{{"Content-Type", "text/plain"}, {"Accept-Encoding", "gzip"}};
    const Answer plain = off.client().request("POST", "/_echo", headers, body);
    CHECK(plain.body == body);
    CHECK_FALSE(plain.has("Vary"));
    LiveApp later{[](config::Config& config) { config.compression.body_bytes_min = 10001; }};
    CHECK(later.client().request("POST", "/_echo", headers, body).body == body);
    CHECK(later.client().request("POST", "/_echo", headers, body + "a").header("Content-Encoding") == "gzip");
}

TEST_CASE("a body too long for a loop is compressed by a worker") {
    LiveApp live{[](config::Config& config) { config.blog.posts_per_page = 1000; }};
    const auto ann = live.add_user("ann");
    for (int i = 0; i < 10; ++i) live.add_post(ann, std::string(40000, static_cast<char>('a' + i)));
    const Answer plain = live.client(ann).get("/"), answer = live.client(ann).get("/", {{"Accept-Encoding", "br"}});
    CHECK(plain.body.size() > 256 * 1024);
    CHECK(answer.header("Content-Encoding") == "br");
    CHECK(tests::decode(answer.body, "br") == plain.body);
}
