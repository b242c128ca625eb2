#include "app/diagnostics/blueprint.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "app/base/address.hpp"
#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/base/turn.hpp"
#include "app/context/context.hpp"
#include "app/db/schema.hpp"
#include "app/diagnostics/routes.hpp"
#include "app/metrics/exposition.hpp"
#include "app/web/json.hpp"

namespace app::diagnostics {
namespace {

constexpr std::int64_t slow_seconds_max = 30;

web::Response healthz(Context&) { return web::text_response("ok\n").set("Cache-Control", "no-store"); }

web::Response readyz(Context& ctx) {
    if (ctx.services.draining) throw base::Error(base::Code::unavailable, "the server is being stopped");
    // The database may be what is being worked on; and who asks an instance that is not ready gets the balancer's page, not ours.
    if (ctx.services.maintenance.current()) return web::text_response("maintenance\n").set("Cache-Control", "no-store");
    db::require_current(ctx.db(), ctx.services.migrations);
    return web::text_response("ready\n").set("Cache-Control", "no-store");
}

// Whether the request went through a proxy, trusted or not, as far as that can be seen.
bool is_forwarded(const web::Request& request) {
    constexpr std::string_view headers[] = {"Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"};
    return std::ranges::any_of(headers, [&](std::string_view name) { return request.header(name).has_value(); });
}

bool may_read_metrics(const web::Request& request, std::span<const base::Network> allowed) {
    const auto client = base::parse_address(request.peer);
    if (!client) return false;
    const bool is_told_by_proxy = !request.proxy.empty() && base::parse_address(request.proxy) != client;
    if (is_forwarded(request) && !is_told_by_proxy) return false;
    return std::ranges::any_of(allowed, [&](const base::Network& network) { return network.contains(*client); });
}

web::Response echo(Context& ctx) {
    web::Response response = web::text_response(std::string(ctx.request.body));
    if (const auto type = ctx.request.header("Content-Type")) response.set("Content-Type", std::string(*type));
    return response;
}

web::Response whoami(Context& ctx) {
    std::string text;
    web::JsonWriter(text)
        .begin_object()
        .field("peer", ctx.request.peer)
        .field("request_id", ctx.request.id)
        .field("scheme", ctx.request.scheme)
        .end_object();
    return web::json_response(std::move(text));
}

web::Response slow(Context& ctx) {
    base::Turn::leave();
    const auto seconds = base::parse_integer(ctx.request.query_value("seconds").value_or("1"));
    if (!seconds || *seconds < 0 || *seconds > slow_seconds_max) {
        throw base::Error(base::Code::invalid, "seconds is a number from 0 to " + std::to_string(slow_seconds_max));
    }
    std::this_thread::sleep_for(std::chrono::seconds(*seconds));
    return web::text_response("slept " + std::to_string(*seconds) + " s\n");
}

web::Response status(Context&, std::int64_t code) {
    if (code < 200 || code > 599) throw base::Error(base::Code::invalid, "a status is a number from 200 to 599");
    if (code == 204 || code == 304) return web::empty_response(static_cast<int>(code));
    return web::text_response("status " + std::to_string(code) + "\n", static_cast<int>(code));
}

}  // namespace

web::Blueprint make_health() {
    web::Blueprint health{"health"};
    health.on<routes::healthz>(healthz);
    health.on<routes::readyz>(readyz);
    return health;
}

web::Blueprint make_metrics(std::span<const std::string> allow) {
    std::vector<base::Network> allowed;
    for (const std::string& text : allow) {
        const auto network = base::parse_network(text);
        if (!network) throw base::Error(base::Code::invalid, "\"" + text + "\" is neither an address nor a network");
        allowed.push_back(*network);
    }
    web::Blueprint blueprint{"metrics"};
    blueprint.on<routes::metrics>([allowed](Context& ctx) {
        if (!may_read_metrics(ctx.request, allowed)) throw base::Error(base::Code::not_found, "not found");
        return web::text_response(ctx.services.metrics())
            .set("Content-Type", metrics::media_type)
            .set("Cache-Control", "no-store");
    });
    return blueprint;
}

web::Blueprint make_diagnostics() {
    web::Blueprint diagnostics{"diagnostics"};
    diagnostics.on<routes::echo>(echo);
    diagnostics.on<routes::whoami>(whoami);
    diagnostics.on<routes::slow>(slow);
    diagnostics.on<routes::status>(status);
    return diagnostics;
}

}  // namespace app::diagnostics
