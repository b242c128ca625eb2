// The bodies that API v1.0 refuses: by POST of a post, PUT of a post and POST of a comment alike, writing nothing.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.0/posts/";
constexpr const char* first_post = "/api/v1.0/posts/1";
constexpr const char* comments = "/api/v1.0/posts/1/comments/";

struct Target {
    const char* method;
    const char* path;
    const char* thing;
};
constexpr Target targets[] = {{"POST", posts, "post"}, {"PUT", first_post, "post"}, {"POST", comments, "comment"}};

// A post by ann, who asks; and that nothing changed when the test is over.
struct Blog {
    LiveApp live;
    tests::Account ann = live.add_user("ann");
    app::models::Post post = live.add_post(ann, "untouched");
    tests::Client client = live.client(ann);

    explicit Blog(const std::function<void(config::Config&)>& change = {}) : live(change) {}
    ~Blog() {
        CHECK(*client.get(posts).json().find("count")->integer() == 1);
        CHECK(*client.get(comments).json().find("count")->integer() == 0);
        CHECK(*client.get(first_post).json().find("body")->string() == "untouched");
    }
};

void check_bad_request(const tests::Answer& answer) {
    CHECK(answer.status == 400);
    CHECK(answer.header("Content-Type") == "application/json");
    const auto document = answer.json();
    REQUIRE(document.object());
    CHECK(document.object()->size() == 2);
    CHECK(*document.find("error")->string() == "bad request");
    CHECK_FALSE(document.find("message")->string()->empty());
}

}  // namespace

TEST_CASE("an empty text, null and what is no text are refused in the same words") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string sent :
             {R"({"body":""})", R"({"body":null})", R"({"body":1})", R"({"body":1.5})", R"({"body":true})",
              R"({"body":["text"]})", R"({"body":{"text":"x"}})", R"({"body":"text","body":""})"}) {
            INFO(target.method, " ", target.path, " ", sent);
            const auto answer = blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, sent);
            check_bad_request(answer);
            CHECK(answer.body ==
                  std::string(R"({"error":"bad request","message":")") + target.thing + R"( does not have a body"})");
        }
    }
}

TEST_CASE("an object without a body member is refused by POST") {
    Blog blog;
    for (const std::string sent : {"{}", R"({"text":"x"})", R"({"Body":"x"})", R"({"BODY":"x"})"}) {
        CHECK(blog.client.post(posts, sent).body == R"({"error":"bad request","message":"post does not have a body"})");
        CHECK(blog.client.post(comments, sent).body == R"({"error":"bad request","message":"comment does not have a body"})");
    }
}

TEST_CASE("no HTTP body at all is 400") {
    Blog blog;
    for (const Target& target : targets) {
        check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, ""));
        check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}));
        check_bad_request(blog.client.request(target.method, target.path));
    }
}

TEST_CASE("a document that is no object is 400") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string sent : {"[]", R"([{"body":"x"}])", "null", "1", R"("body")", "true"}) {
            INFO(sent);
            check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, sent));
        }
    }
}

TEST_CASE("malformed JSON is 400 and the message says where") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string sent :
             {"{", R"({"body")", R"({"body":"x")", R"({"body":"x",})", R"({'body':'x'})", R"({body:"x"})", R"({"body":"x"} x)",
              R"({"body":"x"}{})", "{\"body\":\"line\nbreak\"}", R"({"body":"\x41"})", R"({"body":"\u12"})", R"({"body":NaN})",
              R"({"body":01})", "body=x", "<xml/>", " ", R"({"body":"x"/**/})"}) {
            INFO(sent);
            const auto answer = blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, sent);
            check_bad_request(answer);
            CHECK(answer.json().find("message")->string()->find("byte") != std::string::npos);
        }
    }
}

TEST_CASE("half of a surrogate pair is 400") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string sent :
             {R"({"body":"\ud83d"})", R"({"body":"\ude00"})", R"({"body":"\ud83dx"})", R"({"body":"\ude00\ud83d"})",
              R"({"body":"\ud83d\ud83d"})", R"({"other":"\ud800","body":"x"})"}) {
            INFO(sent);
            check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, sent));
        }
    }
}

TEST_CASE("bytes that are not UTF-8 are 400, wherever they stand") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string sent :
             {"{\"body\":\"\xff\"}", "{\"body\":\"\xc3\"}", "{\"body\":\"\xc0\x80\"}", "{\"body\":\"\xed\xa0\x80\"}",
              "{\"body\":\"\xf4\x90\x80\x80\"}", "{\"body\":\"x\",\"\xe9\":1}"}) {
            check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", "application/json"}}, sent));
        }
    }
    // UTF-16, as RFC 8259 section 8.1 forbids it.
    check_bad_request(blog.client.post(posts, std::string_view("\xff\xfe{\0\"\0", 6)));
}

