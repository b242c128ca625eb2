// The page /docs in a real browser: what it shows, that a call can be tried with a keyboard alone, and that it keeps credentials to
// itself. DEWAR_SCREENSHOTS names a folder that gets pictures of it.
#include <cstdlib>

#include "app/web/json.hpp"
#include "tests/integration/support/browser.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

using app::web::Value;
using tests::Browser;
using tests::contains;
using tests::LiveApp;

namespace {

std::string text_of(Browser& browser, const std::string& selector) {
    const Value text = browser.evaluate("document.querySelector(\"" + selector + "\").innerText");
    return text.string() ? *text.string() : std::string{};
}

std::int64_t count_of(Browser& browser, const std::string& selector) {
    return *browser.evaluate("document.querySelectorAll(\"" + selector + "\").length").integer();
}

std::string open_docs(Browser& browser, const LiveApp& live, const std::string& fragment = {}) {
    const std::string url = "http://127.0.0.1:" + std::to_string(live.port()) + "/docs" + fragment;
    browser.open(url);
    browser.wait_until("document.querySelector('#operations').getAttribute('aria-busy') === 'false'");
    return url;
}

// As if somebody chose and typed it.
void fill(Browser& browser, const std::string& selector, const std::string& value) {
    browser.evaluate("{ const field = document.querySelector(\"" + selector + "\"); field.value = " + app::web::to_json(value) +
                     "; field.dispatchEvent(new Event('change', {bubbles: true})); }");
}

void send(Browser& browser, const std::string& operation) {
    browser.evaluate("document.querySelector('#" + operation + " .try button').click()");
    browser.wait_until("document.querySelector('#" + operation + " .answer .status') !== null");
}

void save_screenshot(Browser& browser, const std::string& name) {
    const char* folder = std::getenv("DEWAR_SCREENSHOTS");
    if (folder) tests::write_text(std::string(folder) + "/" + name + ".png", browser.screenshot());
}

}  // namespace

TEST_CASE("the page lists every operation of the newest version, and of another one that is chosen") {
    LiveApp live;
    Browser browser;
    open_docs(browser, live);
    const auto documented = [&](const std::string& prefix) {
        std::int64_t count = 0;
        const Value document = live.client().get(prefix + "/openapi.json").json();
        for (const auto& [path, methods] : *document.find("paths")->object()) count += std::ssize(*methods.object());
        return count;
    };
    CHECK(*browser.evaluate("document.querySelector('#version').value").string() == "/api/v1.1");
    CHECK(count_of(browser, "details.operation") == documented("/api/v1.1"));
    fill(browser, "#version", "/api/v1.0");
    browser.wait_until("document.querySelectorAll('details.operation').length === " + std::to_string(documented("/api/v1.0")));
    CHECK(contains(text_of(browser, "#get_posts summary"), "List all posts"));
    CHECK(browser.complaints() == std::vector<std::string>{});
}

TEST_CASE("an operation shows its parameters, its request with an example, and its answers") {
    LiveApp live;
    Browser browser;
    open_docs(browser, live, "#new_post_comment");
    browser.wait_until("document.querySelector('#new_post_comment .try') !== null");
    const std::string shown = text_of(browser, "#new_post_comment");
    for (const char* text : {"POST", "/posts/{id}/comments/", "COMMENT", "Parameters", "integer", "Request", "body", "201",
                             "Location", "404", "Try it"}) {
        CHECK_MESSAGE(contains(shown, text), text);
    }
    CHECK(contains(*browser.evaluate("document.querySelector('#new_post_comment textarea').value").string(), "\"body\""));
}

TEST_CASE("a call with an e-mail address and a password writes, and its status, headers and body are shown") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    Browser browser;
    open_docs(browser, live, "#new_post");
    browser.wait_until("document.querySelector('#new_post .try') !== null");
    fill(browser, "#scheme", "password");
    fill(browser, "#email", ann.user.email);
    fill(browser, "#password", ann.password);
    fill(browser, "#new_post textarea", R"({"body": "<img src=x onerror=alert(1)> written from *docs*"})");
    send(browser, "new_post");
    const std::string answer = text_of(browser, "#new_post .answer");
    CHECK(contains(answer, "201"));
    CHECK(contains(answer, "location: /api/v1.1/posts/"));
    CHECK(contains(answer, "<img src=x onerror=alert(1)>"));  // as text
    CHECK(count_of(browser, "#new_post .answer img") == 0);
    CHECK(*live.client(ann).get("/api/v1.0/posts/").json().find("count") == Value{1});
    CHECK(browser.complaints() == std::vector<std::string>{});
}

