// Accounts by mail, as the API offers them: each operation, each refusal, and what may not be told. backends: sqlite mysql
#include "app/accounts/mails.hpp"
#include "app/app.hpp"
#include "app/models/account_tokens.hpp"
#include "app/models/authentication.hpp"
#include "app/models/outbox.hpp"
#include "app/web/json.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/mailbox.hpp"
#include "tests/support/checks.hpp"

using app::web::Value;
using tests::Answer;
using tests::contains;
using tests::LiveApp;
using tests::Mailbox;
using tests::token_of;

namespace {

constexpr const char* password = "correct horse battery";

struct Blog {
    LiveApp live;
    Mailbox box{live.database()};

    explicit Blog(const std::function<void(config::Config&)>& change = {})
        : live([&](config::Config& config) {
              config.server.public_url = "https://blog.example";
              if (change) change(config);
          }) {}

    Answer post(const std::string& path, const Value::Object& body) const {
        return live.client().post("/api/v1.1" + path, app::web::to_json(body));
    }
    Answer enrol(const std::string& name, const std::string& email) const {
        return post("/users/", {{"email", email}, {"username", name}, {"password", password}});
    }
    // The status of signing in.
    int sign_in(const std::string& email, const std::string& with = password) const {
        return live.client({tests::basic(email, with)}).post("/api/v1.1/tokens/", "").status;
    }
    std::string api_token(const std::string& email, const std::string& with = password) const {
        const Answer answer = live.client({tests::basic(email, with)}).post("/api/v1.1/tokens/", "");
        REQUIRE(answer.status == 200);
        return *answer.json().find("token")->string();
    }
    int status_with(const std::string& token) const {
        return live.client({{"Authorization", "Bearer " + token}}).get("/api/v1.1/posts/").status;
    }
    std::optional<app::models::User> find(const std::string& email) {
        return live.database().read([&](app::db::Connection& c) { return app::models::find_user_by_email(c, email); });
    }
    // An account that registered and confirmed.
    std::string join(const std::string& name) {
        const std::string email = name + "@example.com";
        REQUIRE(enrol(name, email).status == 202);
        REQUIRE(post("/confirmations/", {{"token", token_of(box.newest_to(email))}}).status == 204);
        return email;
    }
};

// Without what differs between any two answers.
std::string bytes_of(const Answer& answer) {
    std::string text = std::to_string(answer.status) + " " + answer.reason + "\n";
    for (const auto& [name, value] : answer.headers) {
        if (name != "Date" && name != "X-Request-Id") text += name + ": " + value + "\n";
    }
    return text + "\n" + answer.body;
}

std::string pointers_of(const Answer& answer) {
    std::string text;
    const Value document = answer.json();
    const Value* errors = document.find("errors");
    for (const Value& error : errors ? *errors->list() : Value::List{}) text += *error.find("pointer")->string() + " ";
    return text;
}

}  // namespace

TEST_CASE("who registers and opens the link of the mail can sign in, and not before") {
    Blog blog;
    const Answer answer = blog.enrol("Eve", "Eve@Example.com");
    CHECK(answer.status == 202);
    CHECK(answer.body.empty());
    CHECK(blog.sign_in("eve@example.com") == 403);
    const auto mail = blog.box.newest_to("eve@example.com");
    CHECK(mail.subject == "Confirm your e-mail address");
    CHECK(tests::link_of(mail).starts_with("https://blog.example/auth/confirm?token="));
    CHECK(blog.post("/confirmations/", {{"token", token_of(mail)}}).status == 204);
    CHECK(blog.sign_in("eve@example.com") == 200);
    const auto eve = blog.find("eve@example.com");
    CHECK(eve->username == "Eve");
    CHECK(eve->role_name == "User");
    CHECK(blog.box.size() == 1);
}

TEST_CASE("who registers with the administrator's address becomes one") {
    Blog blog{[](config::Config& config) { config.admin.email = "Root@example.com"; }};
    blog.enrol("root", "root@example.com");
    CHECK(blog.find("root@example.com")->role_name == "Administrator");
    CHECK_FALSE(blog.find("root@example.com")->confirmed);
}

