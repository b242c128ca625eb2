#include "manage/top_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>
#include <tuple>

#include "app/web/json.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::web::Value;
using Labels = Scrape::Labels;
using Seconds = std::optional<double>;

constexpr std::string_view request_times = "dewar_http_request_duration_seconds";
constexpr std::string_view requests_total = "dewar_http_requests_total";

struct Times {
    Seconds p50, p95, p99;
};

Times times_of(const Interval& interval, std::string_view name, const Labels& labels = {}) {
    return {interval.quantile(0.5, name, labels), interval.quantile(0.95, name, labels), interval.quantile(0.99, name, labels)};
}

struct RouteRates {
    std::string endpoint, method;
    double rate = 0, failures_rate = 0;
    Times times;
};

// Requests whose status begins with that digit.
double rate_of_class(const Interval& interval, const Scrape& after, char digit, Labels labels = {}) {
    std::set<std::string> statuses;
    for (const Scrape::Sample& sample : after.samples()) {
        const auto status = sample.labels.find("status");
        if (sample.name == requests_total && status != sample.labels.end() && status->second.starts_with(digit))
            statuses.insert(status->second);
    }
    double rate = 0;
    for (const std::string& status : statuses) {
        labels["status"] = status;
        rate += interval.rate(requests_total, labels);
    }
    return rate;
}

std::string label(const Scrape::Sample& sample, std::string_view name) {
    const auto found = sample.labels.find(name);
    return found == sample.labels.end() ? "" : found->second;
}

// Those that were asked for in the interval, the slowest first.
std::vector<RouteRates> routes_of(const Interval& interval, const Scrape& after) {
    std::vector<RouteRates> routes;
    for (const Scrape::Sample& sample : after.samples()) {
        if (sample.name != std::string(request_times) + "_count") continue;
        const double rate = interval.rate(sample.name, sample.labels);
        if (!(rate > 0)) continue;
        routes.push_back({label(sample, "endpoint"), label(sample, "method"), rate,
                          rate_of_class(interval, after, '5', sample.labels), times_of(interval, request_times, sample.labels)});
    }
    std::ranges::sort(routes, [](const RouteRates& a, const RouteRates& b) {
        return std::tuple(b.times.p95, b.rate, a.endpoint, a.method) < std::tuple(a.times.p95, a.rate, b.endpoint, b.method);
    });
    return routes;
}

// Of what another program sent, which may be anything.
std::int64_t whole(double value) {
    constexpr double most = 1e15;
    return std::isnan(value) ? 0 : static_cast<std::int64_t>(std::clamp(value, -most, most));
}

// Three digits that count: "0.42", "17.3", "1234".
std::string number(double value) {
    constexpr double most = 1e9;
    if (!(std::abs(value) < most)) return std::to_string(whole(value));
    char text[32];
    const int decimals = value == 0 || std::abs(value) >= 100 ? 0 : std::abs(value) >= 10 ? 1 : 2;
    return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.*f", decimals, value))};
}

std::string per_second(double rate) { return number(rate) + "/s"; }

std::string duration(const Seconds& seconds) {
    if (!seconds) return "-";
    if (*seconds < 1e-3) return number(*seconds * 1e6) + " us";
    if (*seconds < 1) return number(*seconds * 1e3) + " ms";
    return number(*seconds) + " s";
}

