#include "app/metrics_page.hpp"

#include <bit>
#include <exception>
#include <string>
#include <vector>

#include "app/api/build_id.hpp"
#include "app/base/turn.hpp"
#include "app/metrics/process.hpp"
#include "app/models/outbox.hpp"

namespace app {
namespace {

using metrics::Exposition;
using metrics::Type;

constexpr std::chrono::seconds outbox_kept{5}, outbox_left_alone{60};
constexpr double per_second = 1e9;  // nanoseconds

constexpr web::Methods all_methods = web::GET | web::HEAD | web::POST | web::PUT | web::PATCH | web::DELETE | web::OPTIONS;

// The methods of a set have positions in the order of their bits.
std::vector<std::string> names_of(web::Methods methods) {
    std::vector<std::string> names;
    for (unsigned bit = 1; bit <= methods.bits; bit <<= 1U) {
        if ((methods.bits & bit) != 0) names.push_back(to_string(web::Methods{bit}));
    }
    return names;
}

std::size_t position_of(web::Methods method, web::Methods methods) noexcept {
    return static_cast<std::size_t>(std::popcount(methods.bits & (method.bits - 1)));
}

// The last one is for all requests that no route fits.
std::vector<metrics::Endpoint> endpoints_of(const web::Site& site) {
    std::vector<metrics::Endpoint> endpoints;
    for (const web::Rule& rule : site.rules()) endpoints.push_back({rule.endpoint, names_of(rule.methods)});
    endpoints.push_back({"none", names_of(all_methods)});
    return endpoints;
}

void counter(Exposition& out, std::string_view name, const base::Counter& counter, std::string_view help) {
    out.family(name, Type::counter, help).sample(counter.value());
}

void gauge(Exposition& out, std::string_view name, std::int64_t value, std::string_view help) {
    out.family(name, Type::gauge, help).sample(static_cast<double>(value));
}

void durations(Exposition& out, std::string_view name, const base::Histogram& histogram, std::string_view help) {
    out.family(name, Type::histogram, help).histogram(histogram.read(), per_second);
}

}  // namespace

MetricsPage::MetricsPage(const web::Site& site, Services& services)
    : site_(site), services_(services), requests_(endpoints_of(site)) {}

void MetricsPage::count(const web::Request& request, const web::Match& match, int status,
                        std::chrono::nanoseconds duration) noexcept {
    const auto method = web::find_method(request.method);
    if (!method) return;  // the engine answers 501; only a client in memory comes here
    const web::Rule* rule = match.rule;
    const bool is_routed = rule != nullptr && rule->methods.contains(*method);
    const web::Methods methods = is_routed ? rule->methods : all_methods;
    requests_.count(is_routed ? rule->number : site_.rules().size(), position_of(*method, methods), status, duration);
}

std::string MetricsPage::text() {
    Exposition out;
    out.family("dewar_build_info", Type::gauge, "1, with what this is.")
        .sample(std::uint64_t{1}, {{"version", DEWAR_VERSION},
                                   {"build", api::build_id()},
                                   {"config", services_.config.name},
                                   {"database", services_.database->dialect().name}});
    requests_.write(out);
    write_server(out);
    write_database(out);
    write_outbox(out);
    metrics::write_process(out);
    return out.text();
}

void MetricsPage::write_server(Exposition& out) const {
    const http::Counts& counts = *server_counts;
    out.family(
        "dewar_http_refused_total", Type::counter,
        "Requests that the server answered by itself, for they are malformed, too large, too slow or too many, by status.");
    for (std::size_t i = 0; i < http::refusal_statuses.size(); ++i) {
        const int status = http::refusal_statuses[i];
        out.sample(counts.refused.sum(i), {{"status", status == 0 ? "other" : std::to_string(status)}});
    }
    counter(out, "dewar_http_turns_given_up_total", counts.turns_given_up,
            "Requests that an event loop began to serve and a worker served then, for they had to wait.");
    gauge(out, "dewar_http_connections_open", counts.connections_open, "Connections that are open.");
    counter(out, "dewar_http_connections_accepted_total", counts.connections_accepted,
            "Connections that were accepted, those that were turned away included.");
    out.family("dewar_http_connections_refused_total", Type::counter,
               "Connections that were turned away, by the limit that they met.")
        .sample(counts.turned_away_for_all.value(), {{"limit", "connections_max"}})
        .sample(counts.turned_away_for_their_address.value(), {{"limit", "connections_per_address_max"}});
    gauge(out, "dewar_http_buffered_bytes", counts.buffered_bytes, "What requests and answers under way hold in memory.");
    gauge(out, "dewar_http_workers_busy", counts.workers_busy, "Workers that serve a request.");
    gauge(out, "dewar_http_workers_max", services_.config.server.workers, "Workers that there may be.");
    gauge(out, "dewar_http_queue_length", counts.workers_queued, "Requests that wait for a worker.");
}

void MetricsPage::write_database(Exposition& out) const {
    const db::Counts& counts = services_.database->counts();
    durations(out, "dewar_database_read_duration_seconds", counts.reads, "How long reads took, with all waiting and retrying.");
    durations(out, "dewar_database_write_duration_seconds", counts.writes, "How long writes took, until they were durable.");
    counter(out, "dewar_database_slow_statements_total", counts.slow_statements,
            "Statements slower than database.slow_query_ms.");
    out.family(
           "dewar_database_errors_total", Type::counter,
           "What went wrong: busy, a lock or a deadlock, mostly retried; connection_lost, retried too; unavailable, a read or a "
           "write that failed for it.")
        .sample(counts.busy.value(), {{"kind", "busy"}})
        .sample(counts.lost_connections.value(), {{"kind", "connection_lost"}})
        .sample(counts.unavailable.value(), {{"kind", "unavailable"}});
    counter(out, "dewar_database_retries_total", counts.retries, "Runs of a read or a write after its first.");
    gauge(out, "dewar_database_connections_open", counts.connections_open, "Connections that are open.");
    gauge(out, "dewar_database_connections_in_use", counts.connections_in_use,
          "Connections that are lent or write; those that event loops read by are not counted.");
    gauge(out, "dewar_database_waiting", counts.waiting,
          "MySQL: calls that wait for a connection; SQLite: writes that wait for theirs.");
    if (services_.database->dialect().reads_may_wait) return;
    durations(out, "dewar_database_commit_duration_seconds", counts.commits, "SQLite: how long COMMIT took.");
    out.family("dewar_database_commit_writes", Type::histogram, "SQLite: how many writes one COMMIT made durable.")
        .histogram(counts.batches.read(), 1);
}

void MetricsPage::write_outbox(Exposition& out) {
    const auto mails = outbox();
    gauge(out, "dewar_outbox_readable", mails ? 1 : 0,
          "Whether the database could be asked for the outbox; else its mails are left out.");
    if (mails) {
        out.family("dewar_outbox_mails", Type::gauge, "Mails that are not out, by state; of all instances.")
            .sample(static_cast<double>(mails->queued), {{"state", "queued"}})
            .sample(static_cast<double>(mails->sending), {{"state", "sending"}})
            .sample(static_cast<double>(mails->failed), {{"state", "failed"}});
    }
    out.family("dewar_outbox_attempts_total", Type::counter, "What came of this process's attempts to send a mail.")
        .sample(sender_counts->sent.value(), {{"outcome", "sent"}})
        .sample(sender_counts->failed.value(), {{"outcome", "failed"}})
        .sample(sender_counts->put_back.value(), {{"outcome", "put_back"}});
}

// One asks, and the others meanwhile are told what is known.
std::optional<MetricsPage::Outbox> MetricsPage::outbox() {
    {
        const std::lock_guard lock(mutex_);
        if (is_asking_ || Clock::now() < asked_again_at_) return outbox_;
        is_asking_ = true;
    }
    const auto told = ask_outbox();
    const std::lock_guard lock(mutex_);
    is_asking_ = false;
    const auto* turn = base::Turn::current();
    if (turn && turn->given_up()) return outbox_;  // a worker asks again
    outbox_ = told;
    asked_again_at_ = Clock::now() + (told ? outbox_kept : outbox_left_alone);
    return outbox_;
}

std::optional<MetricsPage::Outbox> MetricsPage::ask_outbox() {
    try {
        return services_.database->read([](db::Connection& c) {
            return Outbox{.queued = models::count_mails(c, models::MailState::queued),
                          .sending = models::count_mails(c, models::MailState::sending),
                          .failed = models::count_mails(c, models::MailState::failed)};
        });
    } catch (const std::exception&) {
        return std::nullopt;  // dewar_outbox_readable tells it
    }
}

}  // namespace app
