// `manage maintenance`, and what a running server makes of it.
#include <doctest/doctest.h>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;

struct Blog : Installation {
    const std::string file = (path() / "instance" / "maintenance.json").string();

    Blog() { REQUIRE(manage({"deploy"}).exit_code == 0); }
    std::string say(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "maintenance");
        const Finished result = manage(std::move(arguments));
        CHECK_MESSAGE(result.exit_code == 0, result.err);
        return result.out;
    }
};

struct Server : Process {
    explicit Server(const Installation& here) : Process(here.start({"runserver", "--port", "0"})) {}

    int port = [this] {
        const std::string banner = wait_for("Press Ctrl-C"), before = "http://127.0.0.1:";
        return std::stoi(banner.substr(banner.find(before) + before.size()));
    }();
    const Client client{port};

    bool soon_answers(int status) const {
        return soon([&] { return client.get("/").status == status; });
    }
};

void check_refused(const Finished& result, int exit_code, std::string_view part) {
    CHECK(result.exit_code == exit_code);
    CHECK(result.out.empty());
    CHECK_MESSAGE(is_one_line(result.err), result.err);
    CHECK_MESSAGE(contains(result.err, part), result.err);
}

}  // namespace

TEST_CASE("a running server answers 503 in everybody's words while maintenance is on, and as before when it is over") {
    const Blog here;
    const Server server(here);
    CHECK(server.client.get("/").status == 200);
    CHECK(here.say({"on", "--message", "Back at <noon>.", "--retry-after", "90"}) ==
          "Maintenance is on: servers answer 503 within about a second; instance/maintenance.json says so.\n");
    REQUIRE(server.soon_answers(503));

    const Answer page = server.client.get("/");
    CHECK(page.header("Retry-After") == "90");
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(contains(page.body, "Back at &lt;noon&gt;."));
    const Answer old_api = server.client.get("/api/v1.0/posts/");
    CHECK(old_api.status == 503);
    CHECK(old_api.header("Retry-After") == "90");
    CHECK(old_api.body == R"({"error":"service unavailable","message":"Back at <noon>."})");
    const Answer new_api = server.client.post("/api/v1.1/no/such/thing", "{}");
    CHECK(new_api.status == 503);
    CHECK(new_api.header("Content-Type") == "application/problem+json");
    CHECK(contains(new_api.body, "Back at <noon>."));
    for (const char* method : {"PUT", "PATCH", "DELETE"}) CHECK(server.client.request(method, "/api/v1.1/posts/1").status == 503);
    for (const char* path : {"/no/such/page", "/auth/login", "/docs", "/_echo", "/static"})
        CHECK(server.client.get(path).status == 503);
    const Answer head = server.client.head("/");
    CHECK(head.status == 503);
    CHECK(head.header("Retry-After") == "90");

    CHECK(server.client.get("/healthz").body == "ok\n");
    CHECK(server.client.get("/readyz").body == "maintenance\n");
    CHECK(server.client.get("/static/style.css").status == 200);
    CHECK(server.client.get("/metrics").status != 503);
    CHECK(server.client.options("/api/v1.1/posts/").status == 204);

    CHECK(here.say({"off"}) == "Maintenance is over: servers answer again within about a second.\n");
    CHECK(server.soon_answers(200));
    CHECK(server.client.get("/readyz").body == "ready\n");
    CHECK(soon([&] { return contains(server.err(), "maintenance is over"); }));  // the log has a thread of its own
}

TEST_CASE("maintenance outlives a restart, and holds from the first answer on") {
    const Blog here;
    here.say({"on"});
    for (int i = 0; i < 2; ++i) {
        Server server(here);
        CHECK(server.client.get("/").status == 503);
        server.send(SIGTERM);
        CHECK(server.wait().exit_code == 0);
    }
}

