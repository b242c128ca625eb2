#include "app/app.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "app/api/v1_0/blueprint.hpp"
#include "app/api/v1_1/blueprint.hpp"
#include "app/auth/blueprint.hpp"
#include "app/base/crash.hpp"
#include "app/base/log.hpp"
#include "app/base/turn.hpp"
#include "app/context/context.hpp"
#include "app/db/migrate.hpp"
#include "app/db/url.hpp"
#include "app/diagnostics/blueprint.hpp"
#include "app/diagnostics/maintenance.hpp"
#include "app/docs/blueprint.hpp"
#include "app/main/blueprint.hpp"
#include "app/models/role.hpp"
#include "app/static_files/blueprint.hpp"
#include "app/web/compression.hpp"
#include "app/web/cors.hpp"
#include "app/web/dispatch.hpp"

namespace app::templates::embedded {
std::span<const base::EmbeddedFile> files();  // made by embed_files() in CMakeLists.txt
}

namespace app {
namespace {

// What `manage deploy` does for a database that stays, without accounts: a temporary one lives as long as its app.
void prepare_temporary(db::Database& database) {
    db::Lease lease(database);
    db::migrate(lease, db::migrations(database.dialect()));
    database.write([](db::Connection& c) { models::insert_roles(c); });
}

void log_request(const web::Request& request, const web::Response& response, const web::RequestContext& context,
                 std::chrono::nanoseconds duration) {
    if (context.error && context.error->code() == base::Code::internal) base::log_error(context.error->what(), request.id);
    base::log_access({.method = request.method,
                      .path = request.path(),
                      .status = response.status,
                      .body_bytes = static_cast<std::int64_t>(response.body.size()),
                      .duration_us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count(),
                      .request_id = request.id,
                      .peer = request.peer});
}

web::Proxies proxies(const config::Server& server) {
    const bool is_forwarded = server.forwarded_header == "forwarded";
    return {server.trusted_proxies, is_forwarded ? web::ForwardedHeader::forwarded : web::ForwardedHeader::x_forwarded_for};
}

// Registered first, so that its hook runs last: what it compresses nobody changes any more.
web::Blueprint make_compression(const config::Compression& settings) {
    web::Blueprint compression{"compression"};
    if (!settings.enabled) return compression;
    const auto bytes_min = static_cast<std::size_t>(settings.body_bytes_min);
    compression.after_app_request(
        [bytes_min](Context& ctx, web::Response& response) { web::compress(ctx.request, response, bytes_min); }, "compress");
    return compression;
}

// For what lies below /api/, whether a route is there or not. Its hook must see every answer, so it is the application's.
web::Blueprint make_cors(const config::Cors& settings) {
    web::Blueprint cors{"cors"};
    if (settings.origins.empty()) return cors;
    cors.after_app_request(
        [rules = web::Cors{settings.origins}](Context& ctx, web::Response& response) {
            if (ctx.request.path().starts_with("/api/")) rules.allow(ctx.request, ctx.match.allowed, response);
        },
        "allow");
    return cors;
}

void set_limits(Services& services, const config::Limits& settings) {
    if (!settings.enabled) return;
    const std::chrono::seconds window(settings.window_s);
    const auto entries = static_cast<std::size_t>(settings.entries_max);
    services.address_limit = std::make_unique<throttle::RateLimit>(settings.address_requests_max, window, entries);
    services.account_limit = std::make_unique<throttle::RateLimit>(settings.account_requests_max, window, entries);
    services.guesses =
        std::make_unique<throttle::Guesses>(throttle::GuessOptions{.account_free = settings.guesses_free,
                                                                   .address_free = settings.address_guesses_free,
                                                                   .pause_max = std::chrono::seconds(settings.guess_pause_s),
                                                                   .entries = entries});
    services.mail_limit = std::make_unique<throttle::MailLimit>(throttle::MailLimitOptions{
        .mails_max = settings.mails_max, .requests_max = settings.mail_requests_max, .entries = entries});
}

}  // namespace

std::unique_ptr<web::Site> make_site(const config::Config& config) {
    auto site = std::make_unique<web::Site>(config.server.public_url);
    site->register_blueprint(make_compression(config.compression));
    site->register_blueprint(make_cors(config.cors));
    site->register_blueprint(diagnostics::make_maintenance());
    site->register_blueprint(main::make());
    site->register_blueprint(auth::make(), "/auth");
    site->register_blueprint(static_files::make(config.static_files));
    site->register_blueprint(diagnostics::make_health());
    if (!config.metrics.allow.empty()) site->register_blueprint(diagnostics::make_metrics(config.metrics.allow));
    if (config.debug || config.testing) site->register_blueprint(diagnostics::make_diagnostics());
    site->register_blueprint(api::v1_0::make(), "/api/v1.0");
    site->register_blueprint(docs::make_openapi("openapi_v1_0"), "/api/v1.0");
    site->register_blueprint(api::v1_1::make(), "/api/v1.1");
    site->register_blueprint(api::v1_1::make_accounts(), "/api/v1.1");
    site->register_blueprint(docs::make_openapi("openapi_v1_1"), "/api/v1.1");
    if (config.docs.enabled) site->register_blueprint(docs::make_page());
    return site;
}

db::Options database_options(const config::Config& config) {
    return {.url = config.database.url,
            .busy_timeout_ms = config.database.busy_timeout_ms,
            .slow_query_ms = config.database.slow_query_ms,
            .cache_kib = config.database.cache_kib,
            .mmap_bytes = config.database.mmap_bytes,
            .pool_max = config.database.pool_max,
            .pool_wait_ms = config.database.pool_wait_ms,
            .causal_reads = config.database.causal_reads,
            .connect_timeout_ms = config.database.connect_timeout_ms,
            .read_timeout_ms = config.database.read_timeout_ms,
            .write_timeout_ms = config.database.write_timeout_ms};
}

base::PasswordCost password_cost(const config::Config& config) {
    return {.memory_kib = static_cast<std::uint32_t>(config.password.memory_kib),
            .iterations = static_cast<std::uint32_t>(config.password.iterations),
            .parallelism = static_cast<std::uint32_t>(config.password.parallelism)};
}

base::PasswordLoad password_load(const config::Config& config) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const auto wanted = static_cast<std::size_t>(config.password.at_once_max);
    const std::size_t half = std::max<std::size_t>(1, static_cast<std::size_t>(config.server.workers) / 2);
    const std::size_t at_once = std::min(wanted == 0 ? cores : wanted, half);
    return {.at_once_max = at_once,
            .waiting_max = std::min(static_cast<std::size_t>(config.password.waiting_max), half - at_once),
            .wait_max = std::chrono::milliseconds(config.password.wait_ms)};
}

