// One client's connection, as its loop keeps it. Small, since most connections are idle: what only a connection that is
// receiving or sending needs is in an Exchange, which comes and goes.
#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "app/http/chunked.hpp"
#include "app/http/tls.hpp"

namespace app::http {

using Clock = std::chrono::steady_clock;

// Where a connection is between two requests.
enum class Phase : std::uint8_t {
    handshake,  // of TLS, under way
    idle,       // nothing of a request has come
    head,       // part of a head
    body,       // the head, part of the body
    working,    // a worker has the request
    lingering,  // refused and answered: what still comes is thrown away, so that the answer is not lost in a reset
};

struct Exchange {
    std::string in;            // received and not consumed: part of a head, or requests behind the one that is being served
    std::size_t searched = 0;  // of `in`, see parse_head

    std::string head;  // of the request whose body is coming
    std::string body;  // as far as it came
    Framing framing = Framing::none;
    std::int64_t content_length = 0;
    std::int64_t body_bytes_max = 0;
    ChunkedDecoder chunked;

    std::string out;  // the part of answers that the socket did not take yet
    std::size_t sent = 0;

    std::size_t bytes() const noexcept { return in.size() + head.size() + body.size() + out.size(); }
    bool empty() const noexcept { return bytes() == 0; }
};

struct Connection {
    int socket = -1;               // -1: this place is free
    std::uint32_t place = 0;       // its number in its loop
    std::uint32_t generation = 0;  // of this place: an answer for an earlier connection finds that it is gone
    Phase phase = Phase::idle;
    bool may_read = false;              // the socket has more than was read
    bool read_to_end = false;           // the client's end was announced: read on until it comes
    bool put_off = false;               // it had its turn and has more to do: in the loop's list of these
    bool closing = false;               // close when all is sent
    bool is_head = false;               // the request that is coming or being served is HEAD: no answer to it has a body
    Clock::time_point since{};          // the phase began; in `body`, what its slowest pace is counted from
    Clock::time_point stalled_since{};  // nothing of `out` was taken since then
    std::size_t buffered = 0;           // of its exchange, as counted in the sum of all
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<TlsSession> tls;  // null: a plain connection, or one whose TLS has ended
    char peer[INET6_ADDRSTRLEN] = "";

    bool open() const noexcept { return socket >= 0; }
    bool has_output() const noexcept { return exchange && exchange->sent < exchange->out.size(); }
    Exchange& make_exchange() {
        if (!exchange) exchange = std::make_unique<Exchange>();
        return *exchange;
    }
    void enter(Phase next, Clock::time_point now) noexcept {
        phase = next;
        since = now;
    }
};

}  // namespace app::http
