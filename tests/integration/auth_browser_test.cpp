// The pages under /auth in a real browser: somebody registers, confirms and replaces a forgotten password with a keyboard and the mails.
// DEWAR_SCREENSHOTS names a folder that gets pictures of each page.
#include <cstdlib>

#include "app/app.hpp"
#include "app/models/account_tokens.hpp"
#include "app/web/json.hpp"
#include "tests/integration/support/browser.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/mailbox.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using tests::Browser;
using tests::LiveApp;

namespace {

constexpr const char* public_url = "http://blog.example";

struct Reader {
    LiveApp live{[](config::Config& config) { config.server.public_url = public_url; }};
    tests::Mailbox box{live.database()};
    Browser browser;

    std::string here(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(live.port()) + path; }
    void open(const std::string& path, const std::string& picture = {}) {
        browser.open(here(path));
        browser.wait_until("document.readyState === 'complete'");
        take(picture);
    }
    // The link of the newest mail to that address.
    std::string path_of_mail(const std::string& email) const {
        return tests::link_of(box.newest_to(email)).substr(std::string(public_url).size());
    }
    void take(const std::string& picture) {
        const char* folder = std::getenv("DEWAR_SCREENSHOTS");
        if (folder && !picture.empty())
            tests::write_text(std::string(folder) + "/auth_" + picture + ".png", browser.screenshot());
    }
    void type_into(const std::string& id, const std::string& text) {
        browser.evaluate("document.querySelector('#" + id + "').focus()");
        browser.type(text);
    }
    // Sends the form from the keyboard and waits for the page that follows.
    void send(const std::string& path) {
        browser.evaluate("document.querySelector('form button').focus()");
        browser.press("Enter");
        browser.wait_until("location.pathname === '" + path + "' && document.readyState === 'complete'");
    }
    int sign_in(const std::string& password) const {
        return live.client({tests::basic("eve@example.com", password)}).post("/api/v1.1/tokens/", "").status;
    }
};

}  // namespace

TEST_CASE("somebody registers, confirms, forgets the password and gets another, in a browser without scripts of ours") {
    Reader eve;
    eve.open("/auth/register", "register");
    eve.type_into("email", "eve@example.com");
    eve.type_into("username", "eve");
    eve.type_into("password", "correct horse");
    eve.send("/auth/done/registered");
    eve.take("registered");
    CHECK(eve.sign_in("correct horse") == 403);

    eve.open(eve.path_of_mail("eve@example.com"), "confirm");
    eve.send("/auth/done/confirmed");
    eve.take("confirmed");
    CHECK(eve.sign_in("correct horse") == 200);

    eve.open("/auth/forgotten-password", "forgotten_password");
    eve.type_into("email", "eve@example.com");
    eve.send("/auth/done/requested");
    const std::string reset = eve.path_of_mail("eve@example.com");
    eve.open(reset, "reset_password");
    eve.type_into("password", "battery staple");
    eve.send("/auth/done/reset");
    CHECK(eve.sign_in("battery staple") == 200);
    CHECK(eve.sign_in("correct horse") == 401);
    eve.open(reset, "link_used");
    CHECK(tests::contains(*eve.browser.evaluate("document.body.innerText").string(), "not valid any more"));
    // The browser tells of the page that was not as it should be, and of nothing else.
    for (const std::string& complaint : eve.browser.complaints()) CHECK(tests::contains(complaint, "400"));
}

TEST_CASE("errors stand beside their fields, also in the dark and on a small screen; every field has its label") {
    Reader eve;
    eve.live.add_user("ann");
    eve.browser.show_on({.width = 400, .height = 800, .is_dark = true});
    eve.open("/auth/register");
    eve.type_into("email", "eve@example.com");
    eve.type_into("username", "1eve");
    eve.type_into("password", "short");
    eve.browser.evaluate("document.querySelector('form button').focus()");
    eve.browser.press("Enter");
    eve.browser.wait_until("document.querySelectorAll('[aria-invalid]').length === 2");
    eve.take("register_errors");
    CHECK(*eve.browser.evaluate("document.querySelector('#email').value").string() == "eve@example.com");
    CHECK(*eve.browser.evaluate("[...document.querySelectorAll('input:not([type=hidden])')].every(i => i.labels.length === 1)")
               .boolean());
    CHECK(*eve.browser.evaluate("document.documentElement.scrollWidth <= innerWidth").boolean());
    eve.browser.show_on({});
    eve.open("/auth/resend-confirmation", "resend");
    const auto ann = eve.live.database().read([](app::db::Connection& c) { return app::models::get_user(c, 1); });
    eve.open("/auth/change-email?token=" +
                 app::models::make_email_change_token(eve.live.app().services().signer, ann, "new@example.com", app::base::now()),
             "change_email");
    eve.send("/auth/done/email-changed");
    eve.take("email_changed");
}
