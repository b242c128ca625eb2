// `manage top` as a process, with a server in this one: tables, JSON, a terminal, and every way in which there is no such server.
#include <sys/ioctl.h>

#include "app/web/json.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/integration/support/running.hpp"
#include "tests/integration/support/tls_client.hpp"
#include "tests/integration/terminal.hpp"

namespace {

using namespace tests;

std::string url_of(const LiveApp& live) { return "http://127.0.0.1:" + std::to_string(live.port()); }

// Asks again and again until the object goes.
class Asking {
   public:
    Asking(int port, std::string target)
        : thread_([this, port, target = std::move(target)] {
              Connection connection(port);
              while (!done_) {
                  connection.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
                  connection.receive();
                  std::this_thread::sleep_for(std::chrono::milliseconds(2));
              }
          }) {}
    ~Asking() {
        done_ = true;
        thread_.join();
    }

   private:
    std::atomic<bool> done_{false};
    std::thread thread_;
};

void resize(pid_t program) { kill(program, SIGWINCH); }

}  // namespace

TEST_CASE("top --once prints what the server does, without a terminal") {
    const Installation here;
    LiveApp live;
    const Asking asking(live.port(), "/readyz");
    const Finished top = here.manage({"top", "--once", "--interval", "0.5", url_of(live)});
    CHECK(top.err == "");
    CHECK(top.exit_code == 0);
    CHECK(top.out.starts_with("Dewar " DEWAR_VERSION " (testing) at " + url_of(live) + "/metrics, up "));
    for (const char* part :
         {"\nrequests ", "\nconnections ", "\nworkers ", "/8 busy", "\nreads ", "\nwrites ", "\ncommits ",
          "\ndatabase     sqlite", "\noutbox       queued 0", "\nprocess ", "SLOWEST ROUTES", "\nhealth.readyz "}) {
        CAPTURE(part);
        CHECK(contains(top.out, part));
    }
}

TEST_CASE("top --json prints a line for machines, for the server of the config") {
    Installation here;
    LiveApp live;
    here.environment["APP_SERVER__PORT"] = std::to_string(live.port());
    here.environment["APP_SERVER__HOST"] = "0.0.0.0";
    const Asking asking(live.port(), "/healthz");
    const Finished top = here.manage({"top", "--once", "--json", "--interval", "0.5"});
    CHECK(top.err == "");
    REQUIRE(top.exit_code == 0);
    CHECK(std::ranges::count(top.out, '\n') == 1);
    const auto json = app::web::parse_json(top.out);
    CHECK(*json.find("config")->string() == "testing");
    CHECK(*json.find("requests")->find("per_second")->real() > 1);
    const auto& routes = *json.find("routes")->list();
    const auto asked =
        std::ranges::find_if(routes, [](const auto& route) { return *route.find("endpoint")->string() == "health.healthz"; });
    REQUIRE(asked != routes.end());
    CHECK(*asked->find("seconds")->find("p95")->real() > 0);
}

TEST_CASE("top speaks TLS to a server on this machine, whose certificate need not name its address") {
    const Installation here;
    const app::http::TlsFiles files = make_certificate(here.path(), "server");
    LiveApp live([&](config::Config& config) {
        config.server.tls_cert = files.certificate;
        config.server.tls_key = files.key;
    });
    const std::string port = std::to_string(live.port());
    const Finished top = here.manage({"top", "--once", "--interval", "0.1", "https://127.0.0.1:" + port});
    CHECK(top.err == "");
    CHECK(top.exit_code == 0);
    const Finished plain = here.manage({"top", "--once", "http://127.0.0.1:" + port});
    CHECK(plain.exit_code == 1);
    CHECK(is_one_line(plain.err));
}

TEST_CASE("where no such server is, top says why in one line") {
    Installation here;
    const auto refused = [&](const std::string& url) {
        const Finished top = here.manage({"top", "--once", "--interval", "0.1", url});
        CHECK(top.exit_code == 1);
        CHECK(top.out == "");
        CHECK(is_one_line(top.err));
        return top.err;
    };
    CHECK(refused("http://127.0.0.1:1") == "manage: cannot read http://127.0.0.1:1/metrics: nobody answers there\n");
    {
        LiveApp live([](config::Config& config) { config.metrics.allow.clear(); });
        CHECK(contains(refused(url_of(live)), "metrics.allow"));
    }
    {
        LiveApp live;
        CHECK(refused(url_of(live) + "/healthz") == "manage: " + url_of(live) + "/healthz is no Dewar server's\n");
        CHECK(contains(refused(url_of(live) + "/_status/500"), "answers 500"));
    }
    CHECK(contains(refused("ftp://x"), "is no URL of a server"));
    here.environment["APP_SERVER__PORT"] = "0";
    const Finished unknown = here.manage({"top", "--once"});
    CHECK(unknown.exit_code == 1);
    CHECK(contains(unknown.err, "name the server"));
}

TEST_CASE("without a terminal top wants --once or --json, and an interval is a number of seconds") {
    const Installation here;
    CHECK(here.manage({"top", "http://127.0.0.1:1"}).exit_code == 2);
    for (const char* interval : {"0", "0.05", "-1", "x", "1.2345", "99999", ""}) {
        CAPTURE(interval);
        const Finished refused = here.manage({"top", "--once", "--interval", interval, "http://127.0.0.1:1"});
        CHECK(refused.exit_code == 2);
        CHECK(is_one_line(refused.err));
    }
}

TEST_CASE("on a terminal top draws again and again, and q leaves it as it was") {
    const Installation here;
    LiveApp live;
    Terminal terminal(here, {"top", "--interval", "0.2", url_of(live)});
    terminal.wait_for("\x1b[?1049h");
    terminal.wait_for("SLOWEST ROUTES");
    CHECK_FALSE(terminal.echoes());
    resize(terminal.pid());
    terminal.wait_for("SLOWEST ROUTES");
    terminal.wait_for("metrics.metrics");
    terminal.type("q");
    CHECK(terminal.wait() == 0);
    CHECK(terminal.shown().ends_with("\x1b[?25h\x1b[?1049l"));
}

TEST_CASE("Ctrl-C leaves the terminal as it was") {
    const Installation here;
    LiveApp live;
    Terminal terminal(here, {"top", "--interval", "3600", url_of(live)});
    terminal.wait_for("q: quit");
    terminal.type("\x03");
    CHECK(terminal.wait() == 128 + SIGINT);
    CHECK(terminal.shown().ends_with("\x1b[?25h\x1b[?1049l"));
}

TEST_CASE("a server that goes away is waited for, and told of") {
    const Installation here;
    auto live = std::make_unique<LiveApp>();
    Terminal terminal(here, {"top", "--interval", "0.2", url_of(*live)});
    terminal.wait_for("SLOWEST ROUTES");
    live.reset();
    terminal.wait_for("nobody answers there");
    terminal.type("q");
    CHECK(terminal.wait() == 0);
}