TEST_CASE("a call with a token reads, without one it is told 401; parameters go where they belong") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const auto post = live.add_post(ann, "the post that is read");
    const std::string token = *live.client(ann).post("/api/v1.1/tokens/", "").json().find("token")->string();
    Browser browser;
    open_docs(browser, live, "#get_post");
    browser.wait_until("document.querySelector('#get_post .try') !== null");
    fill(browser, "#get_post .try input", std::to_string(post.id));
    send(browser, "get_post");
    CHECK(contains(text_of(browser, "#get_post .answer"), "401"));
    fill(browser, "#scheme", "token");
    fill(browser, "#token", token);
    browser.evaluate("document.querySelector('#get_post .answer').replaceChildren()");
    send(browser, "get_post");
    CHECK(contains(text_of(browser, "#get_post .answer"), "the post that is read"));
}

TEST_CASE("credentials are neither stored nor part of any URL, and are gone when the page is loaded again") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    Browser browser;
    const std::string url = open_docs(browser, live, "#get_posts");
    browser.wait_until("document.querySelector('#get_posts .try') !== null");
    fill(browser, "#scheme", "password");
    fill(browser, "#email", ann.user.email);
    fill(browser, "#password", ann.password);
    send(browser, "get_posts");
    CHECK(*browser.evaluate("location.href").string() == url);
    CHECK(browser.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == Value{0});
    CHECK(browser.evaluate("indexedDB.databases().then((all) => all.length)") == Value{0});
    CHECK(*browser.evaluate("performance.getEntriesByType('resource').map((one) => one.name).join(' ')").string() !=
          std::string{});
    CHECK_FALSE(contains(
        *browser.evaluate("performance.getEntriesByType('resource').map((one) => decodeURIComponent(one.name)).join(' ')")
             .string(),
        ann.password));
    browser.evaluate("window.is_old = true, location.reload()");
    browser.wait_until("!window.is_old && document.readyState === 'complete' && document.querySelector('#password') !== null");
    CHECK(browser.evaluate("document.querySelector('#password').value") == Value{""});
}

TEST_CASE("the keyboard alone leads to a call and its answer") {
    LiveApp live;
    Browser browser;
    open_docs(browser, live);
    browser.evaluate("document.querySelector('#get_openapi summary').focus()");
    browser.press("Enter");
    browser.wait_until("document.querySelector('#get_openapi').open && document.querySelector('#get_openapi .try') !== null");
    for (int i = 0; i < 20 && browser.evaluate("document.activeElement.type === 'submit'") != Value{true}; ++i)
        browser.press("Tab");
    browser.press("Enter");
    browser.wait_until("document.querySelector('#get_openapi .answer .status') !== null");
    CHECK(contains(text_of(browser, "#get_openapi .answer"), "200"));
}

TEST_CASE("on a phone's width, open or not, nothing is wider than the screen; in the dark, text is light") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "A post with *some* text");
    Browser browser;
    for (const tests::Screen& screen :
         {tests::Screen{}, tests::Screen{.is_dark = true}, tests::Screen{.width = 360, .height = 740},
          tests::Screen{.width = 360, .height = 740, .is_dark = true}}) {
        browser.show_on(screen);
        browser.open("about:blank");
        open_docs(browser, live, "#get_posts");
        browser.wait_until("document.querySelector('#get_posts .try') !== null");
        fill(browser, "#scheme", "password");
        fill(browser, "#email", ann.user.email);
        fill(browser, "#password", ann.password);
        send(browser, "get_posts");
        CHECK(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth") == Value{true});
        const auto brightness = browser.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number)"
                                                 ".reduce((sum, part) => sum + part)");
        CHECK((*brightness.integer() > 384) == screen.is_dark);
        save_screenshot(browser, std::string(screen.is_dark ? "dark" : "light") + (screen.width < 500 ? "-narrow" : ""));
    }
}

TEST_CASE("the page may run its own script and ask its own server, and nothing else") {
    LiveApp live;
    const auto answer = live.client().get("/docs");
    CHECK(answer.status == 200);
    const std::string policy = answer.header("Content-Security-Policy");
    for (const char* part : {"default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"}) {
        CHECK_MESSAGE(contains(policy, part), part);
    }
    CHECK_FALSE(contains(policy, "unsafe"));
    CHECK(contains(live.client().get("/").header("Content-Security-Policy"), "default-src 'none'; style-src 'self'"));
    CHECK_FALSE(contains(live.client().get("/").header("Content-Security-Policy"), "script-src"));
}

TEST_CASE("docs.enabled = false takes the page away, not the documents") {
    LiveApp live([](config::Config& config) { config.docs.enabled = false; });
    CHECK(live.client().get("/docs").status == 404);
    CHECK(live.client().get("/api/v1.1/openapi.json").status == 200);
}
