#include "tests/soak/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "app/base/text.hpp"

namespace soak {
namespace {

constexpr int patience_s = 30;

// Of the first header of that name, in the spelling of our server; "" if there is none.
std::string_view value_of(std::string_view head, std::string_view name) {
    const auto begin = head.find("\r\n" + std::string(name) + ": ");
    if (begin == std::string_view::npos) return {};
    head.remove_prefix(begin + name.size() + 4);
    return head.substr(0, head.find("\r\n"));
}

}  // namespace

Socket::Socket(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = patience_s, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(socket_);
        throw std::system_error(error, std::generic_category(), "connect");
    }
}

Socket::~Socket() {
    if (socket_ >= 0) ::close(socket_);
}

bool Socket::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server does not read");
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string Socket::receive() const {
    std::string bytes(16384, '\0');
    for (;;) {
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server is silent");
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return bytes;
    }
}

void Socket::finish_sending() const { ::shutdown(socket_, SHUT_WR); }

void Socket::reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

Answer Client::request(std::string_view bytes) {
    const bool was_used = socket_ != nullptr;
    if (!was_used) socket_ = std::make_unique<Socket>(port_);
    Answer answer;
    bool answered = exchange(bytes, answer);
    if (!answered && was_used) {
        ++repeated_;
        socket_ = std::make_unique<Socket>(port_);
        answered = exchange(bytes, answer);
    }
    if (!answered) throw std::runtime_error("the server closed a new connection without a word");
    if (value_of(answer.head, "Connection") == "close") close();
    return answer;
}

// False when the server closed before the first byte of an answer.
bool Client::exchange(std::string_view bytes, Answer& answer) {
    socket_->send(bytes);  // whoever has closed may have answered before
    std::string received;
    std::size_t head_end = 0;
    while ((head_end = received.find("\r\n\r\n")) == std::string::npos) {
        const std::string more = socket_->receive();
        if (more.empty() && received.empty()) return false;
        if (more.empty()) throw std::runtime_error("the server closed within an answer: " + received.substr(0, 100));
        received += more;
    }
    answer.head = received.substr(0, head_end + 2);
    if (!answer.head.starts_with("HTTP/1.1 ")) throw std::runtime_error("no HTTP answer: " + answer.head.substr(0, 100));
    answer.status = static_cast<int>(app::base::parse_integer(answer.head.substr(9, 3)).value_or(0));
    const auto length = static_cast<std::size_t>(app::base::parse_integer(value_of(answer.head, "Content-Length")).value_or(0));
    received.erase(0, head_end + 4);
    const bool has_body = answer.status != 304 && answer.status != 204;
    while (has_body && received.size() < length) {
        const std::string more = socket_->receive();
        if (more.empty()) throw std::runtime_error("the server closed within a body");
        received += more;
    }
    answer.body = std::move(received);
    return true;
}

}  // namespace soak
