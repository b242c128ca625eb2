// What tells about a server: its health, and in testing what a client looks like from here.
// backends: sqlite mysql
#include "app/web/json.hpp"
#include "tests/integration/support/live_app.hpp"

TEST_CASE("/healthz says ok to anybody, and is kept by no cache") {
    tests::LiveApp live;
    const auto answer = live.client().get("/healthz");
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok\n");
    CHECK(answer.header("Cache-Control") == "no-store");
}

TEST_CASE("/readyz is 200 while the schema is this binary's, and 503 with the reason when it is not") {
    tests::LiveApp live;
    CHECK(live.client().get("/readyz").status == 200);
    live.database().write([](app::db::Connection& c) { c.execute("DELETE FROM schema_migrations"); });
    const auto answer = live.client().get("/readyz", {{"Accept", "application/json"}});
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "1");
    CHECK(answer.body.find("manage deploy") != std::string::npos);
}

TEST_CASE("/readyz is 503 while the server is being stopped") {
    tests::LiveApp live;
    live.app().services().draining = true;
    CHECK(live.client().get("/readyz").status == 503);
    CHECK(live.client().get("/healthz").status == 200);
}

TEST_CASE("/_echo answers the body and its type back, and /_whoami the peer") {
    tests::LiveApp live;
    const auto echo = live.client().request("PUT", "/_echo", {{"Content-Type", "text/x-odd"}}, "a\r\nb");
    CHECK(echo.body == "a\r\nb");
    CHECK(echo.header("Content-Type") == "text/x-odd");
    const auto who = app::web::parse_json(live.client().get("/_whoami").body);
    CHECK(*who.find("peer")->string() == "127.0.0.1");
    CHECK(*who.find("scheme")->string() == "http");
    CHECK_FALSE(who.find("request_id")->string()->empty());
}

TEST_CASE("/_slow sleeps on a worker, so that a loop goes on serving") {
    tests::LiveApp live{[](config::Config& config) { config.server.threads = 1; }};
    std::thread sleeper([&] { CHECK(live.client().get("/_slow?seconds=1").body == "slept 1 s\n"); });
    const auto started = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    for (int i = 0; i < 20; ++i) CHECK(live.client().get("/healthz").status == 200);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::milliseconds(900));
    sleeper.join();
    for (const char* seconds : {"31", "-1", "x"})
        CHECK(live.client().get("/_slow?seconds=" + std::string(seconds)).status == 400);
}

TEST_CASE("/_status answers with that status, and without a body for 204") {
    tests::LiveApp live;
    CHECK(live.client().get("/_status/418").status == 418);
    const auto empty = live.client().get("/_status/204");
    CHECK(empty.status == 204);
    CHECK(empty.body.empty());
    CHECK(live.client().get("/_status/99").status == 400);
}
