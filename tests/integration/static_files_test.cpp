// labels: concurrent
// Static files over the wire: those in the binary and those of a folder, whole, in part, compressed, or not again.
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "app/base/secret.hpp"
#include "app/static_files/embedded_set.hpp"
#include "app/static_files/hashed_name.hpp"
#include "tests/decode.hpp"
#include "tests/integration/process.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

using tests::Answer;
using tests::Client;
using tests::Headers;
using tests::LiveApp;

std::string embedded(const std::string& name) {
    for (const auto& file : app::static_files::embedded_files()) {
        if (file.name == name) return std::string(file.content);
    }
    FAIL("no embedded file " << name);
    return {};
}

std::string hashed(const std::string& name) {
    return "/static/" + app::static_files::hashed_name(name, app::base::sha256_hex(embedded(name)));
}

// All headers but those that differ from answer to answer.
std::string headers_of(const Answer& answer) {
    std::string text;
    for (const auto& [name, value] : answer.headers) {
        if (name != "Date" && name != "X-Request-Id") text += name + ": " + value + "\n";
    }
    return text;
}

class WithFolder {
   public:
    explicit WithFolder(std::int64_t file_bytes_max = 1 << 20)
        : live_([&](config::Config& config) {
              std::filesystem::create_directories(path("static/icons"));
              config.static_files = {.folder = path("static"), .file_bytes_max = file_bytes_max};
          }) {}

    std::string path(const std::string& name) const { return (files_.path() / name).string(); }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream(path(name), std::ios::binary) << content;
    }
    Client client() const { return live_.client(); }

   private:
    tests::TemporaryFolder files_;
    LiveApp live_;
};

}  // namespace

