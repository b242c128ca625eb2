// Routes, methods and errors of API v1.0, and who is told in HTML or JSON.
// backends: sqlite mysql
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

// The target as a request that must not be touched by a client: no header but these.
tests::Answer bare(const LiveApp& live, const std::string& method, const std::string& target) {
    return live.client().request(method, target);
}

bool is_html(const tests::Answer& answer) {
    return answer.header("Content-Type") == "text/html; charset=utf-8" && answer.body.starts_with("<!DOCTYPE html>");
}

}  // namespace

TEST_CASE("a path that nobody knows is 404 without credentials") {
    LiveApp live;
    for (const std::string path : {"/api/v1.0/", "/api/v1.0", "/api/", "/api/v1.0/nothing", "/api/v1.0/posts/1/comments/1",
                                   "/api/v1.0/users/1/followers/", "/api/v2/posts/", "/API/v1.0/posts/", "/api/v1.0/Posts/",
                                   "/api//v1.0/posts/", "//api/v1.0/posts/", "/api/v1.0/./posts/", "/api/v1.0/x/../posts/",
                                   "/api/v1.0/posts/1/", "/api/v1.0/posts//", "/api/v1.0/comments/1/", "/api/v1.0/users/1/"}) {
        for (const std::string method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            INFO(method, " ", path);
            const auto answer = live.client({tests::accept_json}).request(method, path);
            CHECK(answer.status == 404);
            if (method != "HEAD") CHECK(answer.body == R"({"error":"not found"})");
        }
    }
}

TEST_CASE("a method that a route does not have is 405 with Allow, without credentials") {
    LiveApp live;
    const auto client = live.client({tests::accept_json});
    const std::pair<std::string, std::string> table[] = {
        {"/api/v1.0/tokens/", "POST, OPTIONS"},
        {"/api/v1.0/posts/", "GET, HEAD, POST, OPTIONS"},
        {"/api/v1.0/posts/1", "GET, HEAD, PUT, OPTIONS"},
        {"/api/v1.0/posts/1/comments/", "GET, HEAD, POST, OPTIONS"},
        {"/api/v1.0/comments/", "GET, HEAD, OPTIONS"},
        {"/api/v1.0/comments/1", "GET, HEAD, OPTIONS"},
        {"/api/v1.0/users/1", "GET, HEAD, OPTIONS"},
        {"/api/v1.0/users/1/posts/", "GET, HEAD, OPTIONS"},
        {"/api/v1.0/users/1/timeline/", "GET, HEAD, OPTIONS"},
    };
    for (const auto& [path, allow] : table) {
        for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
            INFO(method, " ", path);
            const auto answer = client.request(method, path);
            if (allow.find(method) != std::string_view::npos) {
                CHECK(answer.status == 401);
                continue;
            }
            CHECK(answer.status == 405);
            CHECK(answer.header("Allow") == allow);
            if (method != "HEAD") CHECK(answer.body == R"({"error":"method not allowed"})");
        }
        const auto options = client.options(path);
        CHECK(options.status == 204);
        CHECK(options.header("Allow") == allow);
        CHECK(options.body.empty());
    }
}

TEST_CASE("OPTIONS asks nobody, not even whether the row is there") {
    LiveApp live;
    CHECK(live.client({{"Authorization", "nonsense"}}).options("/api/v1.0/posts/999").status == 204);
}

TEST_CASE("a missing slash is 308 for every method, the query kept, without credentials") {
    LiveApp live;
    for (const std::string path : {"/api/v1.0/tokens", "/api/v1.0/posts", "/api/v1.0/posts/1/comments", "/api/v1.0/comments",
                                   "/api/v1.0/users/1/posts", "/api/v1.0/users/1/timeline"}) {
        for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
            INFO(method, " ", path);
            const auto answer = bare(live, method, path);
            CHECK(answer.status == 308);
            CHECK(answer.header("Location") == path + "/");
            CHECK(bare(live, method, path + "?page=2&x=%20%2F+y&x").header("Location") == path + "/?page=2&x=%20%2F+y&x");
        }
    }
    CHECK(bare(live, "GET", "/api/v1.0/%70osts").header("Location") == "/api/v1.0/%70osts/");
    CHECK(bare(live, "GET", "/api/v1.0/posts?next=//evil.example/").header("Location") ==
          "/api/v1.0/posts/?next=//evil.example/");
}

TEST_CASE("a 308 never leads to another host") {
    LiveApp live;
    for (const std::string path :
         {"//evil.example/api/v1.0/posts", "//api/v1.0/posts", "/%2Fevil.example", "/%5Cevil.example/.."}) {
        INFO(path);
        const auto answer = bare(live, "GET", path);
        CHECK(answer.status == 404);
        CHECK_FALSE(answer.has("Location"));
    }
}

TEST_CASE("a malformed percent-escape is 400 before anything else, in path and query, for every method") {
    LiveApp live;
    for (const std::string target :
         {"/api/v1.0/posts/%", "/api/v1.0/posts/%4", "/api/v1.0/posts/%zz", "/api/v1.0/posts/%-1", "/%", "/nothing/%G0",
          "/api/v1.0/posts/?page=%", "/api/v1.0/posts/?page=%f", "/api/v1.0/posts/?%XY=1", "/api/v1.0/posts?x=%"}) {
        for (const std::string method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}) {
            INFO(method, " ", target);
            const auto answer = live.client({tests::accept_json}).request(method, target);
            CHECK(answer.status == 400);
            if (method == "HEAD") continue;
            CHECK(*answer.json().find("error")->string() == "bad request");
        }
    }
}