std::string size(double bytes) {
    constexpr std::array<std::string_view, 4> units{"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    for (; unit + 1 < units.size() && bytes >= 1024; ++unit) bytes /= 1024;
    return number(bytes) + " " + std::string(units[unit]);
}

// "3d 4h", "2h 5m", "17s".
std::string uptime(double seconds) {
    const std::int64_t up = whole(std::max(seconds, 0.0));
    const auto text = [](std::int64_t count, const char* unit) { return std::to_string(count) + unit; };
    if (up >= 86400) return text(up / 86400, "d ") + text(up % 86400 / 3600, "h");
    if (up >= 3600) return text(up / 3600, "h ") + text(up % 3600 / 60, "m");
    if (up >= 60) return text(up / 60, "m ") + text(up % 60, "s");
    return text(up, "s");
}

std::string three(const Times& times) {
    return "p50 " + duration(times.p50) + "  p95 " + duration(times.p95) + "  p99 " + duration(times.p99);
}

double seconds_up(const Scrape& scrape) {
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    return now.count() - scrape.sum("process_start_time_seconds");
}

// Their states and rates, a row for each subject.
std::vector<std::vector<std::string>> subjects(const Interval& interval, const Scrape& now) {
    const auto rate = [&](std::string_view name, const Labels& labels = {}) { return per_second(interval.rate(name, labels)); };
    const auto state = [&](std::string_view name, const Labels& labels = {}) {
        return std::to_string(whole(now.sum(name, labels)));
    };
    std::vector<std::vector<std::string>> rows;
    rows.push_back({"requests", rate(requests_total) + "  4xx " + per_second(rate_of_class(interval, now, '4')) + "  5xx " +
                                    per_second(rate_of_class(interval, now, '5')) + "  refused " +
                                    rate("dewar_http_refused_total")});
    rows.push_back({"", three(times_of(interval, request_times))});
    rows.push_back({"connections", state("dewar_http_connections_open") + " open  " +
                                       rate("dewar_http_connections_accepted_total") + " new  turned away " +
                                       rate("dewar_http_connections_refused_total") + "  buffered " +
                                       size(now.sum("dewar_http_buffered_bytes"))});
    rows.push_back({"workers", state("dewar_http_workers_busy") + "/" + state("dewar_http_workers_max") + " busy  queue " +
                                   state("dewar_http_queue_length") + "  turns given up " +
                                   rate("dewar_http_turns_given_up_total")});
    rows.push_back({"reads", rate("dewar_database_read_duration_seconds_count") + "  " +
                                 three(times_of(interval, "dewar_database_read_duration_seconds"))});
    rows.push_back({"writes", rate("dewar_database_write_duration_seconds_count") + "  " +
                                  three(times_of(interval, "dewar_database_write_duration_seconds"))});
    if (now.has("dewar_database_commit_writes_count")) {
        const double commits = interval.growth("dewar_database_commit_writes_count");
        const double writes = interval.growth("dewar_database_commit_writes_sum");
        rows.push_back({"commits", per_second(commits / interval.seconds()) + " of " +
                                       number(commits > 0 ? writes / commits : 0) + " writes  " +
                                       three(times_of(interval, "dewar_database_commit_duration_seconds"))});
    }
    rows.push_back({"database", now.build("database") + "  connections " + state("dewar_database_connections_open") +
                                    "  in use " + state("dewar_database_connections_in_use") + "  waiting " +
                                    state("dewar_database_waiting")});
    rows.push_back({"", "since the start: slow " + state("dewar_database_slow_statements_total") + "  busy " +
                            state("dewar_database_errors_total", {{"kind", "busy"}}) + "  retries " +
                            state("dewar_database_retries_total") + "  unavailable " +
                            state("dewar_database_errors_total", {{"kind", "unavailable"}})});
    rows.push_back({"outbox", now.sum("dewar_outbox_readable") > 0
                                  ? "queued " + state("dewar_outbox_mails", {{"state", "queued"}}) + "  failed " +
                                        state("dewar_outbox_mails", {{"state", "failed"}}) + "  sent " +
                                        rate("dewar_outbox_attempts_total", {{"outcome", "sent"}})
                                  : "cannot be read"});
    rows.push_back({"process", "cpu " + number(interval.rate("process_cpu_seconds_total") * 100) + " %  memory " +
                                   size(now.sum("process_resident_memory_bytes")) + "  threads " + state("process_threads") +
                                   "  descriptors " + state("process_open_fds") + "/" + state("process_max_fds")});
    return rows;
}

Value json_of(const Times& times) {
    const auto value = [](const Seconds& seconds) { return seconds ? Value(*seconds) : Value(nullptr); };
    return Value::Object{{"p50", value(times.p50)}, {"p95", value(times.p95)}, {"p99", value(times.p99)}};
}

}  // namespace