TEST_CASE("all that is wrong with a registration is told at once, by the rules of manage user add") {
    Blog blog;
    const Answer answer = blog.post("/users/", {{"email", "nobody"}, {"username", "1x"}, {"password", "short"}});
    CHECK(answer.status == 400);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(pointers_of(answer) == "/email /username /password ");
    CHECK(pointers_of(blog.post("/users/", {{"email", "a@b.example"}, {"username", 7}})) == "/username /password ");
    CHECK(pointers_of(blog.post("/users/", {{"email", "戴@b.example"}, {"username", "a"}, {"password", password}})) == "/email ");
    CHECK(blog.box.size() == 0);
    CHECK(blog.live.client().get("/api/v1.1/users/").status == 405);
}

TEST_CASE("a username that a confirmed account has is told, whoever has the address; another's is told by mail") {
    Blog blog;
    const auto ann = blog.live.add_user("ann");
    blog.live.add_user("bob", {.confirmed = false});
    for (const char* email : {"ann@example.com", "new@example.com"}) {
        const Answer answer = blog.enrol("ANN", email);
        CHECK(answer.status == 409);
        CHECK(pointers_of(answer) == "/username ");
    }
    CHECK(blog.box.size() == 0);
    CHECK(blog.enrol("bob", "new@example.com").status == 202);
    CHECK(blog.box.newest_to("new@example.com").subject == "Choose another username");
    CHECK_FALSE(blog.find("new@example.com"));
}

TEST_CASE("no answer tells whether an address has an account, byte for byte") {
    Blog blog;
    blog.live.add_user("ann");
    blog.live.add_user("bob", {.confirmed = false});
    const auto answers = [&](const std::string& path, const Value::Object& more) {
        std::vector<std::string> all;
        for (const char* email : {"ann@example.com", "bob@example.com", "nobody@example.com", "ANN@example.com"}) {
            Value::Object body = more;
            body["email"] = email;
            if (path == "/users/") body["username"] = "name" + std::to_string(all.size());
            all.push_back(bytes_of(blog.post(path, body)));
        }
        return all;
    };
    for (const auto& all : {answers("/users/", {{"password", password}}), answers("/confirmations/requests/", {}),
                            answers("/password-resets/requests/", {})}) {
        CHECK(all[0].starts_with("202 Accepted\n"));
        for (const std::string& one : all) CHECK(one == all[0]);
    }
    const auto subjects = [&](const char* email) {
        std::string text;
        for (const auto& mail : blog.box.mails_to(email)) text += mail.subject + "; ";
        return text;
    };
    CHECK(subjects("ann@example.com") ==
          "You have an account already; You have an account already; Set a new password; Set a new password; ");
    CHECK(subjects("bob@example.com") == "Finish setting up your account; Confirm your e-mail address; Set a new password; ");
    CHECK(subjects("nobody@example.com") == "Confirm your e-mail address; Confirm your e-mail address; Set a new password; ");
    const auto token = blog.api_token("ann@example.com", "the password of ann");
    std::vector<std::string> changes;
    for (const char* email : {"bob@example.com", "free@example.com"}) {
        changes.push_back(
            bytes_of(blog.live.client({{"Authorization", "Bearer " + token}})
                         .post("/api/v1.1/email-changes/requests/",
                               app::web::to_json(Value::Object{{"email", email}, {"current_password", "the password of ann"}}))));
    }
    CHECK(changes[0].starts_with("202 Accepted\n"));
    CHECK(changes[0] == changes[1]);
}

TEST_CASE("a mail that nobody is to get leaves nothing behind") {
    Blog blog;
    blog.live.add_user("ann");
    CHECK(blog.post("/confirmations/requests/", {{"email", "ann@example.com"}}).status == 202);
    CHECK(blog.post("/password-resets/requests/", {{"email", "nobody@example.com"}}).status == 202);
    CHECK(blog.box.size() == 0);
}

