#include "app/api/quotas.hpp"

#include "app/base/error.hpp"
#include "app/base/turn.hpp"

namespace app::api {
namespace {

throttle::Quota count(throttle::RateLimit& limit, const throttle::Key& key) {
    return limit.take(key, std::chrono::steady_clock::now());
}

void refuse_unless_allowed(const throttle::Quota& quota, const std::string& whose) {
    if (quota.allowed) return;
    throw base::Error(base::Code::too_many,
                      "too many requests " + whose + "; try again in " + std::to_string(quota.more_in.count()) + " s")
        .set_retry_after(quota.more_in);
}

}  // namespace

std::optional<web::Response> count_for_address(Context& ctx) {
    if (ctx.address_quota) return std::nullopt;
    const auto& limit = ctx.services.address_limit;
    const auto key = limit ? throttle::address_key(ctx.request.peer) : std::nullopt;
    if (!key) return std::nullopt;
    ctx.address_quota = count(*limit, *key);
    refuse_unless_allowed(*ctx.address_quota, "from this address");
    return std::nullopt;
}

std::optional<web::Response> count_for_account(Context& ctx) {
    const auto& limit = ctx.services.account_limit;
    if (!limit || !ctx.user) return std::nullopt;
    ctx.account_quota = count(*limit, throttle::account_key(ctx.user->id));
    refuse_unless_allowed(*ctx.account_quota, "of this account");
    return std::nullopt;
}

void tell_quotas(Context& ctx, web::Response& response) {
    std::string policies, quotas;
    const auto add = [&](std::string_view name, const std::unique_ptr<throttle::RateLimit>& limit,
                         const std::optional<throttle::Quota>& quota) {
        if (!quota) return;
        throttle::append_policy(policies, name, *limit);
        throttle::append_quota(quotas, name, *quota);
    };
    add("address", ctx.services.address_limit, ctx.address_quota);
    add("account", ctx.services.account_limit, ctx.account_quota);
    if (quotas.empty()) return;
    response.set("RateLimit-Policy", std::move(policies)).set("RateLimit", std::move(quotas));
}

void uncount(Context& ctx, const base::Error*) {
    const auto* turn = base::Turn::current();
    if (!turn || !turn->given_up()) return;
    const auto address = throttle::address_key(ctx.request.peer);
    if (ctx.address_quota && ctx.address_quota->allowed && address) ctx.services.address_limit->give_back(*address);
    if (ctx.account_quota && ctx.account_quota->allowed) {
        ctx.services.account_limit->give_back(throttle::account_key(ctx.user->id));
    }
}

}  // namespace app::api