TEST_CASE("a document nested 64 deep is read, one nested 65 deep is 400") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto nested = [](int depth) {  // the object is the first level
        return R"({"body":"x","deep":)" + std::string(static_cast<std::size_t>(depth) - 1, '[') +
               std::string(static_cast<std::size_t>(depth) - 1, ']') + "}";
    };
    CHECK(live.client(ann).post(posts, nested(64)).status == 201);
    check_bad_request(live.client(ann).post(posts, nested(65)));
    check_bad_request(live.client(ann).post(posts, nested(1'000'000)));
    check_bad_request(live.client(ann).post(posts, std::string(3'000'000, '[')));
}

TEST_CASE("a Content-Type that is missing or not JSON is 400") {
    Blog blog;
    for (const Target& target : targets) {
        check_bad_request(blog.client.request(target.method, target.path, {}, R"({"body":"x"})"));
        for (const std::string type : {"text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded",
                                       "multipart/form-data; boundary=x", "application/jsonp", "application/json2", "json", "",
                                       "*/*", "application/*", "application/json+xml"}) {
            INFO(type);
            check_bad_request(blog.client.request(target.method, target.path, {{"Content-Type", type}}, R"({"body":"x"})"));
        }
    }
}

TEST_CASE("application/json is read in any case, with parameters, and with a +json suffix") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (const std::string type :
         {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
          "application/json ; odd=1", "application/vnd.blog+json", "application/merge-patch+json; x=y"}) {
        INFO(type);
        CHECK(live.client(ann).request("POST", posts, {{"Content-Type", type}}, R"({"body":"x"})").status == 201);
    }
}

TEST_CASE("a large form is refused for its type, not for its size") {
    Blog blog;
    const std::string form = "body=" + std::string(20'000, 'x');
    check_bad_request(blog.client.request("POST", posts, {{"Content-Type", "application/x-www-form-urlencoded"}}, form));
}

TEST_CASE("a Content-Encoding is 415 whether or not the bytes are in it, before anybody is asked who they are") {
    Blog blog;
    for (const Target& target : targets) {
        for (const std::string coding : {"gzip", "br", "deflate", "GZIP", "gzip, identity", "aes128gcm"}) {
            INFO(coding);
            const tests::Headers headers{{"Content-Type", "application/json"}, {"Content-Encoding", coding}};
            const auto answer = blog.client.request(target.method, target.path, headers, R"({"body":"x"})");
            CHECK(answer.status == 415);
            CHECK(*answer.json().find("error")->string() == "unsupported media type");
            CHECK(blog.live.client().request(target.method, target.path, headers, R"({"body":"x"})").status == 415);
        }
    }
    CHECK(blog.client.request("POST", "/api/v1.0/nothing", {{"Content-Encoding", "gzip"}}, "x").status == 404);
}

TEST_CASE("a Content-Encoding in a second header line is seen too") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann)
              .post(posts, R"({"body":"x"})", {{"Content-Encoding", "identity"}, {"Content-Encoding", "gzip"}})
              .status == 415);
}

TEST_CASE("Content-Encoding identity says nothing") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).post(posts, R"({"body":"x"})", {{"Content-Encoding", "identity"}}).status == 201);
}

TEST_CASE("JSON of 4 MiB is read and one byte more is 413") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string small = R"({"body":"x"})";
    const std::size_t limit = 4 * 1024 * 1024;
    CHECK(live.client(ann).post(posts, small + std::string(limit - small.size(), ' ')).status == 201);
    const auto [name, value] = ann.login();
    const auto answer = tests::parse_answer(tests::raw_exchange(
        live.port(), "POST /api/v1.0/posts/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + name + ": " + value +
                         "\r\nContent-Length: " + std::to_string(limit + 1) + "\r\n\r\n"));
    CHECK(answer.status == 413);  // before a byte of it came
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.json().find("message"));
}

TEST_CASE("a body over the server's limit is 413, and the server lives") {
    Blog blog{[](config::Config& config) { config.server.body_bytes_max = 100'000; }};
    const auto [name, value] = blog.ann.login();
    const std::string head =
        "POST /api/v1.0/posts/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n" + name + ": " +
        value;
    const auto answer = tests::parse_answer(
        tests::raw_exchange(blog.live.port(), head + "\r\nContent-Length: 100001\r\n\r\n" + std::string(100'001, 'x')));
    CHECK(answer.status == 413);
    CHECK(blog.client.get(posts).status == 200);
}
