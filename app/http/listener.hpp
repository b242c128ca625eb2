// The listening half of the server: a port, and who accepts its connections. cpp-httplib (0.11 to 0.18) binds. Its own loop of accept
// is not for ports that processes share: it waits in accept for a connection that another has taken, and ends by shutting the port
// down, for all of them.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "app/base/descriptor.hpp"

namespace app::http {

// A TCP socket that listens: opened here, or handed over by who started this program.
class Port {
   public:
    // Throws invalid when it is no listening TCP socket.
    explicit Port(base::Descriptor socket);

    int socket() const noexcept { return socket_.get(); }

    // What it is bound to: an address as text, "0.0.0.0" and "::" for all of this machine's.
    const std::string& host() const noexcept { return host_; }
    int number() const noexcept { return number_; }

   private:
    base::Descriptor socket_;
    std::string host_;
    int number_ = 0;
};

// Throws unavailable in one line that says what to do: the port is in use, needs privileges, or the host is no address of this
// machine. `port` 0 is any free one; the system keeps `backlog` connections until they are accepted.
Port open_port(const std::string& host, int port, int backlog);

class Listener {
   public:
    // `accept` gets each accepted socket, on the thread that runs `run`, and owns it.
    explicit Listener(std::function<void(int socket)> accept);

    // What to accept from; before run. Other processes may do so too.
    void listen(Port port);

    // Accepts until stop, then closes its descriptor of the port; a passing failure of accept (no memory, a connection that was gone
    // again) does not end it.
    void run();

    // Any thread, any time, more than once.
    void stop();

   private:
    void wait_for_connection() const;
    void wait_for_stop(int wait_ms) const;

    std::function<void(int)> accept_;
    base::Descriptor wake_;
    std::optional<Port> port_;
    std::atomic<bool> stopping_{false};
};

}  // namespace app::http
