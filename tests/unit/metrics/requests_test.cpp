#include "app/metrics/requests.hpp"

#include <thread>

#include "tests/support/exposition.hpp"

using namespace app::metrics;
using namespace std::chrono_literals;

namespace {

std::vector<Endpoint> endpoints() {
    return {{"blog.index", {"GET", "HEAD"}}, {"api.new_post", {"POST"}}, {"none", {"GET", "POST"}}};
}

tests::Exposition read(const Requests& requests) {
    Exposition out;
    requests.write(out);
    return tests::Exposition(out.text());
}

}  // namespace

TEST_CASE("requests are counted by endpoint, method and status, and their times by endpoint and method") {
    Requests requests(endpoints());
    requests.count(0, 0, 200, 30us);
    requests.count(0, 0, 200, 70us);
    requests.count(0, 0, 304, 20s);
    requests.count(0, 1, 200, 1ms);
    requests.count(1, 0, 201, 3ms);
    requests.count(2, 1, 404, 1us);
    const tests::Exposition seen = read(requests);
    const std::string total = "dewar_http_requests_total", times = "dewar_http_request_duration_seconds";
    CHECK(seen.value(total, {{"endpoint", "blog.index"}, {"method", "GET"}, {"status", "200"}}) == 2);
    CHECK(seen.value(total, {{"endpoint", "blog.index"}, {"method", "GET"}, {"status", "304"}}) == 1);
    CHECK(seen.value(total, {{"endpoint", "blog.index"}, {"method", "HEAD"}, {"status", "200"}}) == 1);
    CHECK(seen.value(total, {{"endpoint", "api.new_post"}, {"method", "POST"}, {"status", "201"}}) == 1);
    CHECK(seen.value(total, {{"endpoint", "none"}, {"method", "POST"}, {"status", "404"}}) == 1);
    CHECK(seen.sum(total) == 6);
    const tests::Exposition::Labels index{{"endpoint", "blog.index"}, {"method", "GET"}};
    CHECK(seen.value(times + "_bucket", {{"endpoint", "blog.index"}, {"method", "GET"}, {"le", "5e-05"}}) == 1);
    CHECK(seen.value(times + "_bucket", {{"endpoint", "blog.index"}, {"method", "GET"}, {"le", "0.0001"}}) == 2);
    CHECK(seen.value(times + "_bucket", {{"endpoint", "blog.index"}, {"method", "GET"}, {"le", "10"}}) == 2);
    CHECK(seen.value(times + "_count", index) == 3);
    CHECK(seen.value(times + "_sum", index) == 20.0001);
    CHECK(seen.sum(times + "_count") == 6);
}

TEST_CASE("nothing that was not asked for has a series") {
    Requests requests(endpoints());
    CHECK(read(requests).samples().empty());
    requests.count(1, 0, 200, 1us);
    const tests::Exposition seen = read(requests);
    CHECK_FALSE(seen.samples().empty());
    for (const auto& sample : seen.samples()) CHECK(sample.labels.at("endpoint") == "api.new_post");
}

TEST_CASE("statuses that no program of ours gives share a series with their class") {
    Requests requests(endpoints());
    for (int status = -5; status < 1000; ++status) requests.count(0, 0, status, 1us);
    const tests::Exposition seen = read(requests);
    std::set<std::string> statuses;
    for (const auto& sample : seen.samples()) {
        if (sample.labels.contains("status")) statuses.insert(sample.labels.at("status"));
    }
    CHECK(statuses.size() == 40);
    CHECK(seen.sum("dewar_http_requests_total") == 1005);
    CHECK(seen.sum("dewar_http_requests_total", {{"status", "1xx"}}) == 205);  // and what is below
    CHECK(seen.sum("dewar_http_requests_total", {{"status", "2xx"}}) == 95);
    CHECK(seen.sum("dewar_http_requests_total", {{"status", "404"}}) == 1);
}

TEST_CASE("threads that count at the same time lose nothing") {
    Requests requests(endpoints());
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 2000; ++j) requests.count(0, 0, 200, 1us);
        });
    }
    static_cast<void>(read(requests));
    for (std::thread& thread : threads) thread.join();
    CHECK(read(requests).sum("dewar_http_requests_total") == 16'000);
}
