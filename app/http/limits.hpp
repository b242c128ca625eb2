// What one client, and all of them together, may ask of the server. Every limit has a config key (see `manage config`) and a
// status that a request over it is answered with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace app::http {

struct Limits {
    std::size_t head_bytes_max = 65536;           // request line and fields: 431
    std::size_t fields_max = 100;                 // 431
    std::size_t target_bytes_max = 8192;          // 414
    std::int64_t body_bytes_max = 16777216;       // after the chunked coding is taken off: 413
    std::int64_t json_body_bytes_max = 4194304;   // of those that are JSON or XML, which cost more to read: 413
    std::int64_t buffered_bytes_max = 268435456;  // what all connections together hold in memory: 503
    int head_timeout_ms = 10000;                  // from a head's first byte to its last: 408
    int idle_timeout_ms = 60000;                  // between two requests: closed
    int write_stall_timeout_ms = 30000;           // a client that takes nothing of its answer: closed
    int body_bytes_per_second_min = 240;          // a body that comes slower: 408
    std::size_t connections_max = 20000;          // 503 with Retry-After
    std::size_t connections_per_address_max = 0;  // 503 with Retry-After; 0: no such limit
    std::size_t queue_max = 4096;                 // requests that wait for a worker: 503 with Retry-After

    // How long a body of that media type may be: JSON and XML, also as a +json or +xml suffix, have a limit of their own. Takes a
    // Content-Type as sent, with its parameters.
    std::int64_t body_bytes_max_of(std::string_view content_type) const noexcept;
};

}  // namespace app::http
