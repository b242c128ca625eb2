// The pages under /auth as a browser without scripts uses them: forms, what is wrong with them, and that only what was sent from our own
// page changes anything. backends: sqlite mysql
#include "app/app.hpp"
#include "app/base/text.hpp"
#include "app/models/account_tokens.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/mailbox.hpp"
#include "tests/support/checks.hpp"

using app::base::percent_encode;
using tests::Answer;
using tests::contains;
using tests::LiveApp;
using tests::Mailbox;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string value_behind(const std::string& text, const std::string& mark) {
    const auto at = text.find(mark);
    return at == std::string::npos
               ? ""
               : text.substr(at + mark.size(), text.find_first_of("\";", at + mark.size()) - at - mark.size());
}

// Somebody with a browser that keeps one cookie.
struct Visitor {
    const LiveApp& live;
    std::string cookie = {};  // "name=value"
    std::string field = {};   // of the page that is open

    Answer open(const std::string& path) {
        const Answer page = live.client().get(path, {{"Cookie", cookie}});
        look_at(page);
        return page;
    }
    void look_at(const Answer& page) {
        const std::string set = page.header("Set-Cookie");
        if (!set.empty()) cookie = set.substr(0, set.find(';'));
        field = value_behind(page.body, "name=\"csrf_token\" value=\"");
    }
    Answer send(const std::string& path, Fields fields) {
        fields.emplace_back("csrf_token", field);
        std::string body;
        for (const auto& [name, value] : fields) body += (body.empty() ? "" : "&") + name + "=" + percent_encode(value);
        return live.client().request("POST", path, {{"Cookie", cookie}, {"Content-Type", "application/x-www-form-urlencoded"}},
                                     body);
    }
};

struct Blog {
    LiveApp live;
    Mailbox box{live.database()};
    Visitor eve{live};

    explicit Blog(const std::function<void(config::Config&)>& change = {})
        : live([&](config::Config& config) {
              config.server.public_url = "http://blog.example";
              if (change) change(config);
          }) {}

    std::optional<app::models::User> find(const std::string& email) {
        return live.database().read([&](app::db::Connection& c) { return app::models::find_user_by_email(c, email); });
    }
    int sign_in(const std::string& email, const std::string& password) const {
        return live.client({tests::basic(email, password)}).post("/api/v1.1/tokens/", "").status;
    }
    // The path and query of the link in the newest mail to that address.
    std::string link(const std::string& email) const {
        return tests::link_of(box.newest_to(email)).substr(std::string("http://blog.example").size());
    }
};

const Fields registration{{"email", "eve@example.com"}, {"username", "eve"}, {"password", "correct horse"}};
constexpr const char* all_pages[] = {"/auth/register",       "/auth/resend-confirmation", "/auth/forgotten-password",
                                     "/auth/confirm",        "/auth/reset-password",      "/auth/change-email",
                                     "/auth/done/registered"};

}  // namespace

TEST_CASE("from registering to a new password, through the pages alone") {
    Blog blog;
    CHECK(blog.eve.open("/auth/register").status == 200);
    const Answer registered = blog.eve.send("/auth/register", registration);
    CHECK(registered.status == 303);
    CHECK(registered.header("Location") == "/auth/done/registered");
    CHECK(contains(blog.eve.open("/auth/done/registered").body, "A mail is on its way"));
    const std::string link = blog.link("eve@example.com");
    CHECK(contains(blog.eve.open(link).body, "eve@example.com"));
    const std::string token = link.substr(link.find('=') + 1);
    CHECK(blog.eve.send("/auth/confirm", {{"token", token}}).header("Location") == "/auth/done/confirmed");
    CHECK(blog.sign_in("eve@example.com", "correct horse") == 200);
    CHECK(blog.eve.open(link).status == 400);

    blog.eve.open("/auth/forgotten-password");
    CHECK(blog.eve.send("/auth/forgotten-password", {{"email", "eve@example.com"}}).header("Location") == "/auth/done/requested");
    const std::string reset = blog.link("eve@example.com");
    CHECK(contains(blog.eve.open(reset).body, "autocomplete=\"new-password\""));
    const Fields set{{"token", reset.substr(reset.find('=') + 1)}, {"password", "battery staple"}};
    CHECK(blog.eve.send("/auth/reset-password", set).header("Location") == "/auth/done/reset");
    CHECK(blog.sign_in("eve@example.com", "battery staple") == 200);
    CHECK(blog.eve.send("/auth/reset-password", set).status == 400);
}

