// Errors of API v1.1: problem documents (RFC 9457) for all that lies under its prefix, and who is asked for credentials.
// backends: sqlite mysql
#include "app/models/authentication.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

// A problem document of that status, and its detail.
std::string detail_of(const tests::Answer& answer, int status) {
    REQUIRE(answer.status == status);
    REQUIRE(answer.header("Content-Type") == "application/problem+json");
    const auto document = answer.json();
    CHECK(*document.find("status")->integer() == status);
    CHECK(*document.find("title")->string() == answer.reason);
    CHECK(*document.find("type")->string() == "about:blank");
    return *document.find("detail")->string();
}

tests::Header bearer(LiveApp& live, const tests::Account& account, app::base::Timestamp made = app::base::now()) {
    return {"Authorization", "Bearer " + app::models::make_api_token(live.app().services().signer, account.user, made)};
}

constexpr const char* posts = "/api/v1.1/posts/";

}  // namespace

TEST_CASE("a path that nobody knows is a problem document, whoever asks and whatever Accept says") {
    LiveApp live;
    for (const std::string path : {"/api/v1.1", "/api/v1.1/", "/api/v1.1/nothing", "/api/v1.1/posts/x", "/api/v1.1/posts//",
                                   "/api/v1.1/posts/9223372036854775808", "/api/v1%2E1/nothing"}) {
        for (const std::string accept : {"*/*", "text/html", "application/json", "image/png"}) {
            INFO(path, " ", accept);
            const auto answer = live.client().get(path, {{"Accept", accept}});
            CHECK(answer.status == 404);
            CHECK(answer.body ==
                  R"({"detail":"there is no such resource","status":404,"title":"Not Found","type":"about:blank"})");
        }
    }
}

TEST_CASE("outside the prefix the application goes on telling errors as it does") {
    LiveApp live;
    for (const std::string path : {"/api/v1.10/posts/", "/api/v1.1x", "/api/", "/API/v1.1/", "/api/v1.0/nothing"}) {
        INFO(path);
        CHECK(live.client().get(path).header("Content-Type") == "text/html; charset=utf-8");
        CHECK(live.client({tests::accept_json}).get(path).body == R"({"error":"not found"})");
    }
}

TEST_CASE("a method that a resource does not have is 405, with Allow and the method in the detail") {
    LiveApp live;
    const auto answer = live.client().request("DELETE", posts);
    CHECK(detail_of(answer, 405) == "this resource does not have the method DELETE; the header Allow says which it has");
    CHECK(answer.header("Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("the answer to HEAD has the headers of the problem and no body") {
    LiveApp live;
    const auto answer = live.client().head("/api/v1.1/nothing");
    CHECK(answer.status == 404);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(answer.body.empty());
}

TEST_CASE("a malformed percent-escape under the prefix is a problem document") {
    LiveApp live;
    CHECK(detail_of(live.client().get("/api/v1.1/posts/%zz"), 400) == "the path has a malformed percent-escape");
    CHECK(detail_of(live.client().get("/api/v1.1/posts/%00"), 400) == "the path has a NUL character");
}

TEST_CASE("a missing slash is 308 within the version") {
    LiveApp live;
    const auto answer = live.client().get("/api/v1.1/posts?page=2");
    CHECK(answer.status == 308);
    CHECK(answer.header("Location") == "/api/v1.1/posts/?page=2");
}

TEST_CASE("nobody is 401 with both ways to authenticate") {
    LiveApp live;
    const auto answer = live.client().get(posts);
    CHECK(detail_of(answer, 401) == "Invalid credentials");
    CHECK(answer.header("WWW-Authenticate") ==
          R"(Basic realm="Authentication Required", Bearer realm="Authentication Required")");
}

TEST_CASE("a token is taken as Bearer, in any case of letters, and as the user name of Basic") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string token = bearer(live, ann).second.substr(7);
    for (const std::string scheme : {"Bearer ", "bearer ", "BEARER   "}) {
        INFO(scheme);
        CHECK(live.client({{"Authorization", scheme + token}}).get(posts).status == 200);
    }
    CHECK(live.client({tests::basic(token, "")}).get(posts).status == 200);
    CHECK(live.client(ann).get(posts).status == 200);
}

TEST_CASE("a Bearer token that is none of ours is 401 invalid_token, whatever is wrong with it") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto good = bearer(live, ann).second;
    const auto old = bearer(live, ann, app::base::now() - std::chrono::hours(2)).second;
    for (const std::string& value : {std::string("Bearer"), std::string("Bearer x"), good + "x", good + " x", old,
                                     good.substr(0, good.size() - 1), "Bearer " + ann.login().second.substr(6)}) {
        INFO(value);
        const auto answer = live.client({{"Authorization", value}}).get(posts);
        CHECK(detail_of(answer, 401) == "Invalid credentials");
        CHECK(answer.header("WWW-Authenticate") ==
              R"(Basic realm="Authentication Required", Bearer realm="Authentication Required", error="invalid_token")");
        CHECK(answer.body.find(value) == std::string::npos);
    }
}

