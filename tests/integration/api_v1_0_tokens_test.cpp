// Who may call API v1.0, with what credentials, and its tokens.
// backends: sqlite mysql
#include "app/base/text.hpp"
#include "app/models/authentication.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

constexpr const char* tokens = "/api/v1.0/tokens/";
constexpr const char* posts = "/api/v1.0/posts/";

std::string token_of(const tests::Client& client) {
    const tests::Answer answer = client.post(tokens, "");
    REQUIRE(answer.status == 200);
    return *answer.json().find("token")->string();
}

tests::Header authorization(const std::string& value) { return {"Authorization", value}; }

std::string base64(std::string_view bytes) { return app::base::base64_encode(bytes); }

// 401 in the one form that it has.
void check_unauthorized(const tests::Answer& answer) {
    CHECK(answer.status == 401);
    CHECK(answer.body == R"({"error":"unauthorized","message":"Invalid credentials"})");
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.header("WWW-Authenticate") == R"(Basic realm="Authentication Required")");
}

}  // namespace

TEST_CASE("a password buys a token document, and the token opens the API with an empty password") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto answer = live.client(ann).request("POST", tokens);
    REQUIRE(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    const std::string token = *answer.json().find("token")->string();
    CHECK(answer.body == R"({"expiration":3600,"token":")" + token + "\"}");
    CHECK(live.client({tests::basic(token, "")}).get(posts).status == 200);
}

TEST_CASE("a body sent with the demand for a token is not looked at") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    CHECK(live.client(ann).post(tokens, "{no JSON").status == 200);
}

TEST_CASE("a POST without a Content-Length has an empty body and is answered at once") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto [name, value] = ann.login();
    const auto started = std::chrono::steady_clock::now();
    tests::Connection connection{live.port()};
    connection.send("POST /api/v1.0/tokens/ HTTP/1.1\r\nHost: localhost\r\n" + name + ": " + value + "\r\n\r\n");
    CHECK(connection.receive().status == 200);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(3));
}

TEST_CASE("a token buys no token") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live.client(ann));
    check_unauthorized(live.client({tests::basic(token, "")}).post(tokens, ""));
}

TEST_CASE("a token with a password is no token, even with the right password") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live.client(ann));
    check_unauthorized(live.client({tests::basic(token, "x")}).get(posts));
    check_unauthorized(live.client({tests::basic(token, ann.password)}).get(posts));
}

TEST_CASE("a tampered token is refused wherever it was changed") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live.client(ann));
    for (std::size_t i = 0; i < token.size(); i += 5) {
        std::string other = token;
        other[i] = other[i] == 'A' ? 'B' : 'A';
        INFO("changed at ", i);
        CHECK(live.client({tests::basic(other, "")}).get(posts).status == 401);
    }
    for (const std::string& other : {token + "A", token.substr(1), token.substr(0, token.size() - 1), token + " ", " " + token}) {
        check_unauthorized(live.client({tests::basic(other, "")}).get(posts));
    }
}

TEST_CASE("a token ends after its hour and not before") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto& signer = live.app().services().signer;
    using namespace std::chrono_literals;
    const auto fresh = app::models::make_api_token(signer, ann.user, app::base::now() - 3590s);
    const auto expired = app::models::make_api_token(signer, ann.user, app::base::now() - 3601s);
    CHECK(live.client({tests::basic(fresh, "")}).get(posts).status == 200);
    check_unauthorized(live.client({tests::basic(expired, "")}).get(posts));
}

TEST_CASE("a token of another purpose is no API token") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto& signer = live.app().services().signer;
    const app::base::Claims claims{.subject = ann.id(), .version = 0, .expires = app::base::now() + std::chrono::hours(1)};
    for (const std::string purpose : {"confirm", "reset", "", "API", "session"}) {
        check_unauthorized(live.client({tests::basic(signer.sign(purpose, claims), "")}).get(posts));
    }
    CHECK(live.client({tests::basic(signer.sign("api", claims), "")}).get(posts).status == 200);
}