TEST_CASE("an address is changed by the page that its mail leads to") {
    Blog blog;
    const auto ann = blog.live.add_user("ann");
    blog.live.client(ann).post("/api/v1.1/email-changes/requests/",
                               R"({"email":"new@example.com","current_password":"the password of ann"})");
    const std::string link = blog.link("new@example.com");
    CHECK(contains(blog.eve.open(link).body, "new@example.com"));
    CHECK(blog.find("ann@example.com"));
    CHECK(blog.eve.send("/auth/change-email", {{"token", link.substr(link.find('=') + 1)}}).header("Location") ==
          "/auth/done/email-changed");
    CHECK(blog.find("new@example.com")->id == ann.id());
}

TEST_CASE("the confirmation is sent again to who asks for it on the page") {
    Blog blog;
    blog.live.add_user("bob", {.confirmed = false});
    blog.eve.open("/auth/resend-confirmation");
    CHECK(blog.eve.send("/auth/resend-confirmation", {{"email", "bob@example.com"}}).status == 303);
    CHECK(blog.link("bob@example.com").starts_with("/auth/confirm?token="));
}

TEST_CASE("what is wrong with a form stands beside its fields, and what was typed is kept but for passwords") {
    Blog blog;
    blog.live.add_user("ann");
    blog.eve.open("/auth/register");
    const Answer page = blog.eve.send("/auth/register", {{"email", "\"><b>x"}, {"username", "1"}, {"password", "short"}});
    CHECK(page.status == 400);
    for (const char* text : {"value=\"&quot;&gt;&lt;b&gt;x\"", "does not look like one", "a username is a letter",
                             "8 to 1024 bytes", "aria-invalid=\"true\""})
        CHECK_MESSAGE(contains(page.body, text), text);
    CHECK_FALSE(contains(page.body, "value=\"short\""));
    const Answer taken =
        blog.eve.send("/auth/register", {{"email", "x@example.com"}, {"username", "Ann"}, {"password", "correct horse"}});
    CHECK(taken.status == 409);
    CHECK(contains(taken.body, "is already in use"));
    CHECK(blog.box.size() == 0);
}

TEST_CASE("the same page follows whether or not an address has an account") {
    Blog blog;
    blog.live.add_user("ann");
    for (const char* path : {"/auth/register", "/auth/forgotten-password", "/auth/resend-confirmation"}) {
        blog.eve.open(path);
        const auto location = [&](const char* email, const char* name) {
            return blog.eve.send(path, {{"email", email}, {"username", name}, {"password", "correct horse"}}).header("Location");
        };
        CHECK(location("ann@example.com", "one") == location("nobody@example.com", "two"));
    }
}

TEST_CASE("a form without its field, with another's, with another cookie or tampered with is refused and changes nothing") {
    Blog blog;
    Visitor other{blog.live};
    blog.eve.open("/auth/register");
    other.open("/auth/register");
    REQUIRE(blog.eve.field != other.field);
    const std::string good = blog.eve.field;
    for (const std::string& field : {std::string{}, other.field, good + "A", "A" + good.substr(1)}) {
        blog.eve.field = field;
        const Answer answer = blog.eve.send("/auth/register", registration);
        CHECK(answer.status == 403);
        CHECK(contains(answer.body, "reload the page"));
    }
    blog.eve.field = good;
    const std::string cookie = std::exchange(blog.eve.cookie, other.cookie);
    CHECK(blog.eve.send("/auth/register", registration).status == 403);
    blog.eve.cookie = "";
    CHECK(blog.eve.send("/auth/register", registration).status == 403);
    CHECK(blog.box.size() == 0);
    const std::string old = blog.live.app().services().signer.sign(
        "csrf", {.subject = 1, .version = 2, .expires = app::base::now() - std::chrono::seconds{1}});
    blog.eve.cookie = "dewar_csrf=" + old;
    blog.eve.field = old;
    CHECK(blog.eve.send("/auth/register", registration).status == 403);
    blog.eve.cookie = cookie;
    blog.eve.field = good;
    CHECK(blog.eve.send("/auth/register", registration).status == 303);
    CHECK(blog.live.client().post("/auth/register", "{}").status == 415);
}

