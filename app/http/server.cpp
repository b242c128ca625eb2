#include "app/http/server.hpp"

#include <httplib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "app/base/clock.hpp"
#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/secret.hpp"
#include "app/web/status.hpp"

namespace app::http {
namespace {

using base::Code;
using base::Error;

// SO_REUSEADDR alone: httplib would set SO_REUSEPORT, with which two servers share a port and neither notices.
void set_socket_options(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

[[noreturn]] void refuse(const ServerOptions& options, int error) {
    const std::string port = std::to_string(options.port);
    if (error == EADDRINUSE) {
        throw Error(Code::unavailable,
                    "port " + port + " on " + options.host + " is in use by another program; choose another one with --port");
    }
    if (error == EACCES) {
        throw Error(
            Code::unavailable,
            "port " + port + " needs privileges; choose one from 1024 on with --port, and let a proxy serve port " + port);
    }
    if (error == EADDRNOTAVAIL) {
        throw Error(Code::unavailable,
                    options.host + " is no address of this machine; use --host 0.0.0.0 for all of them, or 127.0.0.1");
    }
    throw Error(Code::unavailable, "cannot listen on " + options.host + " port " + port + ": " + std::strerror(error));
}

// Binds and lets go again: httplib does not say why it could not bind.
void check_address(const ServerOptions& options) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int failure = ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found)) {
        throw Error(Code::unavailable, "host \"" + options.host + "\" is not known (" + ::gai_strerror(failure) +
                                           "); use --host 0.0.0.0 for all addresses of this machine, or 127.0.0.1");
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, ::freeaddrinfo};
    int error = 0;
    for (const addrinfo* address = found; address; address = address->ai_next) {
        const int probe = ::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
        if (probe < 0) {
            error = errno;
            continue;
        }
        set_socket_options(probe);
        const bool bound = ::bind(probe, address->ai_addr, address->ai_addrlen) == 0;
        error = errno;
        ::close(probe);
        if (bound) return;
    }
    refuse(options, error);
}

// What httplib would act on by itself while it reads a body (unzip it, take a form apart) is put out of its sight: under a name that
// begins with a tab, as no header's does.
constexpr char hidden = '\t';

void hide(httplib::Headers& headers, const std::string& name) {
    while (auto header = headers.extract(name)) {
        header.key().insert(0, 1, hidden);
        headers.insert(std::move(header));
    }
}

// What httplib is to see of a request, once its head is read. Routing happens on the raw target, in app/web: httplib sees one path
// for all, so that its regex never runs over what a client sent; and neither cuts ranges out of answers nor compresses them, which
// it does badly.
void prepare(httplib::Request& request) {
    request.path = "/";
    request.ranges.clear();
    request.headers.erase("Accept-Encoding");
    hide(request.headers, "Content-Type");
    hide(request.headers, "Content-Encoding");
    // RFC 9112 section 6.3: no body. httplib would wait for the end of the connection.
    if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding"))
        request.set_header("Content-Length", "0");
}

// The request as the application sees it: views into httplib's.
web::Request to_request(const httplib::Request& from, std::string_view id) {
    web::Request request;
    request.method = from.method;
    request.target = from.target;
    request.body = from.body;
    request.peer = from.remote_addr;
    request.id = id;
    for (const auto& [name, value] : from.headers) {
        // httplib adds these four to what the client sent.
        if (name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT") continue;
        request.headers.push_back({std::string_view{name}.substr(name.starts_with(hidden) ? 1 : 0), value});
    }
    return request;
}

void write(web::Response&& from, bool is_head, httplib::Response& to) {
    to.status = from.status;
    to.set_header("Date", base::http_date(base::now()));
    std::size_t head_length = 0;
    for (auto& [name, value] : from.headers) {
        if (name == "Content-Length") {
            head_length = std::stoull(value);
        } else {
            to.headers.emplace(std::move(name), std::move(value));
        }
    }
    if (is_head && head_length > 0) {
        const std::string content_type = to.get_header_value("Content-Type");
        to.headers.erase("Content-Type");  // it is added again
        to.set_content_provider(head_length, content_type, [](std::size_t, std::size_t, httplib::DataSink&) { return true; });
    } else {
        to.body = std::move(from.body);
    }
}

// httplib's server, which by itself lets five clients wait to be accepted (a sixth one's connection may be reset), and never closes a
// port that it did not serve.
class Listener : public httplib::Server {
   public:
    void lengthen_queue() { ::listen(svr_sock_, SOMAXCONN); }
    void close_port() {
        if (svr_sock_ != INVALID_SOCKET) ::close(svr_sock_);
    }
};

}  // namespace

struct Server::Impl {
    ServerOptions options;
    Handler handler;
    Listener server;
    std::string id_prefix = base::random_token(3) + "-";
    std::atomic<std::uint64_t> requests{0};
    std::atomic<bool> stopping{false};
    std::atomic<bool> running{false};
    std::atomic<bool> listened{false};

    void answer(const httplib::Request& request, httplib::Response& response) {
        const std::string id = id_prefix + std::to_string(requests.fetch_add(1, std::memory_order_relaxed) + 1);
        write(handler(to_request(request, id)), request.method == "HEAD", response);
    }

    void set_up() {
        server.new_task_queue = [workers = options.workers] {
            return new httplib::ThreadPool(static_cast<std::size_t>(workers));
        };
        server.set_socket_options(set_socket_options);
        server.set_tcp_nodelay(true);
        server.set_keep_alive_max_count(1000);
        server.set_keep_alive_timeout(2);
        server.set_payload_max_length(static_cast<std::size_t>(options.body_bytes_max));
        server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response&) {
            prepare(const_cast<httplib::Request&>(request));
            return httplib::Server::HandlerResponse::Unhandled;
        });
        const auto handle = [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); };
        server.Get("/", handle).Post("/", handle).Put("/", handle).Patch("/", handle).Delete("/", handle).Options("/", handle);
        server.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
            if (response.has_header("Date")) return;  // the application's own answer
            response.set_header("Date", base::http_date(base::now()));
            response.set_content(std::string(web::reason_phrase(response.status)) + "\n", "text/plain; charset=utf-8");
            base::log_access({.method = request.method,
                              .path = std::string_view{request.target}.substr(0, request.target.find('?')),
                              .status = response.status,
                              .body_bytes = static_cast<std::int64_t>(response.body.size()),
                              .duration_us = 0,
                              .request_id = {},
                              .peer = request.remote_addr});
        });
    }
};

Server::Server(ServerOptions options, Handler handler) : impl_(std::make_unique<Impl>()) {
    impl_->options = std::move(options);
    impl_->handler = std::move(handler);
    impl_->set_up();
}

Server::~Server() {
    stop();
    if (!impl_->listened) impl_->server.close_port();
}

int Server::bind() {
    const ServerOptions& options = impl_->options;
    check_address(options);
    int port = options.port;
    if (port == 0) {
        port = impl_->server.bind_to_any_port(options.host);
        if (port <= 0) refuse(options, errno);
    } else if (!impl_->server.bind_to_port(options.host, port)) {
        refuse(options, EADDRINUSE);
    }
    impl_->server.lengthen_queue();
    return port;
}

void Server::run() {
    impl_->running = true;
    if (!impl_->stopping) {
        impl_->listened = true;
        impl_->server.listen_after_bind();
    }
    impl_->running = false;
}

void Server::stop() {
    if (impl_->stopping.exchange(true)) return;
    // httplib forgets a stop that comes between run's beginning and its own.
    while (impl_->running && !impl_->server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    impl_->server.stop();
}

}  // namespace app::http
