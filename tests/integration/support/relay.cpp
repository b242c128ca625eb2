#include "tests/integration/support/relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace tests {
namespace {

constexpr int interval_ms = 5;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

void check(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

// A segment is sent at once, so that the relay adds no delay of its own.
void hurry(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;  // its end shows at the next read
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

Relay::Relay(int server_port) : server_port_(server_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    check(::bind(listener_, name, size), "bind");
    check(::listen(listener_, 128), "listen");
    check(::getsockname(listener_, name, &size), "getsockname");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
    is_over_ = true;
    thread_.join();
    for (Pair& pair : pairs_) close(pair);
    ::close(listener_);
}

void Relay::fall_silent() {
    const std::lock_guard lock(mutex_);
    is_silent_ = true;
    for (Pair& pair : pairs_) pair.is_silent = true;
}

void Relay::resume() {
    const std::lock_guard lock(mutex_);
    is_silent_ = false;
    for (Pair& pair : pairs_) {
        if (pair.is_silent) close(pair);
    }
}

void Relay::fall_silent_at(std::string bytes, Last last) {
    const std::lock_guard lock(mutex_);
    last_bytes_ = std::move(bytes);
    last_ = last;
    has_met_ = false;
}

void Relay::run() {
    while (!is_over_) {
        std::vector<pollfd> sockets{{.fd = listener_, .events = POLLIN, .revents = 0}};
        {
            const std::lock_guard lock(mutex_);
            pairs_.remove_if([](const Pair& pair) { return pair.client < 0; });
            for (const Pair& pair : pairs_) {
                if (pair.is_silent) continue;
                sockets.push_back({.fd = pair.client, .events = POLLIN, .revents = 0});
                sockets.push_back({.fd = pair.server, .events = POLLIN, .revents = 0});
            }
        }
        if (::poll(sockets.data(), sockets.size(), interval_ms) <= 0) continue;
        const std::lock_guard lock(mutex_);
        if (sockets[0].revents != 0) accept();
        for (Pair& pair : pairs_) {
            if (!pair.is_silent && pair.client >= 0) pass(pair);
        }
    }
}

void Relay::accept() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(server_port_);
    Pair& pair = pairs_.emplace_back(Pair{client, server, is_silent_});
    hurry(client);
    hurry(server);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close(pair);
}

void Relay::pass(Pair& pair) {
    char bytes[65536];
    for (const bool from_client : {true, false}) {
        const ssize_t size = ::recv(from_client ? pair.client : pair.server, bytes, sizeof bytes, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (size <= 0) return close(pair);
        const std::string_view received(bytes, static_cast<std::size_t>(size));
        const bool is_last = from_client && !last_bytes_.empty() && received.find(last_bytes_) != std::string_view::npos;
        if (!is_last || last_ == Last::delivered) send_all(from_client ? pair.server : pair.client, received);
        if (!is_last) continue;
        last_bytes_.clear();
        pair.is_silent = true;
        has_met_ = true;
        return;
    }
}

void Relay::close(Pair& pair) {
    if (pair.client < 0) return;
    ::close(pair.client);
    ::close(pair.server);
    pair.client = pair.server = -1;
}

}  // namespace tests
