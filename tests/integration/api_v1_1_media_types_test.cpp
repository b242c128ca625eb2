// What API v1.1 reads and answers in: XML requests, 406, 415.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* posts = "/api/v1.1/posts/";

tests::Answer send_xml(const tests::Client& client, std::string_view method, std::string_view target, std::string_view xml,
                       const std::string& type = "application/xml") {
    return client.request(method, target, {{"Content-Type", type}}, xml);
}

std::string text_of(const tests::Answer& answer) { return *answer.json().find("body")->string(); }

}  // namespace

TEST_CASE("a post in XML is read as one in JSON is, whatever its root is called") {
    LiveApp live;
    const auto client = live.client(live.add_user("ann"));
    for (const std::string type : {"application/xml", "text/xml", "APPLICATION/XML; charset=utf-8"}) {
        INFO(type);
        const auto answer = send_xml(client, "POST", posts, "<post><body>a &lt;b> *c* &#x1F44D;\n</body><id>7</id></post>", type);
        CHECK(answer.status == 201);
        CHECK(text_of(answer) == "a <b> *c* \xF0\x9F\x91\x8D\n");
    }
    CHECK(text_of(send_xml(client, "PUT", "/api/v1.1/posts/1", "<x><body>put</body></x>")) == "put");
    CHECK(text_of(send_xml(client, "PATCH", "/api/v1.1/posts/1", "<post><body>patched</body></post>")) == "patched");
    CHECK(send_xml(client, "PATCH", "/api/v1.1/posts/1", "<post/>").status == 200);
}

TEST_CASE("what was read in XML can be answered in XML, and read again") {
    LiveApp live;
    const auto client = live.client(live.add_user("ann")).with({"Accept", "application/xml"});
    const auto created = send_xml(client, "POST", posts, "<post><body>one</body></post>");
    CHECK(created.status == 201);
    CHECK(created.header("Content-Type") == "application/xml; charset=utf-8");
    const auto read = client.get("/api/v1.1/posts/1");
    CHECK(read.body == created.body);
    CHECK(read.header("ETag") == created.header("ETag"));
    const auto put = client.with({"If-Match", read.header("ETag")});
    CHECK(send_xml(put, "PUT", "/api/v1.1/posts/1", read.body).status == 200);
    CHECK(send_xml(put, "PUT", "/api/v1.1/posts/1", read.body).status == 412);
}

TEST_CASE("XML that declares a document type, is malformed or has an empty text is 400") {
    LiveApp live;
    const auto client = live.client(live.add_user("ann"));
    for (const std::string xml : {R"(<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><p><body>&x;</body></p>)",
                                  R"(<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p><body>&b;</body></p>)",
                                  "<post><body>x</post>", "<post>", "x", "<post><body/></post>",
                                  "<post><body><b>x</b></body></post>", "<post><body>a</body><body>b</body></post>", "<post/>"}) {
        INFO(xml);
        const auto answer = send_xml(client, "POST", posts, xml);
        CHECK(answer.status == 400);
        CHECK(answer.header("Content-Type") == "application/problem+json");
        CHECK(answer.body.find("root:") == std::string::npos);
    }
    CHECK(*client.get(posts).json().find("total")->integer() == 0);
}

TEST_CASE("a moderator disables a comment in XML, too, where true and false are words") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto mod = live.client(live.add_user("mod", {.role = "Moderator"}));
    live.add_comment(live.add_post(ann), ann);
    constexpr const char* comment = "/api/v1.1/comments/1";
    CHECK(send_xml(mod, "PATCH", comment, "<comment><disabled>yes</disabled></comment>").status == 400);
    CHECK(send_xml(mod, "PATCH", comment, "<comment><disabled>true</disabled></comment>").status == 200);
    CHECK(mod.get(comment).status == 404);
    CHECK(send_xml(mod, "PATCH", comment, "<comment><disabled>false</disabled></comment>").status == 200);
    CHECK(mod.get(comment).status == 200);
}

TEST_CASE("v1.0 reads no XML") {
    LiveApp live;
    const auto client = live.client(live.add_user("ann"));
    CHECK(send_xml(client, "POST", "/api/v1.0/posts/", "<post><body>x</body></post>").status == 400);
}

TEST_CASE("415 tells what is read") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann);
    const auto client = live.client(ann);
    const auto header = [&](const char* method, const char* target, const char* name) {
        const auto answer = send_xml(client, method, target, "x", "text/plain");
        CHECK(answer.status == 415);
        return answer.header(name);
    };
    CHECK(header("POST", posts, "Accept-Post") == "application/json, application/xml");
    CHECK(header("PUT", "/api/v1.1/posts/1", "Accept") == "application/json, application/xml");
    CHECK(header("PATCH", "/api/v1.1/posts/1", "Accept-Patch") ==
          "application/merge-patch+json, application/json, application/xml");
}

TEST_CASE("who accepts neither JSON nor XML is 406, and nothing is written") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    for (const std::string accept : {"text/html", "image/*", "application/json;q=0, application/xml;q=0", "*/*;q=0"}) {
        INFO(accept);
        const auto client = live.client(ann).with({"Accept", accept});
        for (const auto& answer : {client.get(posts), client.get("/api/v1.1/posts/1"), client.post(posts, R"({"body":"x"})"),
                                   client.put("/api/v1.1/posts/1", R"({"body":"x"})")}) {
            CHECK(answer.status == 406);
            CHECK(answer.header("Content-Type") == "application/problem+json");
        }
    }
    CHECK(live.client().with({"Accept", "text/html"}).get(posts).status == 401);
    CHECK(live.client(ann).with({"Accept", "text/html"}).get("/api/v1.0/posts/").status == 200);
    CHECK(*live.client(ann).get(posts).json().find("total")->integer() == 1);
    CHECK(text_of(live.client(ann).get("/api/v1.1/posts/1")) == "old");
}

TEST_CASE("the same state has a tag per media type, and either fits If-Match") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "old");
    const auto client = live.client(ann);
    const auto xml = client.get("/api/v1.1/posts/1", {{"Accept", "application/xml"}});
    CHECK(xml.header("ETag") != client.get("/api/v1.1/posts/1").header("ETag"));
    CHECK(client.with({"If-Match", xml.header("ETag")}).put("/api/v1.1/posts/1", R"({"body":"new"})").status == 200);
}

TEST_CASE("a replayed answer keeps the media type of the first") {
    LiveApp live;
    const auto client = live.client(live.add_user("ann")).with({"Idempotency-Key", "k"});
    const auto first = client.with({"Accept", "application/xml"}).post(posts, R"({"body":"x"})");
    const auto second = client.post(posts, R"({"body":"x"})");
    CHECK(second.header("Idempotency-Replayed") == "true");
    CHECK(second.header("Content-Type") == "application/xml; charset=utf-8");
    CHECK(second.body == first.body);
}
