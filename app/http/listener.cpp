#include "app/http/listener.hpp"

#include <httplib.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/log.hpp"

namespace app::http {
namespace {

using base::Code;
using base::Error;

// SO_REUSEADDR alone: httplib would set SO_REUSEPORT, with which two servers share a port and neither notices.
void set_socket_options(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

[[noreturn]] void refuse(const std::string& host, int port, int error) {
    const std::string number = std::to_string(port);
    if (error == EADDRINUSE) {
        throw Error(Code::unavailable,
                    "port " + number + " on " + host + " is in use by another program; choose another one with --port");
    }
    if (error == EACCES) {
        throw Error(
            Code::unavailable,
            "port " + number + " needs privileges; choose one from 1024 on with --port, and let a proxy serve port " + number);
    }
    if (error == EADDRNOTAVAIL) {
        throw Error(Code::unavailable, host + " is no address of this machine; use --host 0.0.0.0 for all of them, or 127.0.0.1");
    }
    throw Error(Code::unavailable, "cannot listen on " + host + " port " + number + ": " + std::strerror(error));
}

// Binds and lets go again: httplib does not say why it could not bind.
void check_address(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
        throw Error(Code::unavailable, "host \"" + host + "\" is not known (" + ::gai_strerror(failure) +
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
    refuse(host, port, error);
}

// Runs each task at once, on the accepting thread: all that it does is to hand a socket on.
class InlineQueue : public httplib::TaskQueue {
   public:
    using Result = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>{}));  // void, or bool since 0.14

    Result enqueue(std::function<void()> task) override {
        task();
        return static_cast<Result>(true);
    }
    void shutdown() override {}
};

}  // namespace

struct Listener::Impl : httplib::Server {
    std::function<void(int)> accept;
    int kept_port = -1;  // a second descriptor of the port: httplib closes its own when accept fails
    std::atomic<bool> stopping{false};
    std::atomic<bool> running{false};

    bool process_and_close_socket(socket_t socket) override {
        accept(socket);
        return true;
    }
    void close_port() {
        if (svr_sock_ != INVALID_SOCKET) ::close(svr_sock_.exchange(INVALID_SOCKET));
        if (kept_port >= 0) ::close(std::exchange(kept_port, -1));
    }
    void keep_port(int backlog) {
        kept_port = ::fcntl(svr_sock_, F_DUPFD_CLOEXEC, 0);
        ::listen(kept_port, backlog);  // httplib asked for a backlog of 5
    }
    void restore_port() { svr_sock_ = ::fcntl(kept_port, F_DUPFD_CLOEXEC, 0); }
    bool has_port() const { return svr_sock_ != INVALID_SOCKET; }
};

Listener::Listener(std::function<void(int)> accept) : impl_(std::make_unique<Impl>()) {
    impl_->accept = std::move(accept);
    impl_->new_task_queue = [] { return std::make_unique<InlineQueue>().release(); };  // httplib deletes it
    impl_->set_socket_options(set_socket_options);
}

Listener::~Listener() { impl_->close_port(); }

int Listener::bind(const std::string& host, int port, int backlog) {
    check_address(host, port);
    int bound = port;
    if (port == 0) {
        bound = impl_->bind_to_any_port(host);
        if (bound <= 0) refuse(host, port, errno);
    } else if (!impl_->bind_to_port(host, port)) {
        refuse(host, port, EADDRINUSE);
    }
    impl_->keep_port(backlog);
    return bound;
}

void Listener::run() {
    impl_->running = true;
    while (!impl_->stopping) {
        impl_->listen_after_bind();
        if (impl_->stopping) break;
        base::log_warning("accepting connections failed for a moment; going on");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        impl_->restore_port();
    }
    impl_->running = false;
    impl_->close_port();  // who connects from now on is refused at once instead of waiting
}

void Listener::stop() {
    impl_->stopping = true;
    // httplib forgets a stop that comes between run's beginning and its own.
    while (impl_->running && !impl_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    impl_->httplib::Server::stop();
}

}  // namespace app::http