TEST_CASE("a new password ends the tokens made with the old one") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live.client(ann));
    const std::string hash = live.app().services().passwords.hash("another long password");
    live.database().write([&](app::db::Connection& c) { app::models::change_password(c, ann.id(), hash); });
    check_unauthorized(live.client({tests::basic(token, "")}).get(posts));
    check_unauthorized(live.client(ann).get(posts));
    const std::string next = token_of(live.client({tests::basic(ann.user.email, "another long password")}));
    CHECK(live.client({tests::basic(next, "")}).get(posts).status == 200);
}

TEST_CASE("tokens of a key in SECRET_KEY_OLD are read, new ones are signed with the new key") {
    const std::string old_key = "an old signing key, 32 bytes or more", new_key = "the new signing key of 32 bytes and more";
    LiveApp before{[&](config::Config& config) { config.secret.key = old_key; }};
    LiveApp rotated{[&](config::Config& config) {
        config.secret.key = new_key;
        config.secret.old_keys = {old_key};
    }};
    LiveApp after{[&](config::Config& config) { config.secret.key = new_key; }};
    for (LiveApp* live : {&before, &rotated, &after}) live->add_user("ann");
    const auto ann = tests::basic("ann@example.com", "the password of ann");
    const std::string old_token = token_of(before.client({ann})), new_token = token_of(rotated.client({ann}));
    CHECK(rotated.client({tests::basic(old_token, "")}).get(posts).status == 200);
    CHECK(after.client({tests::basic(old_token, "")}).get(posts).status == 401);
    CHECK(after.client({tests::basic(new_token, "")}).get(posts).status == 200);
    CHECK(before.client({tests::basic(new_token, "")}).get(posts).status == 401);
}

TEST_CASE("credentials that are none are 401, whatever they are instead") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string good = base64("ann@example.com:" + ann.password);
    const std::string token = token_of(live.client(ann));
    const std::pair<std::string, std::string> table[] = {
        {"an empty header", ""},
        {"the scheme alone", "Basic"},
        {"the scheme and a blank", "Basic "},
        {"no scheme", good},
        {"a scheme that is not Basic", "Digest " + good},
        {"a scheme that begins as Basic does", "Basics " + good},
        {"a token as Bearer, which v1.0 does not know", "Bearer " + token},
        {"no base64", "Basic ann@example.com:" + ann.password},
        {"surplus padding", "Basic " + good + "="},
        {"base64 and something behind", "Basic " + good + " x"},
        {"no colon", "Basic " + base64("ann@example.com")},
        {"nothing but a colon", "Basic " + base64(":")},
        {"an empty user name", "Basic " + base64(":" + ann.password)},
        {"an empty user name with a token", "Basic " + base64(":" + token)},
        {"an empty password", "Basic " + base64("ann@example.com:")},
        {"a wrong password", "Basic " + base64("ann@example.com:the password of bob")},
        {"a longer password", "Basic " + base64("ann@example.com:" + ann.password + " ")},
        {"a cut password", "Basic " + base64("ann@example.com:" + ann.password.substr(0, 10))},
        {"a password in another case", "Basic " + base64("ann@example.com:THE PASSWORD OF ANN")},
        {"a NUL behind the password", "Basic " + base64(std::string("ann@example.com:") + ann.password + '\0')},
        {"a NUL behind the name", "Basic " + base64(std::string("ann@example.com") + '\0' + ":" + ann.password)},
        {"a password of 2000 bytes", "Basic " + base64("ann@example.com:" + std::string(2000, 'x'))},
        {"an unknown address", "Basic " + base64("bob@example.com:" + ann.password)},
        {"the username in place of the address", "Basic " + base64("ann:" + ann.password)},
        {"bytes that are not UTF-8 as a name", "Basic " + base64("\xff\xfe:" + ann.password)},
        {"bytes that are not UTF-8 as a password", "Basic " + base64("ann@example.com:\xff\xfe\xfd\xff\xff\xff\xff\xff")},
        {"SQL", "Basic " + base64("' OR 1=1 --:" + ann.password)},
    };
    for (const auto& [what, value] : table) {
        INFO(what);
        check_unauthorized(live.client({authorization(value)}).get(posts));
    }
}

