// How a connection comes to a loop, and how it goes.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "app/http/loop.hpp"

namespace app::http {
namespace {

// The address of the other end; "" when it is gone already.
void write_peer(int socket, char (&text)[INET6_ADDRSTRLEN]) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
    if (address.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
        return;
    }
    const in6_addr& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        ::inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text);
    } else {
        ::inet_ntop(AF_INET6, &v6, text, sizeof text);
    }
}

}  // namespace

void Loop::admit(int socket) {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    const Limits& limits = engine_.limits;
    char peer[INET6_ADDRSTRLEN] = "";
    write_peer(socket, peer);
    engine_.counts.connections_accepted.add();
    if (engine_.counts.connections_open >= static_cast<std::int64_t>(limits.connections_max)) {
        engine_.counts.turned_away_for_all.add();
        return turn_away(socket, "the server has too many connections");
    }
    if (limits.connections_per_address_max > 0 && !engine_.addresses.try_add(peer, limits.connections_per_address_max)) {
        engine_.counts.turned_away_for_their_address.add();
        return turn_away(socket, "the server has too many connections from this address");
    }
    ++engine_.counts.connections_open;
    if (free_places_.empty()) {
        free_places_.push_back(static_cast<std::uint32_t>(connections_.size()));
        connections_.emplace_back().place = free_places_.back();
    }
    Connection& connection = connections_[free_places_.back()];
    free_places_.pop_back();
    ++open_count_;
    connection.socket = socket;
    connection.enter(engine_.tls ? Phase::handshake : Phase::idle, now_);
    std::memcpy(connection.peer, peer, sizeof peer);
    if (engine_.tls) {
        connection.tls = engine_.tls->accept(socket);
        if (!connection.tls) return close(connection);
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;  // edges: never changed again, so no further system call
    event.data.u64 = connection.place;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) close(connection);
}

void Loop::close(Connection& connection) noexcept {
    if (!connection.open()) return;
    if (connection.tls) connection.tls->finish();  // as far as the socket takes it
    connection.exchange.reset();
    account(connection);
    if (engine_.limits.connections_per_address_max > 0) engine_.addresses.remove(connection.peer);
    ::close(connection.socket);
    const std::uint32_t place = connection.place, generation = connection.generation + 1;
    connection = Connection{};
    connection.place = place;
    connection.generation = generation;
    free_places_.push_back(place);
    --open_count_;
    --engine_.counts.connections_open;
}

}  // namespace app::http
