// The listening half of the server: cpp-httplib's Server binds and accepts, and hands every accepted socket on instead of serving
// it. For cpp-httplib 0.11 to 0.18.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace app::http {

class Listener {
   public:
    // `accept` gets each accepted socket, on the thread that runs `run`, and owns it.
    explicit Listener(std::function<void(int socket)> accept);
    ~Listener();

    // As Server::bind.
    int bind(const std::string& host, int port, int backlog);

    // Accepts until stop; a passing failure of accept (no memory, a connection that was gone again) does not end it.
    void run();

    // Any thread, any time, more than once.
    void stop();

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace app::http
