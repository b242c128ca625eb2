#include "app/web/cors.hpp"

#include <algorithm>

namespace app::web {
namespace {

constexpr const char* exposed_headers =
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id";
constexpr const char* allowed_headers = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match";
constexpr const char* preflight_seconds = "600";

}  // namespace

Cors::Cors(std::vector<std::string> origins)
    : origins_(std::move(origins)), any_(std::ranges::find(origins_, "*") != origins_.end()) {}

void Cors::allow(const Request& request, Methods methods, Response& response) const {
    if (!any_) response.add("Vary", "Origin");
    const auto origin = request.header("Origin");
    if (!origin || !(any_ || std::ranges::find(origins_, *origin) != origins_.end())) return;
    response.set("Access-Control-Allow-Origin", any_ ? "*" : std::string(*origin));
    if (request.method != "OPTIONS" || !request.header("Access-Control-Request-Method")) {
        response.set("Access-Control-Expose-Headers", exposed_headers);
        return;
    }
    response.set("Access-Control-Allow-Methods", to_string(methods));
    response.set("Access-Control-Allow-Headers", allowed_headers);
    response.set("Access-Control-Max-Age", preflight_seconds);
}

}  // namespace app::web
