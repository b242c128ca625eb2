#include "app/serve.hpp"

namespace app {

http::ServerOptions server_options(const config::Config& config) {
    const config::Server& server = config.server;
    return {.host = server.host,
            .port = server.port,
            .threads = server.threads,
            .workers = server.workers,
            .request_timeout_ms = server.request_timeout_ms,
            .grace_ms = server.grace_ms,
            .limits = {.head_bytes_max = static_cast<std::size_t>(server.head_bytes_max),
                       .fields_max = static_cast<std::size_t>(server.fields_max),
                       .target_bytes_max = static_cast<std::size_t>(server.target_bytes_max),
                       .body_bytes_max = server.body_bytes_max,
                       .json_body_bytes_max = server.json_body_bytes_max,
                       .buffered_bytes_max = server.buffered_bytes_max,
                       .head_timeout_ms = server.head_timeout_ms,
                       .idle_timeout_ms = server.idle_timeout_ms,
                       .write_stall_timeout_ms = server.write_stall_timeout_ms,
                       .body_bytes_per_second_min = server.body_bytes_per_second_min,
                       .connections_max = static_cast<std::size_t>(server.connections_max),
                       .connections_per_address_max = static_cast<std::size_t>(server.connections_per_address_max),
                       .queue_max = static_cast<std::size_t>(server.queue_max)},
            .tls = {.certificate = server.tls_cert, .key = server.tls_key}};
}

http::Service service(App& app) {
    return {.handle = [&app](const web::Request& request) { return app.handle(request); },
            .may_wait = [&app](const web::Request& request) { return app.may_wait(request); },
            .refuse =
                [&app](std::string_view target, const http::Refusal& refusal) {
                    const auto code = refusal.status == 413 ? base::Code::too_large : base::Code::unavailable;
                    return app.refuse(target, base::Error(code, refusal.reason));
                },
            .end_turn = [&app] { app.services().database->end_turn(); },
            .counts = app.metrics().server_counts};
}

}  // namespace app