std::string top_text(const Scrape& before, const Scrape& after, std::string_view url) {
    const Interval interval(before, after);
    std::string text = "Dewar " + after.build("version") + " (" + after.build("config") + ") at " + std::string(url) + ", up " +
                       uptime(seconds_up(after)) + "; of the last " + number(interval.seconds()) + " s\n\n";
    text += aligned(subjects(interval, after));
    std::vector<std::vector<std::string>> rows{{"SLOWEST ROUTES", "METHOD", "REQUESTS", "5XX", "P50", "P95", "P99"}};
    for (const RouteRates& route : routes_of(interval, after)) {
        rows.push_back({route.endpoint, route.method, per_second(route.rate), per_second(route.failures_rate),
                        duration(route.times.p50), duration(route.times.p95), duration(route.times.p99)});
    }
    return harmless(text + "\n" + aligned(rows));
}

std::string top_json(const Scrape& before, const Scrape& after) {
    const Interval interval(before, after);
    const auto rate = [&](std::string_view name, const Labels& labels = {}) { return Value(interval.rate(name, labels)); };
    const auto state = [&](std::string_view name, const Labels& labels = {}) { return Value(whole(after.sum(name, labels))); };
    const auto calls = [&](const std::string& name) {
        return Value::Object{{"per_second", rate(name + "_count")}, {"seconds", json_of(times_of(interval, name))}};
    };
    Value::List routes;
    for (const RouteRates& route : routes_of(interval, after)) {
        routes.emplace_back(Value::Object{{"endpoint", route.endpoint},
                                          {"method", route.method},
                                          {"per_second", route.rate},
                                          {"failures_per_second", route.failures_rate},
                                          {"seconds", json_of(route.times)}});
    }
    const bool has_outbox = after.sum("dewar_outbox_readable") > 0;
    const auto mails = [&](const char* name) {
        return has_outbox ? state("dewar_outbox_mails", {{"state", name}}) : Value(nullptr);
    };
    return to_json(Value::Object{
               {"version", after.build("version")},
               {"config", after.build("config")},
               {"uptime_seconds", seconds_up(after)},
               {"interval_seconds", interval.seconds()},
               {"requests", Value::Object{{"per_second", rate(requests_total)},
                                          {"client_errors_per_second", rate_of_class(interval, after, '4')},
                                          {"failures_per_second", rate_of_class(interval, after, '5')},
                                          {"refused_per_second", rate("dewar_http_refused_total")},
                                          {"seconds", json_of(times_of(interval, request_times))}}},
               {"connections", Value::Object{{"open", state("dewar_http_connections_open")},
                                             {"accepted_per_second", rate("dewar_http_connections_accepted_total")},
                                             {"turned_away_per_second", rate("dewar_http_connections_refused_total")},
                                             {"buffered_bytes", state("dewar_http_buffered_bytes")}}},
               {"workers", Value::Object{{"busy", state("dewar_http_workers_busy")},
                                         {"max", state("dewar_http_workers_max")},
                                         {"queue", state("dewar_http_queue_length")}}},
               {"database", Value::Object{{"backend", after.build("database")},
                                          {"reads", calls("dewar_database_read_duration_seconds")},
                                          {"writes", calls("dewar_database_write_duration_seconds")},
                                          {"commits_per_second", rate("dewar_database_commit_writes_count")},
                                          {"connections_open", state("dewar_database_connections_open")},
                                          {"connections_in_use", state("dewar_database_connections_in_use")},
                                          {"waiting", state("dewar_database_waiting")}}},
               {"outbox", Value::Object{{"queued", mails("queued")},
                                        {"failed", mails("failed")},
                                        {"sent_per_second", rate("dewar_outbox_attempts_total", {{"outcome", "sent"}})}}},
               {"process", Value::Object{{"cpu_share", rate("process_cpu_seconds_total")},
                                         {"resident_bytes", state("process_resident_memory_bytes")},
                                         {"threads", state("process_threads")},
                                         {"descriptors", state("process_open_fds")}}},
               {"routes", std::move(routes)}}) +
           "\n";
}

}  // namespace manage
