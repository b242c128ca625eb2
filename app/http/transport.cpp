#include "app/http/transport.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "app/http/connection.hpp"

namespace app::http {
namespace {

// Runs a system call that moves bytes until no signal interrupts it.
template <class Call>
Transfer transfer(Call call) noexcept {
    for (;;) {
        const ssize_t count = call();
        if (count > 0) return {Outcome::done, static_cast<std::size_t>(count)};
        if (count == 0) return {Outcome::closed, 0};
        if (errno != EINTR) return {errno == EAGAIN ? Outcome::again : Outcome::closed, 0};
    }
}

}  // namespace

Transfer receive(Connection& connection, char* buffer, std::size_t size) noexcept {
    if (connection.tls) return connection.tls->receive(buffer, size);
    return transfer([&] { return ::recv(connection.socket, buffer, size, 0); });
}

Transfer send(Connection& connection, std::string_view bytes) noexcept {
    if (connection.tls) return connection.tls->send(bytes);
    return transfer([&] { return ::send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
}

Outcome finish_sending(Connection& connection) noexcept {
    if (connection.tls && connection.tls->finish() == Outcome::again) return Outcome::again;
    connection.tls.reset();
    ::shutdown(connection.socket, SHUT_WR);
    return Outcome::done;
}

}  // namespace app::http
