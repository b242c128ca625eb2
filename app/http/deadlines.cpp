// Who waits too long, and the end: what a loop does with connections for no other reason than that time has passed.
#include "app/http/loop.hpp"

namespace app::http {
namespace {

constexpr auto linger_timeout = std::chrono::seconds(2);
constexpr auto idle_before_drain_closes = std::chrono::seconds(1);

}  // namespace

void Loop::sweep() {
    for (Connection& connection : connections_) {
        if (connection.open()) expire(connection);
    }
}

void Loop::expire(Connection& connection) {
    const Limits& limits = engine_.limits;
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - connection.since).count();
    if (connection.has_output() || (connection.closing && connection.phase != Phase::lingering)) {
        if (now_ - connection.stalled_since > std::chrono::milliseconds(limits.write_stall_timeout_ms)) close(connection);
        return;
    }
    switch (connection.phase) {
        case Phase::handshake:
            if (waited > limits.head_timeout_ms) close(connection);
            break;
        case Phase::idle:
            if (waited > limits.idle_timeout_ms) close(connection);
            break;
        case Phase::head:
            if (waited > limits.head_timeout_ms) give_up(connection, {408, "the request's head did not come in time"});
            break;
        case Phase::body: {
            const auto received = static_cast<std::int64_t>(connection.exchange->body.size());
            const std::int64_t allowed_ms = limits.head_timeout_ms + received * 1000 / limits.body_bytes_per_second_min;
            if (waited > allowed_ms) give_up(connection, {408, "the request's body comes too slowly"});
            break;
        }
        case Phase::working:
            if (waited > engine_.request_timeout_ms) {
                ++connection.generation;  // its answer comes too late
                give_up(connection, {503, "the request took too long"});
            }
            break;
        case Phase::lingering:
            if (now_ - connection.since > linger_timeout) close(connection);
            break;
    }
}

void Loop::give_up(Connection& connection, Refusal refusal) {
    refuse(connection, refusal);
    flush(connection);
}

void Loop::drain_idle() {
    for (Connection& connection : connections_) {
        const bool idle = connection.phase == Phase::idle || connection.phase == Phase::handshake;
        if (connection.open() && idle && !connection.has_output() && now_ - connection.since >= idle_before_drain_closes)
            close(connection);
    }
}

}  // namespace app::http
