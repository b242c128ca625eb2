#include "app/http/loop.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/base/error.hpp"
#include "app/base/thread.hpp"

namespace app::http {
namespace {

constexpr std::uint64_t wake_mark = ~std::uint64_t{0};
constexpr auto sweep_interval = std::chrono::milliseconds(250);
constexpr auto linger_timeout = std::chrono::seconds(2);
constexpr auto idle_before_drain_closes = std::chrono::seconds(1);
constexpr auto turn_of_a_connection = std::chrono::milliseconds(2);

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

Loop::Loop(Engine& engine)
    : engine_(engine), epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = wake_mark;
    if (epoll_ < 0 || wake_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
        throw base::Error(base::Code::unavailable, std::string("the server cannot start an event loop: ") + std::strerror(errno));
    }
    thread_ = base::start_thread([this] { run(); });
}

Loop::~Loop() {
    drain(std::chrono::milliseconds(0));
    join();
    ::close(epoll_);
    ::close(wake_);
}

void Loop::adopt(int socket) {
    Message message;
    message.socket = socket;
    post(std::move(message));
}

void Loop::drain(std::chrono::milliseconds grace) {
    {
        const std::lock_guard lock(mutex_);
        drain_grace_ = grace;
    }
    wake();
}

void Loop::join() {
    if (thread_.joinable()) thread_.join();
}

void Loop::wake() noexcept {
    const std::uint64_t one = 1;
    // EAGAIN: it is awake, and has more to do than a counter can hold.
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Loop::post(Message message) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = inbox_.empty();
        inbox_.push_back(std::move(message));
    }
    if (first) wake();
}

void Loop::run() {
    std::array<epoll_event, 256> events;
    for (;;) {
        now_ = Clock::now();
        take_messages();
        if (draining_) drain_idle();
        engine_.service.end_turn();
        if (draining_ && (open_count_ == 0 || now_ >= drain_until_)) break;
        const int timeout_ms = !put_off_.empty()  ? 0
                               : draining_        ? 20
                               : open_count_ == 0 ? -1
                                                  : static_cast<int>(sweep_interval.count());
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
        now_ = Clock::now();
        for (int i = 0; i < count; ++i) {
            if (events[i].data.u64 == wake_mark) {
                std::uint64_t ignored = 0;
                [[maybe_unused]] const auto taken = ::read(wake_, &ignored, sizeof ignored);
            } else {
                on_event(static_cast<std::uint32_t>(events[i].data.u64), events[i].events);
            }
        }
        serve_put_off();
        if (now_ >= next_sweep_) sweep();
    }
    for (Connection& connection : connections_) close(connection);
}

void Loop::take_messages() {
    std::vector<Message> messages;
    {
        const std::lock_guard lock(mutex_);
        messages.swap(inbox_);
        if (drain_grace_) {
            draining_ = true;
            drain_until_ = now_ + *drain_grace_;
            drain_grace_.reset();
        }
    }
    for (Message& message : messages) {
        if (message.socket >= 0) {
            admit(message.socket);
            continue;
        }
        Connection& connection = connections_[message.place];
        if (!connection.open() || connection.generation != message.generation) continue;  // it did not wait for its answer
        out_ += message.bytes;
        connection.closing = connection.closing || !message.keep_alive || draining_;
        connection.enter(Phase::idle, now_);
        turn_end_ = Clock::now() + turn_of_a_connection;
        go_on(connection);
    }
}

void Loop::admit(int socket) {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    const Limits& limits = engine_.limits;
    char peer[INET6_ADDRSTRLEN] = "";
    write_peer(socket, peer);
    if (engine_.connection_count >= static_cast<std::int64_t>(limits.connections_max)) {
        return turn_away(socket, "the server has too many connections");
    }
    if (limits.connections_per_address_max > 0 && !engine_.addresses.try_add(peer, limits.connections_per_address_max)) {
        return turn_away(socket, "the server has too many connections from this address");
    }
    ++engine_.connection_count;
    if (free_places_.empty()) {
        free_places_.push_back(static_cast<std::uint32_t>(connections_.size()));
        connections_.emplace_back().place = free_places_.back();
    }
    Connection& connection = connections_[free_places_.back()];
    free_places_.pop_back();
    ++open_count_;
    connection.socket = socket;
    connection.enter(Phase::idle, now_);
    std::memcpy(connection.peer, peer, sizeof peer);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;  // edges: never changed again, so no further system call
    event.data.u64 = connection.place;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) close(connection);
}