TEST_CASE("a link that is opened, once or often, by a person or a scanner, changes nothing") {
    Blog blog;
    const auto bob = blog.live.add_user("bob", {.confirmed = false}).user;
    const auto& signer = blog.live.app().services().signer;
    const auto now = app::base::now();
    using namespace app::models;
    const std::string links[] = {"/auth/confirm?token=" + make_confirmation_token(signer, bob.email, 0, now),
                                 "/auth/reset-password?token=" + make_reset_token(signer, bob.email, 0, now),
                                 "/auth/change-email?token=" + make_email_change_token(signer, bob, "new@example.com", now)};
    for (const std::string& link : links) {
        for (int i = 0; i < 2; ++i) {
            CHECK(blog.live.client().get(link).status == 200);
            CHECK(blog.live.client().head(link).status == 200);
            CHECK(blog.live.client().options(link).status == 204);
        }
    }
    const auto after = blog.find("bob@example.com");
    CHECK_FALSE(after->confirmed);
    CHECK(after->token_version == 0);
    CHECK(blog.box.size() == 0);
}

TEST_CASE("no page is kept, framed or told of to other sites, whatever became of it") {
    Blog blog;
    for (const std::string path : all_pages) {
        for (const std::string method : {"GET", "POST", "HEAD"}) {
            const Answer answer = blog.live.client().request(method, path + "?token=x", {}, method == "POST" ? "a=b" : "");
            INFO(method, " ", path, " ", answer.status);
            CHECK(answer.status < 500);
            if (answer.status != 405) {
                CHECK(answer.header("Cache-Control") == "no-store");
                CHECK(answer.header("Referrer-Policy") == "no-referrer");
                CHECK(contains(answer.header("Content-Security-Policy"), "form-action 'self'; frame-ancestors 'none'"));
            }
        }
        CHECK(blog.live.client().request("DELETE", path).status == 405);
        CHECK(blog.live.client().get(path + "/").status == 404);
    }
    CHECK(blog.live.client().get("/auth/done/nothing").status == 404);
}

TEST_CASE("the cookie is for this host over TLS alone where the site has TLS") {
    Blog blog;
    CHECK(blog.live.client().get("/auth/register").header("Set-Cookie").starts_with("dewar_csrf="));
    Blog secure{[](config::Config& config) { config.server.public_url = "https://blog.example"; }};
    const std::string cookie = secure.live.client().get("/auth/register").header("Set-Cookie");
    CHECK(cookie.starts_with("__Host-dewar_csrf="));
    CHECK(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=14400; Secure"));
    secure.eve.open("/auth/register");
    CHECK(secure.eve.send("/auth/register", registration).status == 303);
}

TEST_CASE("without mail or with registration turned off the pages say so before anybody fills them in") {
    Blog without{[](config::Config& config) { config.mail.suppress_send = false; }};
    for (const char* path : {"/auth/register", "/auth/forgotten-password", "/auth/resend-confirmation"})
        CHECK(without.live.client().get(path).status == 503);
    Blog closed{[](config::Config& config) { config.accounts.registration = false; }};
    CHECK(closed.live.client().get("/auth/register").status == 403);
    CHECK(closed.live.client().get("/auth/forgotten-password").status == 200);
}
