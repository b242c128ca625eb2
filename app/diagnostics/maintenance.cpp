#include "app/diagnostics/maintenance.hpp"

#include <algorithm>
#include <array>

#include "app/base/error.hpp"
#include "app/context/context.hpp"
#include "app/diagnostics/routes.hpp"

namespace app::diagnostics {
namespace {

constexpr std::array always_served{routes::healthz.pattern.rule, routes::readyz.pattern.rule, routes::metrics.pattern.rule};

bool is_always_served(std::string_view path) {
    return std::ranges::find(always_served, path) != always_served.end() || path.starts_with("/static/");
}

std::optional<web::Response> refuse(Context& ctx) {
    const auto notice = ctx.services.maintenance.current();
    if (!notice || is_always_served(ctx.request.path()) || notice->allows(ctx.request.peer)) return std::nullopt;
    throw base::Error(base::Code::unavailable, notice->message).set_retry_after(notice->retry_after);
}

}  // namespace

web::Blueprint make_maintenance() {
    web::Blueprint maintenance{"maintenance"};
    maintenance.before_app_request(refuse, "refuse");
    return maintenance;
}

}  // namespace app::diagnostics