TEST_CASE("who registers an address that waits for its confirmation is not let in by it, and can set the password that counts") {
    Blog blog;
    blog.enrol("mallory", "eve@example.com");
    const auto first = blog.box.newest_to("eve@example.com");
    blog.post("/users/", {{"email", "eve@example.com"}, {"username", "eve"}, {"password", "what eve wanted"}});
    const auto invitation = blog.box.newest_to("eve@example.com");
    CHECK(invitation.subject == "Finish setting up your account");
    CHECK(blog.post("/password-resets/", {{"token", token_of(invitation)}, {"password", "what eve wanted"}}).status == 204);
    CHECK(blog.sign_in("eve@example.com", "what eve wanted") == 200);
    CHECK(blog.sign_in("eve@example.com") == 401);
    CHECK(blog.post("/confirmations/", {{"token", token_of(first)}}).status == 400);
}

TEST_CASE("a forgotten password is replaced, once, which ends all tokens and is told by mail") {
    Blog blog;
    const std::string email = blog.join("eve"), api = blog.api_token(email);
    blog.post("/password-resets/requests/", {{"email", "EVE@example.com"}});
    const std::string first = token_of(blog.box.newest_to(email));
    blog.post("/password-resets/requests/", {{"email", email}});
    const std::string second = token_of(blog.box.newest_to(email));
    CHECK(blog.status_with(api) == 200);
    const Answer shorter = blog.post("/password-resets/", {{"token", first}, {"password", "short"}});
    CHECK(shorter.status == 400);
    CHECK(pointers_of(shorter) == "/password ");
    CHECK(blog.post("/password-resets/", {{"token", first}, {"password", "another password"}}).status == 204);
    CHECK(blog.sign_in(email, "another password") == 200);
    CHECK(blog.sign_in(email) == 401);
    CHECK(blog.status_with(api) == 401);
    for (const std::string& token : {first, second}) {
        const Answer again = blog.post("/password-resets/", {{"token", token}, {"password", "a third password"}});
        CHECK(again.status == 400);
        CHECK(pointers_of(again) == "/token ");
    }
    const auto notice = blog.box.newest_to(email);
    CHECK(notice.subject == "Your password was changed");
    CHECK(contains(notice.text, "Hello eve,"));
}

TEST_CASE("a password is changed by who knows it; other tokens end, the answer is a new one") {
    Blog blog;
    const std::string email = blog.join("eve"), api = blog.api_token(email);
    blog.post("/password-resets/requests/", {{"email", email}});
    const std::string reset = token_of(blog.box.newest_to(email));
    const auto eve = blog.live.client({{"Authorization", "Bearer " + api}});
    const auto change = [&](const char* current, const char* wanted) {
        return eve.put("/api/v1.1/account/password",
                       app::web::to_json(Value::Object{{"current_password", current}, {"password", wanted}}));
    };
    CHECK(change("wrong password", "another password").status == 403);
    CHECK(pointers_of(change(password, "short")) == "/password ");
    CHECK(blog.status_with(api) == 200);
    const Answer changed = change(password, "another password");
    CHECK(changed.status == 200);
    CHECK(changed.header("Cache-Control") == "no-store");
    CHECK(blog.status_with(*changed.json().find("token")->string()) == 200);
    CHECK(blog.status_with(api) == 401);
    CHECK(blog.post("/password-resets/", {{"token", reset}, {"password", password}}).status == 400);
    CHECK(blog.sign_in(email, "another password") == 200);
    CHECK(blog.box.newest_to(email).subject == "Your password was changed");
    CHECK(blog.live.client().put("/api/v1.1/account/password", "{}").status == 401);
}

TEST_CASE("guesses of the current password are slowed down as everywhere") {
    Blog blog{[](config::Config& config) { config.limits.enabled = true; }};
    const std::string email = blog.join("eve");
    const auto eve = blog.live.client({{"Authorization", "Bearer " + blog.api_token(email)}});
    int last = 0;
    for (int i = 0; i < 7; ++i)
        last = eve.put("/api/v1.1/account/password", R"({"current_password":"wrong password","password":"another one"})").status;
    CHECK(last == 429);
}