TEST_CASE("a password change ends the tokens that come as Bearer") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto token = bearer(live, ann);
    CHECK(live.client({token}).get(posts).status == 200);
    live.database().write([&](app::db::Connection& c) { app::models::change_password(c, ann.id(), "x"); });
    CHECK(live.client({token}).get(posts).status == 401);
}

TEST_CASE("v1.0 knows no Bearer") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto answer = live.client({bearer(live, ann)}).get("/api/v1.0/posts/");
    CHECK(answer.status == 401);
    CHECK(answer.header("WWW-Authenticate") == R"(Basic realm="Authentication Required")");
    CHECK(answer.body == R"({"error":"unauthorized","message":"Invalid credentials"})");
}

TEST_CASE("a Bearer token makes no other token, a password does") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(detail_of(live.client({bearer(live, ann)}).post("/api/v1.1/tokens/", ""), 401) == "Invalid credentials");
    const auto answer = live.client(ann).post("/api/v1.1/tokens/", "");
    CHECK(answer.status == 200);
    const std::string token = *answer.json().find("token")->string();
    CHECK(live.client({{"Authorization", "Bearer " + token}}).get(posts).status == 200);
}

TEST_CASE("an unconfirmed account and one without the permission are 403 and told why") {
    LiveApp live;
    live.add_role("Reader", 3);
    const auto new_user = live.add_user("new", {.confirmed = false});
    const auto reader = live.add_user("reader", {.role = "Reader"});
    CHECK(detail_of(live.client(new_user).get(posts), 403) == "Unconfirmed account");
    CHECK(detail_of(live.client({bearer(live, new_user)}).get(posts), 403) == "Unconfirmed account");
    CHECK(detail_of(live.client(reader).post(posts, R"({"body":"x"})"), 403) == "Insufficient permissions");
}

TEST_CASE("a row that is not there is told by its number") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(detail_of(live.client(ann).get("/api/v1.1/posts/7"), 404) == "there is no post 7");
}

TEST_CASE("a missing text is 400 with the pointer to it") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (const std::string body : {R"({"body":""})", R"({"body":null})", R"({"body":1})", "{}"}) {
        INFO(body);
        const auto answer = live.client(ann).post(posts, body);
        CHECK(detail_of(answer, 400) == "post does not have a body");
        REQUIRE(answer.json().find("errors"));
        CHECK(*answer.json().find("errors")->list()->at(0).find("pointer")->string() == "/body");
    }
}

TEST_CASE("a Content-Type or a Content-Encoding that is not read is 415 and told what is") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto typed = live.client(ann).request("POST", posts, {{"Content-Type", "text/plain"}}, "x");
    detail_of(typed, 415);
    CHECK(typed.header("Accept-Post") == "application/json, application/xml");
    const auto coded = live.client(ann).post(posts, "x", {{"Content-Encoding", "gzip"}});
    detail_of(coded, 415);
    CHECK(coded.header("Accept-Encoding") == "identity");
}

TEST_CASE("a body that is too large is refused in the words of the API whose path it was sent to") {
    LiveApp live([](config::Config& config) { config.server.json_body_bytes_max = 1000; });
    const auto refused = [&](const std::string& path, const std::string& framing) {
        return tests::parse_answer(tests::raw_exchange(
            live.port(), "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + framing));
    };
    const std::string chunk = std::string(1001, ' ');
    for (const std::string& framing :
         {std::string("Content-Length: 1001\r\n\r\n"), "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + chunk + "\r\n0\r\n\r\n"}) {
        CHECK(detail_of(refused("/api/v1.1/posts/", framing), 413) == "the body is too large");
        for (const std::string path : {"/api/v1.0/posts/", "/nothing"}) {
            const auto answer = refused(path, framing);
            CHECK(answer.status == 413);
            CHECK(answer.body == R"({"error":"content too large","message":"the body is too large"})");
        }
    }
}
