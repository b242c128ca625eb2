// Who asks again with the tag of what they have costs no document: every call of the JSON writer is counted. The linker puts
// `__wrap_NAME` in the place of JsonWriter::begin_object in this program alone (see tests/CMakeLists.txt).
#include <atomic>

#include "app/web/json.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

std::atomic<int> documents_written{0};

}  // namespace

// The linker gives them these names (--wrap).  NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
app::web::JsonWriter* __real__ZN3app3web10JsonWriter12begin_objectEv(app::web::JsonWriter* json);
app::web::JsonWriter* __wrap__ZN3app3web10JsonWriter12begin_objectEv(app::web::JsonWriter* json);

app::web::JsonWriter* __wrap__ZN3app3web10JsonWriter12begin_objectEv(app::web::JsonWriter* json) {
    ++documents_written;
    return __real__ZN3app3web10JsonWriter12begin_objectEv(json);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

// The URLs that GET serves under /api/, of the objects number 1.
std::vector<std::string> resources(const app::web::Site& site) {
    std::vector<std::string> urls;
    for (const app::web::Rule& rule : site.rules()) {
        std::string url = rule.text();
        if (!url.starts_with("/api/") || !rule.methods.contains(app::web::GET)) continue;
        for (auto at = url.find('<'); at != std::string::npos; at = url.find('<')) url.replace(at, url.find('>') - at + 1, "1");
        urls.push_back(std::move(url));
    }
    return urls;
}

}  // namespace

TEST_CASE("a conditional GET that hits writes no document, on any resource of the API, in any media type") {
    tests::LiveApp live;
    const auto ann = live.add_user("ann"), bob = live.add_user("bob");
    live.add_comment(live.add_post(ann, std::string(9000, 'a')), bob);
    // With a token: who sends a password is served twice, first as nobody on a loop, and then by a worker that may hash.
    const auto token = live.client(ann).request("POST", "/api/v1.0/tokens/").json();
    const auto client = live.client({tests::basic(*token.find("token")->string(), "")});
    int hits = 0;
    for (const std::string& url : resources(live.app().site())) {
        for (const char* accept : {"application/json", "application/xml"}) {
            for (const char* coding : {"", "gzip"}) {
                CAPTURE(url);
                CAPTURE(accept);
                const tests::Headers headers{{"Accept", accept}, {"Accept-Encoding", coding}};
                documents_written = 0;
                const tests::Answer first = client.get(url, headers);
                REQUIRE(first.status == 200);
                REQUIRE(first.has("ETag"));
                const int written = documents_written.exchange(0);
                tests::Headers again = headers;
                again.emplace_back("If-None-Match", first.header("ETag"));
                CHECK(client.get(url, again).status == 304);
                CHECK(client.head(url, again).status == 304);
                CHECK(documents_written == 0);
                hits += written > 0;
            }
        }
    }
    CHECK(hits >= 2 * 8 * 4);  // both versions have as many: the counter counts
}
