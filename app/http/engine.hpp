// What the loops of one server share: what they serve, their limits, their workers, and what they count together.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/http/addresses.hpp"
#include "app/http/counts.hpp"
#include "app/http/limits.hpp"
#include "app/http/parser.hpp"
#include "app/http/tls.hpp"
#include "app/http/workers.hpp"
#include "app/web/request.hpp"
#include "app/web/response.hpp"

namespace app::http {

// What an engine serves. The functions are called by several threads at once and must not throw.
struct Service {
    std::function<web::Response(const web::Request&)> handle;

    // Whether serving it may have to wait (a write, a password hash): then a worker does it, else the loop itself.
    std::function<bool(const web::Request&)> may_wait = [](const web::Request&) { return true; };

    // The answer, in the application's words, to a request that is not served: 413, its body is too large; 503, there is too much to
    // do. `target` is as the client sent it. Nothing: in the engine's words. On a loop's thread; it does not wait.
    std::function<std::optional<web::Response>(std::string_view target, const Refusal&)> refuse =
        [](std::string_view, const Refusal&) { return std::nullopt; };

    // A loop has served what was there and is about to wait; on the loop's thread. What it keeps for one turn ends here.
    std::function<void()> end_turn = [] {};

    // Where the engine counts: whoever wants to know shares it. Of one server.
    std::shared_ptr<Counts> counts = std::make_shared<Counts>();
};

struct Engine {
    const Limits limits;
    const Service service;
    const std::string id_prefix;  // of request ids: differs from process to process
    int request_timeout_ms = 30000;
    int loop_turn_ms = 20;
    Counts& counts;  // the service's
    Workers workers;
    const std::unique_ptr<Tls> tls{};  // null: plain HTTP
    Addresses addresses{};

    std::atomic<std::uint64_t> request_count{0};
    std::atomic<bool> draining{false};

    std::string_view scheme() const noexcept { return tls ? "https" : "http"; }
};

}  // namespace app::http
