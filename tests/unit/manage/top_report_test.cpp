#include "manage/top_report.hpp"

#include <doctest/doctest.h>

#include "app/metrics/exposition.hpp"
#include "app/metrics/requests.hpp"
#include "app/web/json.hpp"

using namespace manage;
using namespace std::chrono_literals;
using app::metrics::Type;

namespace {

const auto noon = Scrape::Clock::time_point(12h);

Scrape scrape(const std::string& lines, std::chrono::seconds after = 0s) {
    auto read = Scrape::parse("# HELP dewar_build_info 1\n# TYPE dewar_build_info gauge\n"
                              "dewar_build_info{version=\"1.2.3\",config=\"testing\",database=\"sqlite\"} 1\n" +
                                  lines,
                              noon + after);
    REQUIRE(read.has_value());
    return *read;
}

std::string page(const app::metrics::Requests& requests) {
    app::metrics::Exposition out;
    requests.write(out);
    return out.text();
}

}  // namespace

TEST_CASE("what the server writes is read, escapes and odd numbers too") {
    app::metrics::Exposition out;
    out.family("a", Type::gauge, "x").sample(0.25, {{"x", "a\"b\\c\nd, e=\"f\"}"}, {"y", ""}}).sample(1e-9, {{"x", "2"}});
    const Scrape read = scrape(out.text() + "b +Inf\nc 18446744073709551615\n");
    CHECK(read.sum("a", {{"x", "a\"b\\c\nd, e=\"f\"}"}, {"y", ""}}) == 0.25);
    CHECK(read.sum("a") == 0.25 + 1e-9);
    CHECK(read.sum("none") == 0);
    CHECK(read.has("b"));
    CHECK(read.build("version") == "1.2.3");
}

TEST_CASE("what is not in the format, or not Dewar's, is nothing") {
    for (const char* text :
         {"", "<html>", "a 1\n", "dewar_build_info{version=\"1\" 1\n", "dewar_build_info{version=\"1\"}\n",
          "dewar_build_info{version=\"1\"} one\n", "dewar_build_info 1\n<b>\n", "dewar_build_info{version 1\n"}) {
        CAPTURE(text);
        CHECK_FALSE(Scrape::parse(text));
    }
}

TEST_CASE("rates are what was counted between the two, by the second") {
    const Scrape before = scrape("c_total{k=\"x\"} 10\nc_total{k=\"y\"} 1\n"),
                 after = scrape("c_total{k=\"x\"} 30\nc_total{k=\"y\"} 2\nnew_total 8\n", 4s);
    const Interval interval(before, after);
    CHECK(interval.seconds() == 4);
    CHECK(interval.rate("c_total") == 5.25);
    CHECK(interval.rate("c_total", {{"k", "x"}}) == 5);
    CHECK(interval.rate("new_total") == 2);
}

TEST_CASE("a server that was started anew has counted from 0") {
    const Scrape before = scrape("process_start_time_seconds 100\nc_total 1000\n"),
                 after = scrape("process_start_time_seconds 200\nc_total 6\n", 2s);
    CHECK(Interval(before, after).rate("c_total") == 3);
}

TEST_CASE("quantiles are interpolated in their bucket") {
    const Scrape before = scrape("h_bucket{le=\"0.1\"} 5\nh_bucket{le=\"0.2\"} 5\nh_bucket{le=\"+Inf\"} 5\n"),
                 after = scrape("h_bucket{le=\"0.1\"} 55\nh_bucket{le=\"0.2\"} 95\nh_bucket{le=\"+Inf\"} 105\n", 1s);
    const Interval interval(before, after);
    CHECK(*interval.quantile(0.25, "h") == doctest::Approx(0.05));
    CHECK(*interval.quantile(0.5, "h") == doctest::Approx(0.1));
    CHECK(*interval.quantile(0.7, "h") == doctest::Approx(0.15));
    CHECK(*interval.quantile(0.99, "h") == doctest::Approx(0.2));  // above all bounds
    CHECK_FALSE(Interval(after, after).quantile(0.5, "h"));
    CHECK_FALSE(interval.quantile(0.5, "none"));
}

TEST_CASE("the slowest routes come first, with their failures, and those that nobody asked for not at all") {
    app::metrics::Requests requests({{"blog.index", {"GET"}}, {"api.slow", {"GET", "POST"}}, {"api.idle", {"GET"}}});
    requests.count(2, 0, 200, 1s);
    const Scrape before = scrape(page(requests));
    for (int i = 0; i < 20; ++i) requests.count(0, 0, 200, 80us);
    for (int i = 0; i < 10; ++i) requests.count(1, 1, i % 2 == 0 ? 500 : 201, 400ms);
    const Scrape after = scrape(page(requests), 10s);
    const std::string text = top_text(before, after, "http://x/metrics");
    CHECK(text.starts_with("Dewar 1.2.3 (testing) at http://x/metrics, up "));
    CHECK(text.find("requests     3.00/s  4xx 0/s  5xx 0.50/s") != std::string::npos);
    CHECK(text.find("api.slow") < text.find("blog.index"));
    CHECK(text.find("api.slow        POST    1.00/s    0.50/s  375 ms   ") != std::string::npos);
    CHECK(text.find("api.idle") == std::string::npos);
    const auto json = app::web::parse_json(top_json(before, after));
    CHECK(*json.find("requests")->find("per_second")->real() == 3.0);
    CHECK(json.find("routes")->list()->size() == 2);
    CHECK(*json.find("routes")->list()->front().find("endpoint")->string() == "api.slow");
    CHECK(*json.find("routes")->list()->front().find("failures_per_second")->real() == 0.5);
    CHECK(json.find("database")->find("reads")->find("seconds")->find("p95")->is_null());
    CHECK(json.find("outbox")->find("queued")->is_null());
}

TEST_CASE("a server of which nothing was asked has a report too") {
    const std::string text = top_text(scrape(""), scrape("", 1s), "u");
    CHECK(text.find("requests     0/s") != std::string::npos);
    CHECK(text.find("p50 -  p95 -  p99 -") != std::string::npos);
    CHECK(text.find("outbox       cannot be read") != std::string::npos);
}

TEST_CASE("numbers that no server of ours sends do no harm") {
    const Scrape after = scrape("dewar_http_request_duration_seconds_count 5\nprocess_open_fds 1e308\nprocess_threads NaN\n"
                                "process_start_time_seconds -Inf\ndewar_http_connections_open +Inf\n"
                                "dewar_http_request_duration_seconds_bucket{le=\"NaN\"} 5\n"
                                "dewar_http_request_duration_seconds_bucket{le=\"-1\"} 7\n",
                                1s);
    CHECK(top_text(scrape(""), after, "u").find("descriptors 1000000000000000/0") != std::string::npos);
    CHECK(app::web::parse_json(top_json(scrape(""), after)).find("connections")->find("open")->integer() != nullptr);
}

TEST_CASE("the names that a server sends command no terminal") {
    const std::string count = "dewar_http_request_duration_seconds_count{endpoint=\"\x1b[2Jmain\",method=\"GET\"} ";
    const std::string text = top_text(scrape(count + "1\n"), scrape(count + "3\n", 1s), "http://127.0.0.1:5000/metrics");
    CHECK(text.find('\x1b') == text.npos);
    CHECK(text.find("?[2Jmain") != text.npos);
}
