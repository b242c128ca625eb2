// The factory: which configs become applications, what is refused, and that an application is the same with a socket and without.
#include <set>

#include "app/base/error.hpp"
#include "app/test_client.hpp"
#include "config/files.hpp"
#include "tests/integration/process.hpp"
#include "tests/integration/support/live_app.hpp"

using tests::LiveApp;

namespace {

config::Config load(const std::string& name, config::Environment::Variables variables = {}) {
    return config::load(name, config::Environment{std::move(variables)},
                        {.overrides = {}, .config_folder = {}, .dotenv_path = ""})
        .config;
}

app::base::Error error_of_create(config::Config config) {
    try {
        app::create_app(std::move(config));
    } catch (const app::base::Error& error) {
        return error;
    }
    FAIL("the application was created");
    throw std::logic_error("unreachable");
}

// A whole answer but for what the connection adds and what differs from request to request.
std::string essence(int status, const tests::Headers& headers, const std::string& body) {
    std::multiset<std::string> lines;
    for (const auto& [name, value] : headers) {
        const std::set<std::string> added{"Date", "X-Request-Id", "Content-Length", "Connection", "Keep-Alive"};
        if (!added.contains(name)) lines.insert(name + ": " + value + "\n");
    }
    std::string text = std::to_string(status) + "\n";
    for (const auto& line : lines) text += line;
    return text + body;
}

std::set<std::string> urls_of(const app::web::Site& site) {
    std::set<std::string> urls;
    for (const app::web::Rule& rule : site.rules()) urls.insert(rule.text());
    return urls;
}

}  // namespace

TEST_CASE("every config has the same URL space, but for diagnostics in developing and testing, which needs neither database nor "
          "secret") {
    const config::Files files{""};
    CHECK(files.names().size() >= 6);
    for (const std::string& name : files.names()) {
        INFO(name);
        const bool with_diagnostics = name == "development" || name == "testing";
        const auto site = app::make_site(load(name)), production = app::make_site(load("production"));
        std::set<std::string> expected = urls_of(*production);
        if (with_diagnostics) expected.insert({"/_echo", "/_slow", "/_status/<int:code>", "/_whoami"});
        CHECK(urls_of(*site) == expected);
    }
}

TEST_CASE("every config becomes an application once it has a database and a secret") {
    const tests::CapturedLog log;
    const config::Files files{""};
    for (const std::string& name : files.names()) {
        INFO(name);
        const auto app = app::create_app(
            load(name, {{"SECRET_KEY", "kEeP-tHiS-0123456789-abcdefghijklmnop"}, {"DATABASE_URL", "sqlite:temporary"}}));
        CHECK(app::TestClient{*app}.get("/").status == 200);
    }
}

TEST_CASE("an application for production is refused without a secret and with a weak one") {
    for (const std::string key : {"", "K3y-Of-19-Characters", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        auto config = load("production", {{"DATABASE_URL", "sqlite:temporary"}});
        config.secret.key = key;
        const auto error = error_of_create(config);
        CHECK(std::string(app::base::to_string(error.code())) == "invalid");
        CHECK(error.message().find("SECRET_KEY") != std::string::npos);
        CHECK(error.message().find('\n') == std::string::npos);
        if (!key.empty()) CHECK(error.message().find(key) == std::string::npos);
    }
}

TEST_CASE("a database file that is not there is refused, not made") {
    const tests::TemporaryFolder folder;
    auto config = load("testing");
    config.database.url = "sqlite:///" + (folder.path() / "blog.sqlite").string();
    const auto error = error_of_create(config);
    CHECK(std::string(app::base::to_string(error.code())) == "unavailable");
    CHECK(error.message().find("blog.sqlite") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "blog.sqlite"));
}

TEST_CASE("two applications in one process share nothing") {
    LiveApp one, two;
    const auto ann = one.add_user("ann");
    one.add_post(ann, "only here");
    CHECK(one.client(ann).get("/api/v1.0/posts/1").status == 200);
    CHECK(two.client(ann).get("/api/v1.0/posts/1").status == 401);
    CHECK(two.client().get("/").body.find("only here") == std::string::npos);
}

TEST_CASE("the test client is given what comes over the wire") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    live.add_post(ann, "a *post*");
    app::TestClient client{live.app()};
    for (const std::string method : {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
        for (const std::string target : {"/", "/user/ann", "/nothing", "/api/v1.0/posts/", "/api/v1.0/posts", "/api/v1.0/posts/1",
                                         "/api/v1.0/users/1", "/%", "/api/v1.0/posts/?page=0"}) {
            if (method == "POST" && target.starts_with("/api/v1.0/posts/")) continue;  // would be two posts
            INFO(method, " ", target);
            const tests::Headers headers{ann.login(), {"Content-Type", "application/json"}, {"Accept", "text/html"}};
            const auto wire = live.client().request(method, target, headers, "{}");
            const auto direct = client.request(method, target, headers, "{}");
            CHECK(essence(wire.status, wire.headers, wire.body) == essence(direct.status, direct.headers, direct.body));
        }
    }
}
