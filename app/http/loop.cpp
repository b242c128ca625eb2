#include "app/http/loop.hpp"

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
constexpr auto turn_of_a_connection = std::chrono::milliseconds(2);

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
        if (now_ >= next_sweep_) {
            next_sweep_ = now_ + sweep_interval;
            sweep();
        }
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
        connection.closing = connection.closing || !message.keep_alive;  // one that was promised more stays for it
        connection.enter(Phase::idle, now_);
        turn_end_ = Clock::now() + turn_of_a_connection;
        go_on(connection);
    }
}

void Loop::on_event(std::uint32_t place, std::uint32_t events) {
    Connection& connection = connections_[place];
    if (!connection.open()) return;  // closed by an earlier event of this turn
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) return close(connection);
    if ((events & EPOLLRDHUP) != 0) connection.read_to_end = true;
    if ((events & (EPOLLIN | EPOLLRDHUP)) != 0 || connection.tls) connection.may_read = true;
    turn_end_ = Clock::now() + turn_of_a_connection;
    const bool may_send = (events & EPOLLOUT) != 0 || connection.tls;
    if (may_send && (connection.has_output() || connection.closing)) {
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
        if (connection.phase == Phase::handshake) {
            shake_hands(connection);
            continue;
        }
        const auto [outcome, received] = receive(connection, buffer_.data(), buffer_.size());
        if (outcome == Outcome::closed) return close(connection);
        // A read that did not fill the buffer emptied the socket; of TLS it gave one record, and more may be there.
        const bool emptied = received < buffer_.size() && !connection.tls && !connection.read_to_end;
        if (outcome == Outcome::again || emptied) connection.may_read = false;
        if (received > 0 && connection.phase != Phase::lingering) consume(connection, {buffer_.data(), received});
    }
    if (connection.open()) finish_turn(connection);
}

void Loop::shake_hands(Connection& connection) {
    switch (connection.tls->handshake()) {
        case Outcome::done: return connection.enter(Phase::idle, now_);
        case Outcome::again: connection.may_read = false; return;
        case Outcome::closed: break;
    }
    if (!connection.tls->met_plain_http()) return close(connection);
    connection.tls.reset();
    give_up(connection, {400, "this port speaks HTTPS: ask for https://"});
}

void Loop::finish_turn(Connection& connection) {
    const bool done = connection.phase == Phase::lingering || (connection.exchange && connection.exchange->empty());
    if (done) connection.exchange.reset();
    account(connection);
    const bool too_much = engine_.counts.buffered_bytes > engine_.limits.buffered_bytes_max;
    if (too_much && connection.phase == Phase::head) give_up(connection, {503, "the server holds too many unfinished requests"});
}

void Loop::account(Connection& connection) {
    const std::size_t bytes = connection.exchange ? connection.exchange->bytes() : 0;
    if (bytes == connection.buffered) return;
    engine_.counts.buffered_bytes += static_cast<std::int64_t>(bytes) - static_cast<std::int64_t>(connection.buffered);
    connection.buffered = bytes;
}

}  // namespace app::http
