// A connection's bytes to and from its socket, through TLS where it has a session: the one place that knows the difference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace app::http {

struct Connection;

enum class Outcome : std::uint8_t {
    done,    // of receive and send: `bytes` of them, at least one
    again,   // at the next event of the socket
    closed,  // by the client, in order or not: nothing more can be received or sent
};

struct Transfer {
    Outcome outcome = Outcome::again;
    std::size_t bytes = 0;
};

// They do not wait and do not throw. Where send says `again` it is to be called with the same bytes next, perhaps with more behind
// them, perhaps somewhere else in memory.
Transfer receive(Connection& connection, char* buffer, std::size_t size) noexcept;
Transfer send(Connection& connection, std::string_view bytes) noexcept;

// Says that nothing more will be sent; from then on the socket is without TLS. `again`: the socket takes nothing now.
Outcome finish_sending(Connection& connection) noexcept;

}  // namespace app::http
