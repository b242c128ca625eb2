#include "manage/service_manager.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Descriptor;
using app::base::Error;

constexpr std::size_t message_bytes_max = 4096;

std::string take_variable(const char* name) {
    const char* value = std::getenv(name);
    std::string taken = value == nullptr ? "" : value;
    ::unsetenv(name);
    return taken;
}

struct UnixAddress {
    sockaddr_un address{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

bool is_notify_address(std::string_view text) {
    return text.size() > 1 && (text.front() == '/' || text.front() == '@') && text.size() < sizeof sockaddr_un{}.sun_path;
}

// "@name" is the abstract address of that name, which begins with a zero byte and has no end but its size (unix(7)).
UnixAddress unix_address(const std::string& text) {
    UnixAddress result;
    result.address.sun_family = AF_UNIX;
    std::memcpy(result.address.sun_path, text.data(), text.size());
    if (text.front() == '@') result.address.sun_path[0] = '\0';
    result.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + (text.front() == '@' ? 0 : 1));
    return result;
}

Descriptor datagram_socket() { return Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

std::string address_of(int socket) {
    UnixAddress bound;
    bound.size = sizeof bound.address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound.address), &bound.size);
    return "@" + std::string(bound.address.sun_path + 1, bound.size - offsetof(sockaddr_un, sun_path) - 1);
}

// The sender's process, which the kernel adds to a message for who asked with SO_PASSCRED.
pid_t sender_of(const msghdr& message) {
    const cmsghdr* part = CMSG_FIRSTHDR(&message);
    if (part == nullptr || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS) return 0;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(part), sizeof sender);
    return sender.pid;
}

}  // namespace

bool is_of_service_manager() {
    const char* pid = std::getenv("SYSTEMD_EXEC_PID");
    return pid != nullptr && pid == std::to_string(::getpid());
}

std::optional<app::http::Port> take_port() {
    const std::string pid = take_variable("LISTEN_PID"), count = take_variable("LISTEN_FDS");
    take_variable("LISTEN_FDNAMES");
    if (pid != std::to_string(::getpid()) || count.empty()) return std::nullopt;  // meant for another process
    if (count != "1") {
        throw Error(Code::invalid, count + " sockets were handed over (LISTEN_FDS); runserver serves one: name one ListenStream");
    }
    ::fcntl(first_handed_over, F_SETFD, FD_CLOEXEC);
    return app::http::Port(Descriptor(first_handed_over));
}

Notifier Notifier::of_environment() {
    Notifier notifier;
    notifier.address_ = take_variable("NOTIFY_SOCKET");
    if (!notifier.address_.empty() && !is_notify_address(notifier.address_)) {
        throw Error(Code::invalid, "NOTIFY_SOCKET is \"" + notifier.address_ + "\": it must be an absolute path or begin with @");
    }
    return notifier;
}

void Notifier::tell(std::string_view lines) const {
    if (address_.empty()) return;
    const Descriptor socket = datagram_socket();
    const UnixAddress to = unix_address(address_);
    const auto sent = ::sendto(socket.get(), lines.data(), lines.size(), MSG_NOSIGNAL, to.get(), to.size);
    if (sent < 0) {
        const std::string reason = app::base::system_message(errno);
        app::base::log_warning("who started this server was not told \"" + std::string(lines) + "\": " + reason);
    }
}

NotifySocket::NotifySocket()
    : NotifySocket([] {
          Descriptor socket = datagram_socket();
          sockaddr_un any{};
          any.sun_family = AF_UNIX;
          // Of no more than the family: the kernel chooses an abstract address (unix(7), "Autobind").
          if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any.sun_family) != 0) {
              throw Error(Code::unavailable, "cannot listen for the server's messages: " + app::base::system_message(errno));
          }
          return socket;
      }()) {}

NotifySocket::NotifySocket(Descriptor socket) : socket_(std::move(socket)), address_(address_of(socket_.get())) {
    const int yes = 1;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
    ::fcntl(socket_.get(), F_SETFD, FD_CLOEXEC);
}

bool NotifySocket::Message::has(std::string_view line) const {
    for (const std::string_view one : app::base::split(lines, '\n')) {
        if (one == line) return true;
    }
    return false;
}

std::string NotifySocket::Message::value(std::string_view name) const {
    for (const std::string_view one : app::base::split(lines, '\n')) {
        if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') {
            return std::string(one.substr(name.size() + 1));
        }
    }
    return "";
}

std::optional<NotifySocket::Message> NotifySocket::receive() const {
    std::array<char, message_bytes_max> text;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control;
    iovec part{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
    if (size < 0) return std::nullopt;
    return Message{sender_of(message), std::string(text.data(), static_cast<std::size_t>(size))};
}

}  // namespace manage
