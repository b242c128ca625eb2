// labels: concurrent
// backends: sqlite mysql
// /metrics over real HTTP: what was done is what is told, strictly in the format, and to nobody else.
#include <algorithm>

#include "app/models/outbox.hpp"
#include "tests/integration/support/live_app.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/exposition.hpp"
#include "tests/support/folder.hpp"

namespace {

using namespace tests;
using Labels = Exposition::Labels;

Exposition scrape(const Client& client) {
    const Answer answer = client.get("/metrics");
    REQUIRE(answer.status == 200);
    return Exposition(answer.body);
}

Exposition scrape(const LiveApp& live) { return scrape(live.client()); }

double requests(const Exposition& page, const std::string& endpoint, const std::string& method, const std::string& status) {
    return page.find("dewar_http_requests_total", {{"endpoint", endpoint}, {"method", method}, {"status", status}}).value_or(0);
}

std::function<void(config::Config&)> with_proxy(std::vector<std::string> allow = {"127.0.0.1"}) {
    return [allow](config::Config& config) {
        config.server.trusted_proxies = {"127.0.0.1"};
        config.metrics.allow = allow;
    };
}

}  // namespace

TEST_CASE("the page says what it is, and no cache keeps it") {
    LiveApp live;
    const Answer answer = live.client().get("/metrics", {{"Accept-Encoding", "gzip, br"}});
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(answer.header("Cache-Control") == "no-store");
    CHECK_FALSE(answer.has("Content-Encoding"));
    const Answer head = live.client().head("/metrics");
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(live.client().post("/metrics", "{}").status == 405);
    CHECK(live.client().post("/metrics", "{}").header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("requests are counted by endpoint, method and status, whatever their paths") {
    LiveApp live;
    const Account ann = live.add_user("ann");
    const auto post = live.add_post(ann);
    for (int i = 0; i < 7; ++i) CHECK(live.client(ann).get("/api/v1.0/posts/" + std::to_string(post.id)).status == 200);
    for (int i = 0; i < 3; ++i) CHECK(live.client(ann).get("/api/v1.0/posts/" + std::to_string(900 + i)).status == 404);
    CHECK(live.client().head("/healthz").status == 200);
    CHECK(live.client(ann).post("/api/v1.0/posts/", "{\"body\": \"text\"}").status == 201);
    for (int i = 0; i < 5; ++i) CHECK(live.client().get("/no/such/page/" + std::to_string(i)).status == 404);
    CHECK(live.client().request("DELETE", "/healthz").status == 405);
    CHECK(live.client().options("/healthz").status == 204);
    const Exposition page = scrape(live);
    CHECK(requests(page, "api_v1_0.get_post", "GET", "200") == 7);
    CHECK(requests(page, "api_v1_0.get_post", "GET", "404") == 3);
    CHECK(requests(page, "health.healthz", "HEAD", "200") == 1);
    CHECK(requests(page, "api_v1_0.new_post", "POST", "201") == 1);
    CHECK(requests(page, "none", "GET", "404") == 5);
    CHECK(requests(page, "none", "DELETE", "405") == 1);
    CHECK(requests(page, "none", "OPTIONS", "204") == 1);
    const std::string times = "dewar_http_request_duration_seconds";
    CHECK(page.value(times + "_count", {{"endpoint", "api_v1_0.get_post"}, {"method", "GET"}}) == 10);
    CHECK(page.value(times + "_sum", {{"endpoint", "api_v1_0.get_post"}, {"method", "GET"}}) > 0);
    CHECK(page.sum(times + "_count") == page.sum("dewar_http_requests_total"));
    CHECK(requests(scrape(live), "metrics.metrics", "GET", "200") == 1);  // the page before this one
}

TEST_CASE("nothing that a client sends makes series without end") {
    LiveApp live;
    const auto series = [&] { return scrape(live).samples().size(); };
    const auto send_all = [&](int from) {
        for (int i = from; i < from + 40; ++i) {
            const std::string number = std::to_string(i);
            live.client().get("/a" + number + "?b=" + number);
            live.client().get("/api/v1.0/posts/" + number);
            live.client().get("/_status/" + std::to_string(500 + i % 60));
            raw_exchange(live.port(), "METHOD" + number + " / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            raw_exchange(live.port(),
                         "GET / HTTP/1.1\r\nHost: h" + number + "\r\nX-" + number + ": y\r\nConnection: close\r\n\r\n");
        }
    };
    series();  // what asking makes
    send_all(0);
    const std::size_t after_some = series();
    send_all(100);
    CHECK(series() == after_some);
    CHECK(requests(scrape(live), "diagnostics.status", "GET", "5xx") > 0);
    CHECK(scrape(live).value("dewar_http_refused_total", {{"status", "501"}}) == 80);
}

TEST_CASE("connections, bytes and workers are told") {
    LiveApp live([](config::Config& config) { config.server.connections_per_address_max = 3; });
    const double accepted = scrape(live).value("dewar_http_connections_accepted_total");
    Connection one(live.port()), two(live.port());
    for (Connection* connection : {&one, &two}) {
        connection->send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(connection->receive().status == 200);
    }
    one.send("POST /_echo HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" + std::string(50'000, 'x'));
    Connection three(live.port());
    three.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(three.receive().status == 200);
    Connection four(live.port());  // too many of this address
    CHECK(parse_answer(four.receive_all()).status == 503);
    three.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    const Exposition page(three.receive().body);
    CHECK(page.value("dewar_http_connections_open") == 3);
    CHECK(page.value("dewar_http_connections_accepted_total") == accepted + 4);
    CHECK(page.value("dewar_http_connections_refused_total", {{"limit", "connections_per_address_max"}}) == 1);
    CHECK(page.value("dewar_http_connections_refused_total", {{"limit", "connections_max"}}) == 0);
    CHECK(page.value("dewar_http_workers_max") == 8);
    CHECK(page.value("dewar_http_queue_length") == 0);
    CHECK(page.value("dewar_http_buffered_bytes") >= 0);
}

TEST_CASE("a worker that is busy is told, and who gave a loop's turn up") {
    LiveApp live;
    const double before = scrape(live).value("dewar_http_turns_given_up_total");
    Connection slow(live.port());
    slow.send("GET /_slow?seconds=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    const bool is_loop = !live.database().dialect().reads_may_wait;
    const double own = is_loop ? 0 : 1;  // there a worker makes the page
    double busy = 0;
    for (int i = 0; i < 500 && busy < own + 1; ++i) busy = scrape(live).value("dewar_http_workers_busy");
    CHECK(busy == own + 1);
    CHECK(slow.receive().status == 200);
    CHECK(scrape(live).value("dewar_http_turns_given_up_total") == before + (is_loop ? 1 : 0));
}

TEST_CASE("the database's reads, writes and commits are told") {
    LiveApp live;
    const Exposition before = scrape(live);
    const Account ann = live.add_user("ann");
    for (int i = 0; i < 4; ++i) live.add_post(ann);
    for (int i = 0; i < 6; ++i)
        live.database().read([](app::db::Connection& c) { return c.integer("SELECT count(*) FROM posts"); });
    CHECK_THROWS(live.database().read(
        [](app::db::Connection&) -> int { throw app::base::Error(app::base::Code::unavailable, "the disk is full"); }));
    const Exposition page = scrape(live);
    const auto grown = [&](const std::string& name, const Labels& labels = {}) {
        return page.value(name, labels) - before.value(name, labels);
    };
    const double writes = grown("dewar_database_write_duration_seconds_count");
    CHECK(writes == 5);  // the account and its posts
    CHECK(grown("dewar_database_write_duration_seconds_sum") > 0);
    CHECK(grown("dewar_database_read_duration_seconds_count") >= 7);
    CHECK(grown("dewar_database_errors_total", {{"kind", "unavailable"}}) == 1);
    CHECK(grown("dewar_database_errors_total", {{"kind", "busy"}}) == 0);
    CHECK(grown("dewar_database_retries_total") == 0);
    CHECK(page.value("dewar_database_connections_open") >= 1);
    CHECK(page.value("dewar_database_waiting") == 0);
    const bool is_sqlite = live.database().dialect().name == "sqlite";
    CHECK(page.has_family("dewar_database_commit_writes") == is_sqlite);
    if (!is_sqlite) return;
    CHECK(grown("dewar_database_commit_writes_sum") == writes);
    CHECK(grown("dewar_database_commit_writes_bucket", {{"le", "1"}}) == writes);
    CHECK(grown("dewar_database_commit_duration_seconds_count") == writes);
}

TEST_CASE("the outbox is told, and asked for seldom") {
    LiveApp live;
    const app::mail::Address from{.name = "", .email = "blog@dewar.example"};
    const app::mail::Message message{.from = from,
                                     .to = {{.name = "", .email = "ada@dewar.example"}},
                                     .subject = "subject",
                                     .text = "text\n",
                                     .html = "<p>text</p>\n",
                                     .message_id = app::mail::new_message_id(from),
                                     .date = app::base::now()};
    live.database().write([&](app::db::Connection& c) { app::models::add_mail(c, message); });
    CHECK(scrape(live).value("dewar_outbox_readable") == 1);
    const double reads = scrape(live).value("dewar_database_read_duration_seconds_count");
    for (int i = 0; i < 5; ++i) CHECK(scrape(live).value("dewar_outbox_mails", {{"state", "queued"}}) == 1);
    CHECK(scrape(live).value("dewar_database_read_duration_seconds_count") <= reads + 1);
    CHECK(scrape(live).value("dewar_outbox_mails", {{"state", "failed"}}) == 0);
    CHECK(scrape(live).value("dewar_outbox_attempts_total", {{"outcome", "sent"}}) == 0);
}

TEST_CASE("the build and the process are told") {
    LiveApp live;
    const Exposition page = scrape(live);
    const auto found = std::ranges::find(page.samples(), "dewar_build_info", &Exposition::Sample::name);
    REQUIRE(found != page.samples().end());
    CHECK(found->value == 1);
    CHECK(found->labels.at("version") == DEWAR_VERSION);
    CHECK(found->labels.at("config") == "testing");
    CHECK(found->labels.at("build").size() == 32);
    CHECK(page.value("process_threads") > 2);
    CHECK(page.value("process_open_fds") > 2);
}

TEST_CASE("what several clients ask at the same time is counted to the last request") {
    LiveApp live;
    constexpr int clients = 6, each = 50;
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([&, i] {
            Connection connection(live.port());
            for (int j = 0; j < each; ++j) {
                connection.send(std::string("GET ") + (i % 2 == 0 ? "/healthz" : "/readyz") + " HTTP/1.1\r\nHost: x\r\n\r\n");
                if (connection.receive().status != 200) std::abort();
            }
        });
    }
    for (int i = 0; i < 5; ++i) scrape(live);  // while they ask
    for (std::thread& thread : threads) thread.join();
    const Exposition page = scrape(live);
    CHECK(requests(page, "health.healthz", "GET", "200") == clients / 2 * each);
    CHECK(requests(page, "health.readyz", "GET", "200") == clients / 2 * each);
}

TEST_CASE("who is not in the list finds no such page") {
    LiveApp live([](config::Config& config) { config.metrics.allow = {"192.0.2.0/24"}; });
    const Answer refused = live.client().get("/metrics"), unknown = live.client().get("/no-such-page");
    CHECK(refused.status == 404);
    CHECK(refused.body == unknown.body);
    CHECK(refused.header("Content-Type") == unknown.header("Content-Type"));
}

TEST_CASE("with an empty list there is no such page") {
    LiveApp live([](config::Config& config) { config.metrics.allow.clear(); });
    CHECK(live.client().get("/metrics").status == 404);
    CHECK(live.client().post("/metrics", "{}").status == 404);
}

TEST_CASE("behind a trusted proxy it is the client's address that counts, never the proxy's") {
    LiveApp live(with_proxy({"127.0.0.1", "192.0.2.7"}));
    const auto status = [&](const Headers& headers) { return live.client().get("/metrics", headers).status; };
    CHECK(status({{"X-Forwarded-For", "192.0.2.7"}}) == 200);
    CHECK(status({{"X-Forwarded-For", "127.0.0.1, 192.0.2.7"}}) == 200);
    CHECK(status({{"X-Forwarded-For", "203.0.113.9"}}) == 404);
    CHECK(status({{"X-Forwarded-For", "192.0.2.7, 203.0.113.9"}}) == 404);
    CHECK(status({{"X-Forwarded-For", "127.0.0.1"}}) == 404);  // says no more than the proxy's address
    CHECK(status({{"X-Forwarded-For", "unknown"}}) == 404);    // hidden
    CHECK(status({{"Forwarded", "for=192.0.2.7"}}) == 404);    // not the header that counts
    CHECK(status({{"X-Real-IP", "192.0.2.7"}}) == 404);        // nor this one
    CHECK(status({}) == 200);                                  // from the proxy's machine itself
}

TEST_CASE("a proxy that nobody named opens nothing for those behind it") {
    LiveApp live;  // from 127.0.0.1, which may read
    for (const char* header : {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"}) {
        CHECK(live.client().get("/metrics", {{header, "127.0.0.1"}}).status == 404);
    }
    CHECK(live.client().get("/metrics").status == 200);
}

TEST_CASE("docs/METRICS.md tells of every family") {
    LiveApp live;
    const std::string told = read_text("docs/METRICS.md");
    const Exposition page = scrape(live);
    for (const std::string& family : page.families()) {
        CAPTURE(family);
        CHECK((contains(told, "`" + family + "`") || contains(told, "`" + family + "{")));
    }
}

TEST_CASE("the page is no part of the API") {
    LiveApp live;
    for (const char* api : {"/api/v1.0/openapi.json", "/api/v1.1/openapi.json"})
        CHECK(live.client().get(api).body.find("metrics") == std::string::npos);
}
