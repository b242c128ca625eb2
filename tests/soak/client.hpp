// HTTP as a client that behaves speaks it: one connection, kept as long as the server keeps it.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace soak {

// A socket that is connected to 127.0.0.1 and gives up after half a minute of silence. Throws std::runtime_error.
class Socket {
   public:
    explicit Socket(int port);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    // False when the other side does not take it any more.
    bool send(std::string_view bytes) const;
    // What has come, at least one byte; "" at the end. A reset is an end.
    std::string receive() const;
    void finish_sending() const;
    void reset();

   private:
    int socket_;
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

// For one thread.
class Client {
   public:
    explicit Client(int port) : port_(port) {}

    // The answer to a whole request that may be sent twice. A server may close a connection that is idle at the very moment at which the
    // client uses it again: then it is sent again on a new one, as RFC 9112 section 9.3.1 has it. Throws std::runtime_error for
    // everything else that goes wrong.
    Answer request(std::string_view bytes);

    // How often something was sent again.
    int repeated() const noexcept { return repeated_; }
    void close() { socket_.reset(); }

   private:
    bool exchange(std::string_view bytes, Answer& answer);

    int port_;
    std::unique_ptr<Socket> socket_;
    int repeated_ = 0;
};

}  // namespace soak