TEST_CASE("the pages link to the stylesheet and the icon by names that caches keep for good") {
    LiveApp live;
    const std::string page = live.client().get("/").body;
    CHECK(page.find("<link rel=\"stylesheet\" href=\"" + hashed("style.css") + "\">") != std::string::npos);
    CHECK(page.find("<link rel=\"icon\" href=\"" + hashed("favicon.svg") + "\"") != std::string::npos);
    CHECK(live.client().get("/nothing").body.find(hashed("style.css")) != std::string::npos);
    const Answer style = live.client().get(hashed("style.css"));
    CHECK(style.status == 200);
    CHECK(style.body == embedded("style.css"));
    CHECK(style.header("Content-Type") == "text/css; charset=utf-8");
    CHECK(style.header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(style.header("Accept-Ranges") == "bytes");
    CHECK(style.header("Vary") == "Accept-Encoding");
    CHECK(live.client().get(hashed("favicon.svg")).header("Content-Type") == "image/svg+xml; charset=utf-8");
}

TEST_CASE("a plain name is asked for again each time, by its ETag") {
    LiveApp live;
    const Answer first = live.client().get("/static/style.css");
    CHECK(first.status == 200);
    CHECK(first.header("Cache-Control") == "no-cache");
    const std::string etag = first.header("ETag");
    CHECK(etag == live.client().get(hashed("style.css")).header("ETag"));
    for (const std::string& list : {etag, "\"x\", " + etag, "W/" + etag, std::string{"*"}}) {
        CAPTURE(list);
        const Answer again = live.client().get("/static/style.css", {{"If-None-Match", list}});
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(again.header("ETag") == etag);
        CHECK(again.header("Cache-Control") == "no-cache");
        CHECK(again.header("Vary") == "Accept-Encoding");
    }
    CHECK(live.client().get("/static/style.css", {{"If-None-Match", "\"x\""}}).status == 200);
}

TEST_CASE("a name with another hash, or none at all, is not there") {
    LiveApp live;
    for (const char* target : {"/static/style.00000000.css", "/static/nothing.css", "/static/", "/static", "/static/style.css/",
                               "/static//style.css", "/static/./style.css", "/static/../static/style.css", "/static/STYLE.css"}) {
        CAPTURE(target);
        CHECK(live.client().get(target).status == 404);
    }
    CHECK(live.client().get("/static/style%2Ecss").status == 200);
    CHECK(live.client().post("/static/style.css", "{}").status == 405);
}

TEST_CASE("an embedded file comes compressed with the greatest effort to who accepts it, and decodes to the plain one") {
    LiveApp live;
    const std::string plain_tag = live.client().get("/static/style.css").header("ETag");
    const std::string stem = plain_tag.substr(0, plain_tag.size() - 1);
    for (const std::string coding : {"gzip", "br"}) {
        for (int time = 0; time < 2; ++time) {
            const Answer answer = live.client().get("/static/style.css", {{"Accept-Encoding", coding}});
            CHECK(answer.status == 200);
            CHECK(answer.header("Content-Encoding") == coding);
            CHECK(answer.header("Vary") == "Accept-Encoding");
            CHECK(answer.header("ETag") == stem + "-" + coding + "\"");
            CHECK_FALSE(answer.has("Accept-Ranges"));
            CHECK(tests::decode(answer.body, coding) == embedded("style.css"));
            CHECK(answer.body.size() < embedded("style.css").size());
        }
        const Answer again =
            live.client().get("/static/style.css", {{"Accept-Encoding", coding}, {"If-None-Match", stem + "-" + coding + "\""}});
        CHECK(again.status == 304);
        CHECK(again.header("ETag") == stem + "-" + coding + "\"");
    }
    CHECK(live.client().get("/static/style.css", {{"Accept-Encoding", "gzip"}, {"If-None-Match", plain_tag}}).status == 304);
    LiveApp off{[](config::Config& config) { config.compression.enabled = false; }};
    CHECK_FALSE(off.client().get("/static/style.css", {{"Accept-Encoding", "gzip"}}).has("Content-Encoding"));
}

TEST_CASE("one range is answered with that part, of the plain body; anything else with the whole") {
    LiveApp live;
    const std::string whole = embedded("style.css"), size = std::to_string(whole.size());
    const struct {
        std::string range, part, content_range;
    } parts[] = {
        {"bytes=0-9", whole.substr(0, 10), "bytes 0-9/" + size},
        {"bytes=10-", whole.substr(10), "bytes 10-" + std::to_string(whole.size() - 1) + "/" + size},
        {"bytes=-5", whole.substr(whole.size() - 5),
         "bytes " + std::to_string(whole.size() - 5) + "-" + std::to_string(whole.size() - 1) + "/" + size},
        {"bytes=0-99999999", whole, "bytes 0-" + std::to_string(whole.size() - 1) + "/" + size},
    };
    for (const auto& [range, part, content_range] : parts) {
        CAPTURE(range);
        const Answer answer = live.client().get("/static/style.css", {{"Range", range}, {"Accept-Encoding", "gzip, br"}});
        CHECK(answer.status == 206);
        CHECK(answer.body == part);
        CHECK(answer.header("Content-Range") == content_range);
        CHECK_FALSE(answer.has("Content-Encoding"));
        CHECK(answer.header("ETag") == live.client().get("/static/style.css").header("ETag"));
    }
    for (const char* range : {"bytes=0-1,3-4", "bytes=4-1", "bytes=x", "items=0-1", "bytes=-"}) {
        CAPTURE(range);
        const Answer answer = live.client().get("/static/style.css", {{"Range", range}});
        CHECK(answer.status == 200);
        CHECK(answer.body == whole);
        CHECK_FALSE(answer.has("Content-Range"));
    }
    CHECK(live.client().get("/static/style.css", {{"Range", "bytes=0-1"}, {"Range", "bytes=3-4"}}).status == 200);
    for (const std::string& range :
         {"bytes=" + size + "-", std::string{"bytes=-0"}, std::string{"bytes=99999999999999999999-"}}) {
        CAPTURE(range);
        const Answer answer = live.client().get("/static/style.css", {{"Range", range}});
        CHECK(answer.status == 416);
        CHECK(answer.header("Content-Range") == "bytes */" + size);
    }
}

TEST_CASE("If-Range decides between the part and the whole, If-None-Match goes first, and HEAD knows no ranges") {
    LiveApp live;
    const std::string etag = live.client().get("/static/style.css").header("ETag");
    const auto status = [&](Headers headers) {
        headers.emplace_back("Range", "bytes=0-9");
        return live.client().get("/static/style.css", headers).status;
    };
    CHECK(status({{"If-Range", etag}}) == 206);
    CHECK(status({{"If-Range", "\"other\""}}) == 200);
    CHECK(status({{"If-Range", "W/" + etag}}) == 200);
    CHECK(status({{"If-Range", "Sun, 22 Nov 2026 08:59:06 GMT"}}) == 200);
    CHECK(status({{"If-None-Match", etag}}) == 304);
    CHECK(status({{"If-None-Match", "\"other\""}}) == 206);
    CHECK(live.client().head("/static/style.css", {{"Range", "bytes=0-9"}}).status == 200);
}

TEST_CASE("nothing but static files honours Range") {
    LiveApp live;
    for (const char* target : {"/", "/healthz", "/nothing"}) {
        const Answer answer = live.client().get(target, {{"Range", "bytes=0-1"}});
        CHECK(answer.status != 206);
        CHECK(answer.body.size() > 2);
        CHECK_FALSE(answer.has("Accept-Ranges"));
    }
}

TEST_CASE("HEAD has the headers of GET: whole, compressed, not modified") {
    WithFolder with;
    with.write("static/long.txt", std::string(20000, 'a'));
    for (const std::string target : {"/static/style.css", "/static/long.txt"}) {
        const std::string etag = with.client().get(target).header("ETag");
        for (const Headers& headers : {Headers{}, Headers{{"Accept-Encoding", "gzip"}}, Headers{{"Accept-Encoding", "br"}},
                                       Headers{{"If-None-Match", etag}}}) {
            const Answer get = with.client().get(target, headers), head = with.client().head(target, headers);
            CHECK(head.status == get.status);
            CHECK(headers_of(head) == headers_of(get));
        }
    }
}

TEST_CASE("the folder's files come first, and those in the binary behind them") {
    WithFolder with;
    with.write("static/notes.txt", "notes");
    with.write("static/icons/a.svg", "<svg/>");
    const Answer notes = with.client().get("/static/notes.txt");
    CHECK(notes.body == "notes");
    CHECK(notes.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(notes.header("Cache-Control") == "no-cache");
    CHECK(with.client().get("/static/icons/a.svg").body == "<svg/>");
    CHECK(with.client().get("/static/style.css").body == embedded("style.css"));
    with.write("static/style.css", "mine");
    CHECK(with.client().get("/static/style.css").body == "mine");
    CHECK(with.client().get(hashed("style.css")).body == embedded("style.css"));
}

TEST_CASE("pages link to a stylesheet of the folder by its plain name, since it may change") {
    const tests::TemporaryFolder files;
    std::ofstream(files.path() / "style.css") << "mine";
    LiveApp live{[&](config::Config& config) { config.static_files.folder = files.path().string(); }};
    const std::string page = live.client().get("/").body;
    CHECK(page.find("href=\"/static/style.css\"") != std::string::npos);
    CHECK(page.find("href=\"" + hashed("favicon.svg") + "\"") != std::string::npos);
}

TEST_CASE("a folder's file is kept for good only under a name that carries its content's hash") {
    WithFolder with;
    const std::string content = "console.log(1)";
    const std::string name = app::static_files::hashed_name("app.js", app::base::sha256_hex(content));
    with.write("static/" + name, content);
    with.write("static/report.20260101.csv", content);
    CHECK(with.client().get("/static/" + name).header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(with.client().get("/static/report.20260101.csv").header("Cache-Control") == "no-cache");
}

TEST_CASE("a folder's file has parts, an ETag that changes with it, and is compressed when it is long enough") {
    WithFolder with;
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "line " + std::to_string(i) + "\n";
    with.write("static/text.txt", text);
    const Answer first = with.client().get("/static/text.txt");
    const std::string etag = first.header("ETag");
    CHECK(first.body == text);
    CHECK(with.client().get("/static/text.txt", {{"Range", "bytes=5-8"}, {"If-Range", etag}}).body == text.substr(5, 4));
    CHECK(with.client().get("/static/text.txt", {{"If-None-Match", etag}}).status == 304);
    for (const std::string coding : {"gzip", "br"}) {
        const Answer answer = with.client().get("/static/text.txt", {{"Accept-Encoding", coding}});
        CHECK(answer.header("Content-Encoding") == coding);
        CHECK(answer.header("Vary") == "Accept-Encoding");
        CHECK(tests::decode(answer.body, coding) == text);
        CHECK(with.client().get("/static/text.txt", {{"If-None-Match", answer.header("ETag")}}).status == 304);
        CHECK(with.client().get("/static/text.txt", {{"Range", "bytes=0-1"}, {"If-Range", answer.header("ETag")}}).status == 200);
    }
    with.write("static/other.txt", "other");
    std::filesystem::rename(with.path("static/other.txt"), with.path("static/text.txt"));
    const Answer changed = with.client().get("/static/text.txt", {{"If-None-Match", etag}});
    CHECK(changed.status == 200);
    CHECK(changed.body == "other");
    CHECK(with.client().get("/static/text.txt", {{"Range", "bytes=0-1"}, {"If-Range", etag}}).body == "other");
}

TEST_CASE("no target leads out of the folder or to what is no file in it") {
    namespace fs = std::filesystem;
    WithFolder with;
    with.write("secret.txt", "secret");
    fs::create_directories(with.path("static-secret"));
    with.write("static-secret/secret.txt", "secret");
    with.write("static/.hidden", "secret");
    with.write("static/style.css", "mine");
    fs::create_symlink(with.path("secret.txt"), with.path("static/link"));
    fs::create_symlink("style.css", with.path("static/inside"));
    fs::create_directory_symlink("..", with.path("static/up"));
    REQUIRE(mkfifo(with.path("static/fifo").c_str(), 0600) == 0);
    for (const char* target : {"/static/../secret.txt",
                               "/static/%2e%2e/secret.txt",
                               "/static/..%2fsecret.txt",
                               "/static/..%2Fsecret.txt",
                               "/static/%2e%2e%2fsecret.txt",
                               "/static/icons/../../secret.txt",
                               "/static/icons/..%2f..%2fsecret.txt",
                               "/static/..%5csecret.txt",
                               "/static/-secret/secret.txt",
                               "/static-secret/secret.txt",
                               "/static/..%2fstatic-secret/secret.txt",
                               "/static/link",
                               "/static/inside",
                               "/static/up/secret.txt",
                               "/static/up",
                               "/static/fifo",
                               "/static/icons",
                               "/static/icons/",
                               "/static/",
                               "/static/style.css/",
                               "/static/style.css%2f",
                               "/static//style.css",
                               "/static/%2fstyle.css",
                               "/static/.hidden",
                               "/static/%2ehidden",
                               "/static/%2fetc%2fpasswd",
                               "/static//etc/passwd",
                               "/static/.",
                               "/static/..",
                               "/static/%252e%252e/secret.txt"}) {
        CAPTURE(target);
        const Answer answer = with.client().get(target);
        CHECK(answer.status == 404);
        CHECK(answer.body.find("secret") == std::string::npos);
    }
    CHECK(with.client().get("/static/style.css%00").status == 400);
    CHECK(with.client().get("/static/style.css%00.png").status == 400);
    CHECK(with.client().get("/static/%zz").status == 400);
}

TEST_CASE("a file longer than the limit is not there, and the log says why") {
    const tests::CapturedLog log{"warning"};
    {
        WithFolder with{1000};
        with.write("static/most.txt", std::string(1000, 'a'));
        with.write("static/more.txt", std::string(1001, 'a'));
        CHECK(with.client().get("/static/most.txt").status == 200);
        CHECK(with.client().get("/static/more.txt").status == 404);
    }
    CHECK(log.text().find("static file more.txt is longer than static.file_bytes_max") != std::string::npos);
}

TEST_CASE("a folder that is not there is refused at start") {
    try {
        const LiveApp live{[](config::Config& config) { config.static_files.folder = "/nowhere/static"; }};
        FAIL("it started");
    } catch (const app::base::Error& error) {
        CHECK(error.message() == "static.folder: /nowhere/static cannot be opened as a folder: No such file or directory");
    }
}

TEST_CASE("a file that is replaced while it is served is always one state, whole, under its own ETag") {
    WithFolder with;
    const auto content = [](int version) { return std::string(50000, static_cast<char>('a' + version % 26)); };
    with.write("static/page.txt", content(0));
    std::atomic<bool> done{false};
    std::thread writer{[&] {
        for (int version = 1; !done; ++version) {
            with.write("static/next.txt", content(version));
            std::filesystem::rename(with.path("static/next.txt"), with.path("static/page.txt"));
        }
    }};
    for (int i = 0; i < 100; ++i) {
        const Answer answer = with.client().get("/static/page.txt");
        REQUIRE(answer.status == 200);
        CHECK((answer.body == std::string(50000, answer.body.at(0))));
    }
    done = true;
    writer.join();
}

TEST_CASE("many clients at once get the same compressed file on its first request") {
    LiveApp live;
    std::vector<std::string> bodies(8);
    {
        std::vector<std::jthread> clients;
        for (auto& body : bodies) {
            clients.emplace_back([&live, &body] {
                tests::Connection connection{live.port()};
                connection.send("GET /static/style.css HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
                body = connection.receive().body;
            });
        }
    }
    for (const auto& body : bodies) CHECK(tests::decode(body, "br") == embedded("style.css"));
}
