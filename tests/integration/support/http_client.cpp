#include "tests/integration/support/http_client.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "app/base/text.hpp"
#include "app/web/json.hpp"

namespace tests {
namespace {

constexpr int patience_s = 30;

std::string to_bytes(std::string_view method, std::string_view target, const Headers& headers,
                     std::optional<std::string_view> body) {
    std::string bytes;
    bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    for (const auto& [name, value] : headers) bytes.append(name).append(": ").append(value).append("\r\n");
    if (body) bytes.append("Content-Length: ").append(std::to_string(body->size())).append("\r\n");
    return bytes.append("\r\n").append(body.value_or(""));
}

Answer parse_head(std::string_view head) {
    Answer answer;
    const auto lines_end = [&] { return std::min(head.find("\r\n"), head.size()); };
    const std::string_view status_line = head.substr(0, lines_end());
    if (!status_line.starts_with("HTTP/1.1 ") || status_line.size() < 12) {
        throw std::runtime_error("no HTTP answer: " + std::string(head.substr(0, 200)));
    }
    answer.status = std::stoi(std::string(status_line.substr(9, 3)));
    answer.reason = std::string(status_line.substr(std::min<std::size_t>(13, status_line.size())));
    for (head.remove_prefix(status_line.size()); head.size() > 2; head.remove_prefix(lines_end())) {
        head.remove_prefix(2);
        const std::string_view line = head.substr(0, lines_end());
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) throw std::runtime_error("no header: " + std::string(line));
        answer.headers.emplace_back(line.substr(0, colon), app::base::trim(line.substr(colon + 1)));
    }
    return answer;
}

}  // namespace

std::string Answer::header(std::string_view name) const {
    std::string joined;
    for (const auto& [key, value] : headers) {
        if (!app::base::equal_ignoring_case(key, name)) continue;
        if (!joined.empty()) joined += ", ";
        joined += value;
    }
    return joined;
}

bool Answer::has(std::string_view name) const {
    return std::ranges::any_of(headers,
                               [name](const Header& header) { return app::base::equal_ignoring_case(header.first, name); });
}

app::web::Value Answer::json() const { return app::web::parse_json(body); }

Connection::Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = patience_s, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // each send is a packet of its own, at once
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(socket_);
        throw std::system_error(error, std::generic_category(), "connect");
    }
}

Connection::~Connection() {
    if (socket_ >= 0) ::close(socket_);
}

void Connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = write_some(bytes);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server does not read");
        if (sent < 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Connection::finish_sending() { ::shutdown(socket_, SHUT_WR); }

void Connection::reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

ssize_t Connection::write_some(std::string_view bytes) { return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

ssize_t Connection::read_some(char* buffer, std::size_t size) { return ::recv(socket_, buffer, size, 0); }

bool Connection::receive_some() {
    char buffer[16384];
    const ssize_t count = read_some(buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        throw std::runtime_error("the server is silent after: " + received_.substr(0, 200));
    }
    if (count > 0) received_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
}

Answer Connection::receive(bool is_head) {
    std::size_t head_end = 0;
    while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive_some()) throw std::runtime_error("the server closed after: " + received_.substr(0, 200));
    }
    Answer answer = parse_head(std::string_view{received_}.substr(0, head_end));
    received_.erase(0, head_end + 4);
    const std::size_t length = is_head || !answer.has("Content-Length") ? 0 : std::stoull(answer.header("Content-Length"));
    while (received_.size() < length && receive_some()) continue;
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    return answer;
}

std::string Connection::receive_all() {
    while (receive_some()) continue;
    return std::move(received_);
}

std::string raw_exchange(int port, std::string_view bytes) {
    Connection connection{port};
    connection.send(bytes);
    return connection.receive_all();
}

Answer parse_answer(std::string_view bytes) {
    const auto head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos)
        throw std::runtime_error("no whole HTTP answer: " + std::string(bytes.substr(0, 200)));
    Answer answer = parse_head(bytes.substr(0, head_end));
    answer.body = std::string(bytes.substr(head_end + 4));
    return answer;
}

Header basic(std::string_view name, std::string_view password) {
    return {"Authorization", "Basic " + app::base::base64_encode(std::string(name) + ":" + std::string(password))};
}

Answer Client::request(std::string_view method, std::string_view target, const Headers& headers,
                       std::optional<std::string_view> body) const {
    Headers all{{"Host", "127.0.0.1:" + std::to_string(port_)}, {"Connection", "close"}};
    all.insert(all.end(), headers_.begin(), headers_.end());
    all.insert(all.end(), headers.begin(), headers.end());
    Answer answer = parse_answer(raw_exchange(port_, to_bytes(method, target, all, body)));
    INFO(method, " ", target, " ", answer.status);
    if (!target.starts_with("/auth/")) CHECK_FALSE(answer.has("Set-Cookie"));
    CHECK(answer.header("Date").ends_with(" GMT"));
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.has("X-Request-Id"));
    if (method == "HEAD" || answer.status == 204 || answer.status == 304) {
        CHECK(answer.body.empty());
    } else {
        CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
    }
    return answer;
}

Answer Client::post(std::string_view target, std::string_view json, Headers headers) const {
    headers.emplace_back("Content-Type", "application/json");
    return request("POST", target, headers, json);
}

Answer Client::put(std::string_view target, std::string_view json, Headers headers) const {
    headers.emplace_back("Content-Type", "application/json");
    return request("PUT", target, headers, json);
}

Client Client::with(Header header) const {
    Client other = *this;
    other.headers_.push_back(std::move(header));
    return other;
}

}  // namespace tests
