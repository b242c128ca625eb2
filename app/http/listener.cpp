#include "app/http/listener.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
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

// httplib binds; nothing is accepted by it. Its destructor does not close the port.
struct Binder : httplib::Server {
    Binder() { set_socket_options(http::set_socket_options); }
    ~Binder() override {
        if (svr_sock_ != INVALID_SOCKET) ::close(svr_sock_);
    }
    int take() { return svr_sock_.exchange(INVALID_SOCKET); }
};

// Of a connection that was gone again, or that another process took.
bool is_passing(int error) {
    return error == EAGAIN || error == EINTR || error == ECONNABORTED || error == EPROTO || error == EPERM;
}

bool is_exhausted(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

int option_of(int socket, int option) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

Port open_port(const std::string& host, int port, int backlog) {
    check_address(host, port);
    Binder binder;
    if (port == 0 ? binder.bind_to_any_port(host) <= 0 : !binder.bind_to_port(host, port)) {
        refuse(host, port, port == 0 ? errno : EADDRINUSE);
    }
    Port opened{base::Descriptor(binder.take())};
    ::fcntl(opened.socket(), F_SETFD, FD_CLOEXEC);
    ::listen(opened.socket(), backlog);  // httplib asked for a backlog of 5
    return opened;
}

Port::Port(base::Descriptor socket) : socket_(std::move(socket)) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const bool listens = option_of(socket_.get(), SO_TYPE) == SOCK_STREAM && option_of(socket_.get(), SO_ACCEPTCONN) == 1 &&
                         ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (!listens || (address.ss_family != AF_INET && address.ss_family != AF_INET6)) {
        throw Error(Code::invalid, "descriptor " + std::to_string(socket_.get()) +
                                       " was handed over as the port to serve, but it is no listening TCP socket");
    }
    char host[NI_MAXHOST];
    char number[NI_MAXSERV];
    ::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, number, sizeof number,
                  NI_NUMERICHOST | NI_NUMERICSERV);
    host_ = host;
    number_ = std::atoi(number);
}

Listener::Listener(std::function<void(int)> accept)
    : accept_(std::move(accept)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Listener::listen(Port port) {
    // For all who share the port: who finds that another has taken the connection does not wait for the next one.
    ::fcntl(port.socket(), F_SETFL, ::fcntl(port.socket(), F_GETFL) | O_NONBLOCK);
    port_ = std::move(port);
}

void Listener::run() {
    while (!stopping_) {
        const int socket = ::accept4(port_->socket(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) {
            accept_(socket);
            continue;
        }
        const int error = errno;
        if (error == EAGAIN) {
            wait_for_connection();
        } else if (!is_passing(error)) {
            if (!is_exhausted(error))
                base::log_warning(std::string("accepting connections failed for a moment: ") + std::strerror(error));
            wait_for_stop(is_exhausted(error) ? 1 : 100);
        }
    }
    port_.reset();  // who connects from now on is refused at once instead of waiting, unless another listens there too
}

void Listener::stop() {
    stopping_ = true;
    const std::uint64_t one = 1;
    // EAGAIN: it is awake, and has more to do than a counter can hold.
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void Listener::wait_for_connection() const {
    std::array<pollfd, 2> sources{{{port_->socket(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), -1);  // whatever it says, accept says more
}

void Listener::wait_for_stop(int wait_ms) const {
    pollfd source{wake_.get(), POLLIN, 0};
    ::poll(&source, 1, wait_ms);
}

}  // namespace app::http