TEST_CASE("allowed addresses are served, and a trusted proxy's word says whose they are") {
    Blog here;
    here.environment["APP_SERVER__TRUSTED_PROXIES"] = "127.0.0.1";
    here.say({"on", "--allow", "192.0.2.7", "10.0.0.0/8"});
    const Server server(here);
    const auto status_for = [&](const std::string& address) {
        return server.client.get("/", {{"X-Forwarded-For", address}, {"X-Forwarded-Proto", "http"}}).status;
    };
    CHECK(status_for("192.0.2.7") == 200);
    CHECK(status_for("10.20.30.40") == 200);
    CHECK(status_for("192.0.2.8") == 503);
    CHECK(status_for("10.20.30.40, 192.0.2.8") == 503);
    CHECK(server.client.get("/").status == 503);
    here.say({"on", "--allow", "127.0.0.1"});
    CHECK(server.soon_answers(200));
}

TEST_CASE("a file that cannot be understood is maintenance, which off ends and on mends") {
    const Blog here;
    const Server server(here);
    std::filesystem::create_directories(here.path() / "instance");
    write_text(here.file, "closed!");
    CHECK(server.soon_answers(503));
    CHECK(soon([&] { return contains(server.err(), "is no notice of maintenance: "); }));
    check_refused(here.manage({"maintenance", "status"}), 1, "instance/maintenance.json is no notice of maintenance: ");
    here.say({"on", "--message", "Closed."});
    CHECK(soon([&] { return contains(server.client.get("/").body, "Closed."); }));
    write_text(here.file, "closed!");
    here.say({"off"});
    CHECK(server.soon_answers(200));
}

TEST_CASE("on and off say when there was nothing to do, and status says what holds") {
    const Blog here;
    CHECK(here.say({"status"}) == "Maintenance is off.\n");
    CHECK(here.say({"status", "--json"}) == "{\"file\":\"instance/maintenance.json\",\"maintenance\":false}\n");
    CHECK(here.say({"off"}) == "Maintenance is off already.\n");
    here.say({"on", "--message", "Closed.", "--allow", "::1"});
    CHECK(here.say({"on"}).starts_with("Maintenance is on already since 20"));
    CHECK(here.say({"on", "--retry-after", "60"}) == "Maintenance goes on as told now; instance/maintenance.json says so.\n");
    const std::string status = here.say({"status"});
    CHECK(contains(status, "  message      Closed.\n  retry after  60 s\n  allowed      ::1\n"));
    const app::web::Value json = app::web::parse_json(here.say({"status", "--json"}));
    CHECK(*json.find("maintenance") == app::web::Value(true));
    CHECK(*json.find("retry_after_s") == app::web::Value(60));
    here.say({"off"});
    CHECK(here.say({"status"}) == "Maintenance is off.\n");
}

TEST_CASE("what cannot be meant is refused in one line, and the file is another one by its setting") {
    Blog here;
    check_refused(here.manage({"maintenance", "on", "--retry-after", "soon"}), 2, "a number of seconds, not soon");
    check_refused(here.manage({"maintenance", "on", "--retry-after", "0"}), 2, "1 to 604800 seconds");
    check_refused(here.manage({"maintenance", "on", "--allow", "home"}), 2, "home is neither an address nor a network");
    check_refused(here.manage({"maintenance", "on", "--message", "two\nlines"}), 2, "one line");
    CHECK_FALSE(std::filesystem::exists(here.file));
    here.environment["APP_SERVER__MAINTENANCE_FILE"] = "shared/closed.json";
    here.say({"on"});
    CHECK(std::filesystem::exists(here.path() / "shared" / "closed.json"));
    here.environment["APP_SERVER__MAINTENANCE_FILE"] = "blog.sqlite/closed.json";
    check_refused(here.manage({"maintenance", "on"}), 1, "blog.sqlite");
}

TEST_CASE("maintenance needs neither a database nor a secret") {
    Installation here;
    here.environment = {{"APP_CONFIG", "production"}, {"DATABASE_URL", "mysql://nobody@127.0.0.1:1/nothing"}};
    CHECK(here.manage({"maintenance", "on"}).exit_code == 0);
    CHECK(here.manage({"maintenance", "status"}).exit_code == 0);
    CHECK(here.manage({"maintenance", "off"}).exit_code == 0);
}