void Loop::on_event(std::uint32_t place, std::uint32_t events) {
    Connection& connection = connections_[place];
    if (!connection.open()) return;  // closed by an earlier event of this turn
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) return close(connection);
    if ((events & EPOLLRDHUP) != 0) connection.read_to_end = true;
    if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) connection.may_read = true;
    turn_end_ = Clock::now() + turn_of_a_connection;
    if ((events & EPOLLOUT) != 0 && connection.has_output()) {
        go_on(connection);
    } else {
        read(connection);
    }
}

// Who sends without a pause is served a little at a time, and everybody else in between.
void Loop::serve_put_off() {
    std::vector<PutOff> waiting;
    waiting.swap(put_off_);
    for (const PutOff& entry : waiting) {
        Connection& connection = connections_[entry.place];
        if (!connection.open() || connection.generation != entry.generation) continue;
        connection.put_off = false;
        turn_end_ = Clock::now() + turn_of_a_connection;
        go_on(connection);
    }
}

// Asked where more might be done for the connection: puts it off when its turn is over.
bool Loop::turn_is_over(Connection& connection) {
    if (!connection.put_off && Clock::now() >= turn_end_) {
        connection.put_off = true;
        put_off_.push_back({connection.place, connection.generation});
    }
    return connection.put_off;
}

// While an answer waits to be sent or made, nothing more is read: the client's own socket holds it back.
void Loop::read(Connection& connection) {
    while (connection.open() && connection.may_read && connection.phase != Phase::working && !connection.has_output() &&
           (!connection.closing || connection.phase == Phase::lingering) && !turn_is_over(connection)) {
        const auto received = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
        if (received < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) return close(connection);
            connection.may_read = false;
        } else if (received == 0) {
            return close(connection);
        } else {
            if (static_cast<std::size_t>(received) < buffer_.size() && !connection.read_to_end) connection.may_read = false;
            if (connection.phase != Phase::lingering) consume(connection, {buffer_.data(), static_cast<std::size_t>(received)});
        }
    }
    if (connection.open()) finish_turn(connection);
}

void Loop::finish_turn(Connection& connection) {
    const bool done = connection.phase == Phase::lingering || (connection.exchange && connection.exchange->empty());
    if (done) connection.exchange.reset();
    account(connection);
    const bool too_much = engine_.buffered_bytes > engine_.limits.buffered_bytes_max;
    if (too_much && connection.phase == Phase::head) give_up(connection, {503, "the server holds too many unfinished requests"});
}

void Loop::account(Connection& connection) {
    const std::size_t bytes = connection.exchange ? connection.exchange->bytes() : 0;
    if (bytes == connection.buffered) return;
    engine_.buffered_bytes += static_cast<std::int64_t>(bytes) - static_cast<std::int64_t>(connection.buffered);
    connection.buffered = bytes;
}

void Loop::close(Connection& connection) noexcept {
    if (!connection.open()) return;
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
    --engine_.connection_count;
}

void Loop::sweep() {
    next_sweep_ = now_ + sweep_interval;
    for (Connection& connection : connections_) {
        if (connection.open()) expire(connection);
    }
}

void Loop::expire(Connection& connection) {
    const Limits& limits = engine_.limits;
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - connection.since).count();
    if (connection.has_output()) {
        if (now_ - connection.stalled_since > std::chrono::milliseconds(limits.write_stall_timeout_ms)) close(connection);
        return;
    }
    switch (connection.phase) {
        case Phase::idle:
            if (waited > limits.idle_timeout_ms) close(connection);
            break;
        case Phase::head:
            if (waited > limits.head_timeout_ms) give_up(connection, {408, "the request's head did not come in time"});
            break;
        case Phase::body: {
            const auto received = static_cast<std::int64_t>(connection.exchange->body.size());
            const std::int64_t allowed_ms = limits.head_timeout_ms + received * 1000 / limits.body_bytes_per_second_min;
            if (waited > allowed_ms) give_up(connection, {408, "the request's body comes too slowly"});
            break;
        }
        case Phase::working:
            if (waited > engine_.request_timeout_ms) {
                ++connection.generation;  // its answer comes too late
                give_up(connection, {503, "the request took too long"});
            }
            break;
        case Phase::lingering:
            if (now_ - connection.since > linger_timeout) close(connection);
            break;
    }
}

void Loop::give_up(Connection& connection, Refusal refusal) {
    refuse(connection, refusal);
    flush(connection);
}

void Loop::drain_idle() {
    for (Connection& connection : connections_) {
        const bool idle = connection.open() && connection.phase == Phase::idle && !connection.has_output();
        if (idle && now_ - connection.since >= idle_before_drain_closes) close(connection);
    }
}

}  // namespace app::http