TEST_CASE("an address is changed by the password and the new address's owner; the old one is told, and tokens end") {
    Blog blog;
    const std::string email = blog.join("eve"), api = blog.api_token(email);
    const auto eve = blog.live.client({{"Authorization", "Bearer " + api}});
    const auto ask = [&](const char* wanted, const char* with) {
        return eve.post("/api/v1.1/email-changes/requests/",
                        app::web::to_json(Value::Object{{"email", wanted}, {"current_password", with}}));
    };
    CHECK(ask("new@example.com", "wrong password").status == 403);
    CHECK(pointers_of(ask("EVE@example.com", password)) == "/email ");
    CHECK(ask("new@example.com", password).status == 202);
    CHECK(blog.sign_in(email) == 200);
    const auto mail = blog.box.newest_to("new@example.com");
    CHECK(mail.subject == "Confirm your new e-mail address");
    CHECK_FALSE(contains(mail.text, "eve"));
    const std::string token = token_of(mail);
    CHECK(blog.post("/email-changes/", {{"token", token}}).status == 204);
    CHECK(blog.sign_in("new@example.com") == 200);
    CHECK(blog.sign_in(email) == 401);
    CHECK(blog.status_with(api) == 401);
    CHECK(blog.post("/email-changes/", {{"token", token}}).status == 400);
    const auto notice = blog.box.newest_to(email);
    CHECK(notice.subject == "Your e-mail address was changed");
    CHECK(contains(notice.text, "new@example.com"));
}

TEST_CASE("an address that another account has by now is a conflict, and a change that did not happen is told to nobody") {
    Blog blog;
    const std::string email = blog.join("eve");
    const auto token = app::models::make_email_change_token(blog.live.app().services().signer, *blog.find(email),
                                                            "ann@example.com", app::base::now());
    blog.live.add_user("ann");
    const auto before = blog.box.size();
    CHECK(blog.post("/email-changes/", {{"token", token}}).status == 409);
    CHECK(blog.find(email)->id != 0);
    CHECK(blog.box.size() == before);
}

TEST_CASE("a token is refused in the same words whatever is wrong with it, and API tokens and those of mails are worlds apart") {
    Blog blog;
    const auto ann = blog.live.add_user("ann"), bob = blog.live.add_user("bob", {.confirmed = false});
    const auto& signer = blog.live.app().services().signer;
    const auto now = app::base::now(), long_ago = now - std::chrono::hours{24 * 30};
    using namespace app::models;
    const std::string confirmation = make_confirmation_token(signer, bob.user.email, 0, now),
                      reset = make_reset_token(signer, ann.user.email, 0, now),
                      change = make_email_change_token(signer, ann.user, "new@example.com", now),
                      api = make_api_token(signer, ann.user, now);
    std::string tampered = confirmation;
    tampered.back() = tampered.back() == 'A' ? 'B' : 'A';
    const std::string of_another = "YW5uQGV4YW1wbGUuY29t" + confirmation.substr(confirmation.find('.'));
    std::string first;
    for (const std::string& token : {make_confirmation_token(signer, bob.user.email, 0, long_ago), reset, change, api, tampered,
                                     of_another, make_confirmation_token(signer, ann.user.email, 0, now), std::string{}}) {
        const std::string bytes = bytes_of(blog.post("/confirmations/", {{"token", token}}));
        CHECK(bytes.starts_with("400 "));
        if (first.empty()) first = bytes;
        CHECK(bytes == first);
    }
    for (const std::string& token : {confirmation, change, api, make_reset_token(signer, ann.user.email, 0, long_ago)})
        CHECK(bytes_of(blog.post("/password-resets/", {{"token", token}, {"password", password}})) == first);
    for (const std::string& token :
         {confirmation, reset, api, make_email_change_token(signer, ann.user, "new@example.com", long_ago)})
        CHECK(bytes_of(blog.post("/email-changes/", {{"token", token}})) == first);
    for (const std::string& token : {confirmation, reset, change}) {
        CHECK(blog.status_with(token) == 401);
        CHECK(blog.live.client({tests::basic(token, "")}).get("/api/v1.0/posts/").status == 401);
    }
    CHECK_FALSE(blog.find("bob@example.com")->confirmed);
}

