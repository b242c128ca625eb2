// Clients that do not behave, each kind on a thread of its own, as long as the object lives: bytes that are no HTTP, TLS on a port without
// it, requests that drip, that are too large, that end half-way or whose answers nobody reads. What comes back is their affair.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace soak {

class BadClients {
   public:
    explicit BadClients(int port);
    ~BadClients() { stop(); }
    BadClients(const BadClients&) = delete;
    BadClients& operator=(const BadClients&) = delete;

    void stop();

    std::int64_t connections() const noexcept { return connections_; }

   private:
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> connections_{0};
    std::vector<std::thread> threads_;
};

}  // namespace soak
