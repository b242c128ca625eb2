#include <algorithm>
#include <string>

#include "app/base/address.hpp"
#include "app/base/clock.hpp"
#include "app/base/error.hpp"
#include "app/http/tls.hpp"
#include "manage/findings.hpp"

namespace manage {

namespace {

constexpr std::string_view new_key = "echo \"SECRET_KEY=$(manage secret-key)\" >> .env";

void check_modes(const config::Config& config, Findings& findings) {
    const std::string remedy = "use a config for production: --config standalone, or --config production";
    if (config.debug) findings.push_back({Level::error, "debug", "is on: errors and diagnostics are shown to everybody", remedy});
    if (config.testing) findings.push_back({Level::error, "testing", "is on: passwords are hashed cheaply", remedy});
}

// A config for developing may have a key that everybody knows, as long as nobody else sees the server.
void check_keys(const config::Config& config, bool exposed, Findings& findings) {
    const config::Secret& secret = config.secret;
    if (secret.key.empty()) {
        findings.push_back({Level::error, "SECRET_KEY", "is not set: nothing can be signed", std::string(new_key)});
    }
    if (!exposed && (config.debug || config.testing)) return;
    if (const auto why = config::weakness(secret.key); why && !secret.key.empty()) {
        findings.push_back({Level::error, "SECRET_KEY", "is weak: it " + *why, std::string(new_key)});
    }
    for (std::size_t i = 0; i < secret.old_keys.size(); ++i) {
        const auto why = config::weakness(secret.old_keys[i]);
        const std::string which = "is weak: key " + std::to_string(i + 1) + " of it ";
        if (why) findings.push_back({Level::error, "SECRET_KEY_OLD", which + *why, "leave that key out"});
    }
}

void check_way_in(const config::Server& server, Findings& findings) {
    if (server.public_url.empty()) {
        findings.push_back({Level::warning, "PUBLIC_URL", "is not set: links that leave the server cannot be built",
                            "echo PUBLIC_URL=https://your.domain >> .env"});
    } else if (server.public_url.starts_with("http://")) {
        findings.push_back({Level::warning, "PUBLIC_URL",
                            "begins with http://: whoever follows a link sends his password in clear", "set it to https://"});
    }
    if (!server.tls_cert.empty() || !server.trusted_proxies.empty()) return;
    if (is_public(server)) {
        findings.push_back(
            {Level::warning, "server.host",
             server.host + " is reached by others, without TLS; and if that is a proxy, every client has its address",
             "give --tls-cert and --tls-key, or APP_SERVER__TRUSTED_PROXIES the proxy's address"});
    } else {
        findings.push_back({Level::info, "server.trusted_proxies",
                            "is empty: behind a proxy on this machine every client has the address " + server.host +
                                ", and all share its limits",
                            "echo APP_SERVER__TRUSTED_PROXIES=127.0.0.1,::1 >> .env"});
    }
}

void check_proxies(const config::Server& server, Findings& findings) {
    for (const std::string& proxy : server.trusted_proxies) {
        const auto network = app::base::parse_network(proxy);
        constexpr int bits_min_ipv4 = 96 + 8, bits_min_ipv6 = 7;  // 10.0.0.0/8 and fc00::/7 are the widest private networks
        if (network && network->bits < (network->address.is_ipv4() ? bits_min_ipv4 : bits_min_ipv6)) {
            findings.push_back({Level::warning, "server.trusted_proxies",
                                proxy + " holds addresses of strangers: they may say to be anybody",
                                "name the proxies' own addresses"});
        }
    }
}

void check_limits(const config::Config& config, Findings& findings) {
    if (!config.limits.enabled) {
        findings.push_back({Level::warning, "limits.enabled",
                            "is off: neither floods nor guessers of passwords are slowed down, unless a proxy does it",
                            "echo APP_LIMITS__ENABLED=true >> .env"});
    }
    if (std::ranges::find(config.cors.origins, "*") != config.cors.origins.end()) {
        findings.push_back({Level::warning, "cors.origins",
                            "is *: the pages of any site may call the API, with their visitors' tokens",
                            "name the origins: APP_CORS__ORIGINS=https://app.example"});
    }
}

}  // namespace

bool is_public(const config::Server& server) {
    if (server.host == "localhost") return false;
    const auto address = app::base::parse_address(server.host);
    if (!address) return true;
    const bool is_loopback = app::base::parse_network("127.0.0.0/8")->contains(*address) || server.host == "::1";
    return !is_loopback;
}

Findings check_settings(const config::Config& config, bool exposed) {
    Findings findings;
    if (exposed) check_modes(config, findings);
    check_keys(config, exposed, findings);
    if (exposed) check_way_in(config.server, findings);
    if (exposed) check_limits(config, findings);
    check_proxies(config.server, findings);
    return findings;
}

Findings check_tls(const config::Server& server) {
    if (server.tls_cert.empty()) return {};
    const std::string& file = server.tls_cert;
    try {
        app::http::Tls tls({.certificate = file, .key = server.tls_key});
        const auto left = tls.valid_until() - app::base::now();
        const auto days = std::chrono::floor<std::chrono::days>(left).count();
        const std::string remedy = "renew it, then: kill -HUP the server";
        if (days < 0) return {{Level::error, file, "has expired: clients refuse it", remedy}};
        if (days < 30) return {{Level::warning, file, "expires in " + std::to_string(days) + " days", remedy}};
    } catch (const app::base::Error& error) {
        return {{Level::error, "server.tls_cert", error.message(), "name a certificate and its key that this account may read"}};
    }
    return {};
}

}  // namespace manage