TEST_CASE("links are built on PUBLIC_URL, whatever Host and X-Forwarded-Host say") {
    Blog blog;
    const std::string head = "POST /api/v1.1/users/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
                             "Connection: close\r\nContent-Type: application/json\r\n";
    const std::string body = R"({"email":"eve@example.com","username":"evil.example","password":"correct horse"})";
    const auto answer = tests::parse_answer(
        tests::raw_exchange(blog.live.port(), head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    CHECK(answer.status == 202);
    const auto mail = blog.box.newest_to("eve@example.com");
    CHECK_FALSE(contains(mail.text + mail.html, "evil.example"));  // nor as the username that strangers chose
    CHECK(tests::link_of(mail).starts_with("https://blog.example/"));
}

TEST_CASE("without PUBLIC_URL or a mail server the answer is 503, and the log says what to set") {
    struct Missing {
        std::function<void(config::Config&)> change;
        const char* remedy;
    };
    const Missing all[] = {{[](config::Config& config) { config.server.public_url = ""; }, "set PUBLIC_URL"},
                           {[](config::Config& config) { config.mail.suppress_send = false; }, "set MAIL_SERVER"},
                           {[](config::Config& config) {
                                config.mail.suppress_send = false;
                                config.mail.server = "mail.example";
                            },
                            "set MAIL_DEFAULT_SENDER"}};
    for (const Missing& missing : all) {
        tests::CapturedLog log{"warning"};
        Blog blog{missing.change};
        const Answer answer = blog.enrol("eve", "eve@example.com");
        CHECK(answer.status == 503);
        CHECK(contains(answer.body, "this server sends no mails at present"));
        CHECK(answer.has("Retry-After"));
        CHECK(blog.post("/password-resets/requests/", {{"email", "eve@example.com"}}).status == 503);
        const auto ann = blog.live.add_user("ann");
        CHECK(blog.live.client(ann)
                  .put("/api/v1.1/account/password", R"({"current_password":"the password of ann","password":"another one"})")
                  .status == 200);
        CHECK(blog.box.size() == 0);
        CHECK_FALSE(blog.find("eve@example.com"));
        blog.live.stop();
        CHECK(contains(log.text(), missing.remedy));
    }
}

TEST_CASE("where a config says so, links lead to the server itself while there is no PUBLIC_URL") {
    auto config =
        config::load("development", config::Environment{{}}, {.overrides = {}, .config_folder = {}, .dotenv_path = ""}).config;
    CHECK(config.accounts.local_links);
    Blog blog{[&](config::Config& testing) {
        testing.server.public_url = "";
        testing.accounts.local_links = true;
    }};
    CHECK(blog.enrol("eve", "eve@example.com").status == 503);  // on a port that nobody knows beforehand
    const auto settings = app::mail::settle(app::mail_choices(blog.live.app().services().config));
    CHECK_FALSE(app::accounts::find_obstacle(config, settings));
    config.server.port = 0;
    CHECK(app::accounts::find_obstacle(config, settings));
}

TEST_CASE("registration can be turned off, and accounts that there are go on") {
    Blog blog{[](config::Config& config) { config.accounts.registration = false; }};
    blog.live.add_user("ann");
    CHECK(blog.enrol("eve", "eve@example.com").status == 403);
    CHECK_FALSE(blog.find("eve@example.com"));
    CHECK(blog.post("/password-resets/requests/", {{"email", "ann@example.com"}}).status == 202);
    CHECK(blog.box.size() == 1);
}

TEST_CASE("an address gets a few mails in an hour, silently; a client that asks for many is told to wait") {
    Blog blog{[](config::Config& config) {
        config.limits.enabled = true;
        config.limits.mails_max = 3;
        config.limits.mail_requests_max = 6;
    }};
    blog.live.add_user("ann");
    for (int i = 0; i < 5; ++i) {
        const Answer answer = blog.post("/password-resets/requests/", {{"email", "ann@example.com"}});
        CHECK(answer.status == 202);
    }
    CHECK(blog.box.size() == 3);
    CHECK(blog.enrol("eve", "eve@example.com").status == 202);
    CHECK(blog.box.size() == 4);
    const Answer refused = blog.post("/confirmations/requests/", {{"email", "eve@example.com"}});
    CHECK(refused.status == 429);
    CHECK(refused.has("Retry-After"));
    CHECK(refused.has("RateLimit"));
}

TEST_CASE("no token, password or address is in the log, nor in what is answered") {
    tests::CapturedLog log{"debug"};
    Blog blog;
    const std::string email = blog.join("eve");
    blog.post("/password-resets/requests/", {{"email", email}});
    const std::string token = token_of(blog.box.newest_to(email));
    for (const std::string path :
         {"/auth/reset-password", "/auth/confirm", "/auth/change-email", "/api/v1.1/confirmations/", "/auth/x"}) {
        blog.live.client().get(path + "?token=" + token);
        blog.live.client().request("DELETE", path + "?token=" + token);
    }
    CHECK_FALSE(contains(blog.post("/confirmations/", {{"token", token}}).body, token));
    blog.post("/password-resets/", {{"token", token}, {"password", "another password"}});
    blog.live.stop();
    CHECK(contains(log.text(), "/auth/reset-password"));
    for (const std::string& secret : {token, email, std::string(password), std::string("another password")})
        CHECK_FALSE(contains(log.text(), secret));
}

TEST_CASE("mails have a sender and a prefix of any language, and what is a value in them stays one") {
    Blog blog{[](config::Config& config) {
        config.mail.default_sender = "戴瓦 <dewar@blog.example>";
        config.mail.subject_prefix = "[戴瓦]";
    }};
    const std::string email = blog.join("eve");
    const auto mail = blog.box.newest_to(email);
    CHECK(mail.from.name == "戴瓦");
    CHECK(mail.subject == "[戴瓦] Confirm your e-mail address");
    blog.live.client({tests::basic(email, password)})
        .post("/api/v1.1/email-changes/requests/",
              app::web::to_json(Value::Object{{"email", "a&b'c@example.com"}, {"current_password", password}}));
    blog.post("/email-changes/", {{"token", token_of(blog.box.newest_to("a&b'c@example.com"))}});
    const auto notice = blog.box.newest_to(email);
    CHECK(contains(notice.html, "<b>a&amp;b&#39;c@example.com</b>"));
    CHECK(contains(notice.text, "a&b'c@example.com"));
}

TEST_CASE("an account that nobody confirmed has no page, and the API does not show it") {
    Blog blog;
    const auto ann = blog.live.add_user("ann");
    blog.enrol("eve", "eve@example.com");
    CHECK(blog.live.client().get("/user/eve").status == 404);
    const std::string id = std::to_string(blog.find("eve@example.com")->id);
    for (const std::string version : {"/api/v1.0", "/api/v1.1"}) {
        for (const char* path : {"", "/posts/", "/timeline/"})
            CHECK(blog.live.client(ann).get(version + "/users/" + id + path).status == 404);
    }
    CHECK(blog.live.client(ann).get("/api/v1.1/users/" + id + "/followers/").status == 404);
    CHECK(blog.live.client(ann).put("/api/v1.1/users/" + id + "/follow", "").status == 404);
    blog.post("/confirmations/", {{"token", token_of(blog.box.newest_to("eve@example.com"))}});
    CHECK(blog.live.client().get("/user/eve").status == 200);
}
