// The API's documents as XML: the same fields, read back by another parser than the one of the application's tests.
// backends: sqlite mysql
#include <pugixml.hpp>

#include "app/web/json.hpp"
#include "tests/decode.hpp"
#include "tests/integration/support/live_app.hpp"

using app::web::Value;
using tests::Answer;

namespace {

const tests::Header accept_xml{"Accept", "application/xml"};

struct Blog {
    tests::LiveApp live;
    tests::Account ann = live.add_user("ann"), bob = live.add_user("bob");
    app::models::Post post = live.add_post(ann, "a < b && c > \"d\"\r\n\xf0\x9f\x98\x80 ]]>"), other = live.add_post(bob, "two");
    app::models::Comment comment = live.add_comment(post, bob, "three");
    tests::Client client = live.client(ann);
};

pugi::xml_document parse(const Answer& answer) {
    CHECK(answer.header("Content-Type") == "application/xml; charset=utf-8");
    pugi::xml_document document;
    REQUIRE(document.load_buffer(answer.body.data(), answer.body.size(), pugi::parse_default | pugi::parse_ws_pcdata));
    return document;
}

void check_same(const pugi::xml_node& element, const Value& value) {
    CAPTURE(element.path());
    const auto children = element.children();
    const auto count = static_cast<std::size_t>(std::distance(children.begin(), children.end()));
    if (const auto* members = value.object()) {
        CHECK(count == members->size());
        for (const auto& [name, content] : *members) {
            REQUIRE(element.child(name.c_str()));
            check_same(element.child(name.c_str()), content);
        }
    } else if (const auto* items = value.list()) {
        REQUIRE(count == items->size());
        const std::string plural = element.name();
        auto item = items->begin();
        for (const pugi::xml_node& child : children) {
            CHECK(child.name() + std::string{"s"} == plural);
            check_same(child, *item++);
        }
    } else {
        CHECK(std::string{element.child_value()} == (value.string()    ? *value.string()
                                                     : value.integer() ? std::to_string(*value.integer())
                                                                       : std::string{}));
    }
}

}  // namespace

TEST_CASE("every resource of v1.0 has the same fields in XML as in JSON, under a root of its name") {
    const Blog blog;
    const struct {
        std::string target, root;
    } resources[] = {
        {"/api/v1.0/posts/", "posts"},
        {"/api/v1.0/posts/?page=2", "posts"},
        {"/api/v1.0/posts/1", "post"},
        {"/api/v1.0/posts/1/comments/", "comments"},
        {"/api/v1.0/posts/2/comments/", "comments"},
        {"/api/v1.0/comments/", "comments"},
        {"/api/v1.0/comments/1", "comment"},
        {"/api/v1.0/users/1", "user"},
        {"/api/v1.0/users/1/posts/", "posts"},
        {"/api/v1.0/users/2/timeline/", "posts"},
    };
    for (const auto& [target, root] : resources) {
        CAPTURE(target);
        const Answer json = blog.client.get(target), xml = blog.client.get(target, {accept_xml});
        CHECK(xml.status == 200);
        const auto document = parse(xml);
        CHECK(document.document_element().name() == root);
        check_same(document.document_element(), json.json());
        CHECK(xml.header("Vary") == json.header("Vary"));
        CHECK(xml.header("Cache-Control") == json.header("Cache-Control"));
        CHECK(xml.header("ETag") != json.header("ETag"));
        const Answer head = blog.client.head(target, {accept_xml});
        for (const char* name : {"Content-Type", "ETag", "Vary", "Cache-Control", "Content-Length"})
            CHECK(head.header(name) == xml.header(name));
    }
}