mail::Choices mail_choices(const config::Config& config) {
    const config::Mail& mail = config.mail;
    return {.provider = mail.provider,
            .server = mail.server,
            .port = mail.port,
            .use_tls = mail.use_tls,
            .use_ssl = mail.use_ssl,
            .username = mail.username,
            .password = mail.password,
            .auth = mail.auth,
            .default_sender = mail.default_sender,
            .subject_prefix = mail.subject_prefix,
            .suppress_send = mail.suppress_send,
            .timeout_s = mail.timeout_s,
            .ca_file = mail.ca_file};
}

std::unique_ptr<App> create_app(config::Config config) {
    config::require_secret(config);
    auto site = make_site(config);
    auto database = db::open(database_options(config));
    if (db::parse_url(config.database.url).temporary) prepare_temporary(*database);
    base::Signer signer{config.secret.key, config.secret.old_keys};
    const base::PasswordCost cost = password_cost(config);
    const base::PasswordLoad load = password_load(config);
    web::Templates pages{templates::embedded::files(), {{"static", static_files::template_links(*site, config.static_files)}}};
    return std::make_unique<App>(std::move(site), std::move(config), std::move(database), std::move(signer), cost, load,
                                 std::move(pages));
}

App::App(std::unique_ptr<const web::Site> site, config::Config config, std::unique_ptr<db::Database> database,
         base::Signer signer, base::PasswordCost cost, base::PasswordLoad load, web::Templates pages)
    : site_(std::move(site)),
      services_{.config = std::move(config),
                .database = std::move(database),
                .signer = std::move(signer),
                .passwords = base::Passwords{cost, load},
                .templates = std::move(pages),
                .migrations = {},
                .address_limit = {},
                .account_limit = {},
                .guesses = {},
                .mail_limit = {},
                .mail = {}},
      metrics_(*site_, services_),
      proxies_(proxies(services_.config.server)) {
    services_.migrations = db::migrations(services_.database->dialect());
    services_.mail = mail::settle(mail_choices(services_.config));
    set_limits(services_, services_.config.limits);
    services_.metrics = [this] { return metrics_.text(); };
}

bool App::may_wait(const web::Request& request) const {
    return services_.database->dialect().reads_may_wait || (request.method != "GET" && request.method != "HEAD");
}

web::Response App::handle(const web::Request& request) {
    if (proxies_.empty()) return serve(request);
    const auto client = proxies_.find_client(request);
    if (!client) return serve(request);
    web::Request forwarded = request;
    forwarded.proxy = request.peer;
    forwarded.peer = client->address;
    forwarded.scheme = client->scheme;
    return serve(forwarded);
}

std::optional<web::Response> App::refuse(std::string_view target, const base::Error& error) {
    const web::Request request{.target = target};
    Context context{request, *site_, services_};
    return web::refuse(context, context, error);
}

web::Response App::serve(const web::Request& request) {
    const auto started = std::chrono::steady_clock::now();
    const base::UnderWay under_way(request.method, request.path(), request.id);
    Context context{request, *site_, services_};
    web::Response response = web::dispatch(context, context);
    if (const auto* turn = base::Turn::current(); turn && turn->given_up()) return response;  // a worker will serve it again
    if (!request.id.empty()) response.set("X-Request-Id", std::string(request.id));
    const auto duration = std::chrono::steady_clock::now() - started;
    metrics_.count(request, context.match, response.status, duration);
    log_request(request, response, context, duration);
    return response;
}

}  // namespace app