TEST_CASE("NUL in a path is 400 and bytes that are not UTF-8 are found nowhere") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).get("/user/ann%00").status == 400);
    CHECK(live.client(ann).get("/user/%ff%fe").status == 404);
    CHECK(live.client(ann).get("/api/v1.0/posts/%ff").status == 404);
}

TEST_CASE("who names JSON and nothing of HTML is told in JSON, everybody else gets a page") {
    LiveApp live;
    const std::pair<std::string, bool> table[] = {
        {"application/json", true},
        {"APPLICATION/JSON", true},
        {"application/json; charset=utf-8", true},
        {"application/json, image/png", true},
        {"application/json;q=0.1", true},
        {"application/json, text/html;q=0", true},
        {"application/json, */*;q=0", true},
        {"text/plain, application/json", true},
        {"*/*", false},
        {"text/html", false},
        {"application/json, */*", false},
        {"application/json, text/*", false},
        {"application/json, text/html", false},
        {"application/json, text/html;q=0.1", false},
        {"text/html, application/json;q=0.9", false},
        {"application/json, application/xhtml+xml", false},
        {"application/json, application/*", false},
        {"application/json;q=0", false},
        {"application/*", false},
        {"image/png", false},
        {"nonsense", false},
        {"", false},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
    };
    for (const auto& [accept, json] : table) {
        INFO(accept);
        for (const std::string path : {"/nothing", "/api/v1.0/nothing"}) {
            const auto answer = live.client().get(path, {{"Accept", accept}});
            CHECK(answer.status == 404);
            CHECK(is_html(answer) == !json);
            if (json) CHECK(answer.body == R"({"error":"not found"})");
            CHECK(answer.header("Vary") == "Accept");
        }
    }
    CHECK(is_html(live.client().get("/nothing")));
    CHECK(live.client().get("/nothing", {{"Accept", "image/png"}, {"Accept", "application/json"}}).body ==
          R"({"error":"not found"})");
    CHECK(is_html(live.client().get("/nothing", {{"Accept", "application/json"}, {"Accept", "text/html"}})));
}

TEST_CASE("404 and 405 inside the API are negotiated, for known callers as for unknown ones") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (const std::string path : {"/api/v1.0/posts/999", "/api/v1.0/comments/999", "/api/v1.0/users/999"}) {
        CHECK(live.client(ann).get(path, {tests::accept_json}).body == R"({"error":"not found"})");
        CHECK(is_html(live.client(ann).get(path)));
        CHECK(is_html(live.client(ann).get(path, {{"Accept", "text/html"}})));
    }
    CHECK(live.client(ann).request("DELETE", "/api/v1.0/posts/1", {tests::accept_json}).body ==
          R"({"error":"method not allowed"})");
    CHECK(is_html(live.client(ann).request("DELETE", "/api/v1.0/posts/1")));
}

TEST_CASE("400, 401 and 403 of the API are JSON whatever Accept says") {
    LiveApp live;
    const auto ann = live.add_user("ann"), bob = live.add_user("bob", {.confirmed = false});
    const tests::Headers html{{"Accept", "text/html"}};
    for (const auto& answer : {live.client(ann).post("/api/v1.0/posts/", "{}", html), live.client().get("/api/v1.0/posts/", html),
                               live.client(bob).get("/api/v1.0/posts/", html)}) {
        CHECK(answer.header("Content-Type") == "application/json");
        CHECK(answer.json().find("message"));
    }
}

TEST_CASE("an error page shows nothing of the request") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string markup = "<script>alert(1)</script>\"'&";
    for (const auto& answer :
         {live.client().get("/<script>alert(1)</script>"), live.client().get("/%3Cscript%3Ealert(1)%3C/script%3E"),
          live.client().get("/user/%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
          live.client().get("/nothing?x=<script>alert(1)</script>"),
          live.client().get("/nothing", {{"Accept", markup}, {"Referer", markup}, {"User-Agent", markup}}),
          live.client().get("/<script>%"), live.client().request("DELETE", "/?<script>"),
          live.client(ann).post("/api/v1.0/posts/", "<script>alert(1)</script>"),
          live.client(ann).post("/api/v1.0/posts/", R"x({"<script>":"alert(1)"})x")}) {
        INFO(answer.status);
        CHECK(answer.status >= 400);
        CHECK(answer.body.find("<script") == std::string::npos);
        CHECK(answer.body.find("alert") == std::string::npos);
    }
}

TEST_CASE("what breaks inside is 500, says nothing of why, and is told in the log") {
    tests::CapturedLog log{"error"};
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_comment(live.add_post(ann, "text"), ann, "text");
    live.database().write([](app::db::Connection& c) { c.execute("DROP TABLE comments"); });
    const auto json = live.client(ann).get("/api/v1.0/comments/", {tests::accept_json});
    CHECK(json.status == 500);
    CHECK(json.body == R"({"error":"internal server error"})");
    const auto html = live.client(ann).get("/api/v1.0/comments/");
    CHECK(html.status == 500);
    CHECK(is_html(html));
    CHECK(html.body.find("SQL") == std::string::npos);
    CHECK(html.body.find("comments") == std::string::npos);
    CHECK(live.client(ann).get("/api/v1.0/posts/").status == 200);
    live.stop();
    CHECK(log.text().find("request_id=" + json.header("X-Request-Id")) != std::string::npos);
    CHECK(log.text().find("a database statement failed") != std::string::npos);
    CHECK(log.text().find("FROM comments") != std::string::npos);
}
