#include "app/http/server.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/secret.hpp"
#include "app/http/listener.hpp"
#include "app/http/loop.hpp"

namespace app::http {

struct Server::Impl {
    ServerOptions options;
    const std::shared_ptr<Counts> counts;
    Engine engine;
    std::deque<Loop> loops;
    std::size_t next_loop = 0;
    Listener listener{[this](int socket) { loops[next_loop++ % loops.size()].adopt(socket); }};

    Impl(ServerOptions with, Service service)
        : options(std::move(with)),
          counts(service.counts),
          engine{.limits = options.limits,
                 .service = std::move(service),
                 .id_prefix = base::random_token(3) + "-",
                 .request_timeout_ms = options.request_timeout_ms,
                 .counts = *counts,
                 .workers = {static_cast<std::size_t>(std::max(1, options.workers)), options.limits.queue_max, *counts},
                 .tls = options.tls.empty() ? nullptr : std::make_unique<Tls>(options.tls)} {}

    void serve() {
        const int count =
            options.threads > 0 ? options.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        for (int i = 0; i < count; ++i) loops.emplace_back(engine);
        listener.run();
        engine.draining = true;
        for (Loop& loop : loops) loop.drain(std::chrono::milliseconds(options.grace_ms));
        for (Loop& loop : loops) loop.join();
        engine.workers.stop();  // before the loops go, to which the workers post; no client is left that waits for what is queued
        loops.clear();
    }
};

Server::Server(ServerOptions options, Service service) : impl_(std::make_unique<Impl>(std::move(options), std::move(service))) {}

Server::~Server() { stop(); }

int Server::bind() {
    const ServerOptions& options = impl_->options;
    return listen(open_port(options.host, options.port, options.backlog));
}

int Server::listen(Port port) {
    const int number = port.number();
    impl_->listener.listen(std::move(port));
    return number;
}

void Server::run() { impl_->serve(); }

void Server::reload_certificates() {
    if (!impl_->engine.tls) return;
    try {
        impl_->engine.tls->reload();
        base::log_info("new connections get the TLS certificate of " + impl_->options.tls.certificate + " as it is now");
    } catch (const base::Error& error) {
        base::log_error(error.message() + "; the certificate that was read before stays in use");
    }
}

void Server::stop() { impl_->listener.stop(); }

}  // namespace app::http