TEST_CASE("what is written, tokens and errors come as XML too, but for the 401") {
    const Blog blog;
    const auto client = blog.client.with(accept_xml);
    const Answer added = client.post("/api/v1.0/posts/", R"({"body": "a\rb\u0001c\uffff"})");
    CHECK(added.status == 201);
    CHECK(std::string{parse(added).child("post").child_value("body")} == "a\rb\xef\xbf\xbd"
                                                                         "c\xef\xbf\xbd");
    CHECK(added.body.find("a&#13;b") != std::string::npos);
    CHECK(*blog.client.get(added.header("Location")).json().find("body")->string() == "a\rb\x01"
                                                                                      "c\xef\xbf\xbf");
    CHECK(added.header("ETag") == client.get(added.header("Location")).header("ETag"));

    CHECK(parse(client.put("/api/v1.0/posts/1", R"({"body": "x"})")).child("post").child_value("body") == std::string{"x"});
    CHECK(parse(client.post("/api/v1.0/posts/1/comments/", R"({"body": "y"})")).child("comment"));

    const Answer token = client.request("POST", "/api/v1.0/tokens/");
    CHECK(token.header("Cache-Control") == "no-store");
    const auto document = parse(token);
    CHECK(document.child("token").child_value("expiration") == std::string{"3600"});
    CHECK(blog.live.client({tests::basic(document.child("token").child_value("token"), "")}).get("/api/v1.0/users/1").status ==
          200);

    const Answer invalid = client.post("/api/v1.0/posts/", "{}");
    CHECK(invalid.status == 400);
    CHECK(invalid.header("Vary") == "Accept");
    CHECK(parse(invalid).child("error").child_value("error") == std::string{"bad request"});
    CHECK(parse(invalid).child("error").child_value("message") == std::string{"post does not have a body"});
    CHECK(parse(client.put("/api/v1.0/posts/2", "{}")).child("error").child_value("error") == std::string{"forbidden"});

    const Answer nobody = blog.live.client().get("/api/v1.0/posts/", {accept_xml});
    CHECK(nobody.status == 401);
    CHECK(nobody.header("Content-Type") == "application/json");
    CHECK(nobody.body == R"({"error":"unauthorized","message":"Invalid credentials"})");
}

TEST_CASE("v1.0 answers in JSON unless XML is preferred, also to who accepts neither") {
    const Blog blog;
    const struct {
        const char* accept;
        bool xml;
    } table[] = {
        {"", false},
        {"*/*", false},
        {"application/*", false},
        {"application/json", false},
        {"text/html", false},
        {"text/xml", false},
        {"application/xml;q=0", false},
        {"nonsense;;;", false},
        {"application/json, application/xml", false},
        {"application/xml;q=0.5, application/json;q=0.6", false},
        {"application/xml", true},
        {"Application/XML ; q=0.001", true},
        {"application/json;q=0.5, application/xml;q=0.6", true},
        {"application/json;q=0, */*;q=0.1", true},
        {"text/html, application/xml;q=0.9, */*;q=0.8", true},
    };
    for (const auto& [accept, xml] : table) {
        CAPTURE(accept);
        const Answer answer = blog.client.get("/api/v1.0/posts/1", {{"Accept", accept}});
        CHECK(answer.status == 200);
        CHECK(answer.header("Content-Type") == (xml ? "application/xml; charset=utf-8" : "application/json"));
    }
    const tests::Headers two_lines{{"Accept", "application/json;q=0.5"}, {"Accept", "application/xml"}};
    CHECK(blog.client.get("/api/v1.0/posts/1", two_lines).header("Content-Type") == "application/xml; charset=utf-8");
}

TEST_CASE("the state in XML is one of its own for If-None-Match, and the same for If-Match; compressed likewise") {
    const Blog blog;
    blog.client.put("/api/v1.0/posts/1", R"({"body": ")" + std::string(9000, 'a') + "\"}");
    const tests::Header gzip{"Accept-Encoding", "gzip"};
    const Answer xml = blog.client.get("/api/v1.0/posts/1", {accept_xml}),
                 small = blog.client.get("/api/v1.0/posts/1", {accept_xml, gzip});
    CHECK(small.header("Content-Encoding") == "gzip");
    CHECK(tests::decode(small.body, "gzip") == xml.body);
    for (const std::string& tag : {xml.header("ETag"), small.header("ETag")}) {
        CAPTURE(tag);
        CHECK(blog.client.get("/api/v1.0/posts/1", {accept_xml, {"If-None-Match", tag}}).status == 304);
        CHECK(blog.client.get("/api/v1.0/posts/1", {{"If-None-Match", tag}}).status == 200);
        CHECK(blog.client.put("/api/v1.0/posts/1", "{}", {{"If-Match", tag}}).status == 200);
    }
}

TEST_CASE("v1.0 reads no XML") {
    const Blog blog;
    const Answer answer =
        blog.client.request("POST", "/api/v1.0/posts/", {{"Content-Type", "application/xml"}}, "<post><body>x</body></post>");
    CHECK(answer.status == 400);
}