TEST_CASE("no Authorization header is 401 in JSON, whatever Accept says") {
    LiveApp live;
    check_unauthorized(live.client().get(posts));
    check_unauthorized(live.client({{"Accept", "text/html"}}).get(posts));
    check_unauthorized(live.client({{"Accept", "application/json"}}).get(posts));
    check_unauthorized(live.client({{"Accept", "image/png"}}).post(tokens, ""));
}

TEST_CASE("a 401 to HEAD has the headers and no body") {
    LiveApp live;
    const auto answer = live.client().head(posts);
    CHECK(answer.status == 401);
    CHECK(answer.header("WWW-Authenticate") == R"(Basic realm="Authentication Required")");
    CHECK(answer.header("Content-Length") == std::to_string(live.client().get(posts).body.size()));
}

TEST_CASE("the scheme's name and the e-mail address are read in any case") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    for (const std::string scheme : {"Basic", "basic", "BASIC", "bAsIc"}) {
        CHECK(live.client({authorization(std::string(scheme) + " " + base64("ann@example.com:" + ann.password))})
                  .get(posts)
                  .status == 200);
    }
    CHECK(live.client({tests::basic("ANN@Example.COM", ann.password)}).get(posts).status == 200);
}

TEST_CASE("a password may hold colons and any Unicode") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const std::string password = "a:b::ключ 鑰匙 🔑:";
    const std::string hash = live.app().services().passwords.hash(password);
    live.database().write([&](app::db::Connection& c) { app::models::change_password(c, ann.id(), hash); });
    CHECK(live.client({tests::basic("ann@example.com", password)}).get(posts).status == 200);
}

TEST_CASE("an unconfirmed account is 403 everywhere, tokens included, but only with the right password") {
    LiveApp live;
    const auto bob = live.add_user("bob", {.confirmed = false});
    const auto post = live.add_post(bob);
    const auto client = live.client(bob);
    for (const auto& answer : {client.get(posts), client.post(tokens, ""), client.post(posts, R"({"body":"x"})"),
                               client.get("/api/v1.0/posts/1"), client.get("/api/v1.0/posts/999")}) {
        CHECK(answer.status == 403);
        CHECK(answer.body == R"({"error":"forbidden","message":"Unconfirmed account"})");
        CHECK(answer.header("Content-Type") == "application/json");
    }
    check_unauthorized(live.client({tests::basic("bob@example.com", "not his password")}).get(posts));
    const auto token = app::models::make_api_token(live.app().services().signer, bob.user, app::base::now());
    CHECK(live.client({tests::basic(token, "")}).get(posts).status == 403);
}

TEST_CASE("last_seen changes when a token is made, and by nothing else") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto client = live.client(ann);
    const auto last_seen = [&] {
        return live.database().read([&](app::db::Connection& c) { return app::models::get_user(c, ann.id()).last_seen; });
    };
    client.get(posts);
    client.get("/api/v1.0/users/1");
    client.post(posts, R"({"body":"text"})");
    client.put("/api/v1.0/posts/1", R"({"body":"other text"})");
    client.post("/api/v1.0/posts/1/comments/", R"({"body":"text"})");
    live.client({tests::basic(ann.user.email, "a wrong password")}).post(tokens, "");
    CHECK(last_seen() == tests::long_ago);

    const auto before = app::base::now();
    const std::string token = token_of(client);
    const auto seen = last_seen();
    CHECK(seen >= before);
    CHECK(seen <= app::base::now());
    live.client({tests::basic(token, "")}).get(posts);
    live.client({tests::basic(token, "")}).post(tokens, "");
    CHECK(last_seen() == seen);
    CHECK(*client.get("/api/v1.0/users/1").json().find("last_seen")->string() == app::base::http_date(seen));
}
