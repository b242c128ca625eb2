#include "tests/bench/http.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

std::string_view header(std::string_view head, std::string_view name_and_blank) {
    const auto found = head.find(name_and_blank);
    if (found == std::string_view::npos) return {};
    head.remove_prefix(found + name_and_blank.size());
    return head.substr(0, head.find('\r'));
}

}  // namespace

int checked(int result) {
    if (result < 0) throw std::runtime_error(std::strerror(errno));
    return result;
}

int listen_on(int port) {
    const int listener = checked(::socket(AF_INET, SOCK_STREAM, 0));
    const int yes = 1;
    checked(::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
    checked(::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes));  // accepted sockets inherit it
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    checked(::listen(listener, SOMAXCONN));
    return listener;
}

std::int64_t number_of(std::string_view digits) {
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

bool read_request(std::string_view input, Request& request) {
    const auto end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view head = input.substr(0, end + 2);
    request.is_post = head.starts_with("POST");
    request.body = input.substr(end + 4);
    if (request.is_post && static_cast<std::int64_t>(request.body.size()) < number_of(header(head, "Content-Length: "))) {
        return false;
    }
    const std::size_t start = request.is_post ? 5 : 4;
    request.target = head.substr(start, head.find(' ', 5) - start);
    request.credentials = header(head, "Authorization: Basic ");
    return true;
}

void append_response(std::string& out, std::string_view status, std::string_view json) {
    out.append("HTTP/1.1 ").append(status).append("\r\nContent-Type: application/json\r\nContent-Length: ");
    out.append(std::to_string(json.size())).append("\r\n\r\n").append(json);
}

}  // namespace bench
