// Serves a handler over HTTP/1.1. cpp-httplib does the work: it binds, accepts, parses and answers, a thread per connection.
// This room knows bytes and messages, and no route.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/web/request.hpp"
#include "app/web/response.hpp"

namespace app::http {

struct ServerOptions {
    std::string host = "127.0.0.1";  // a name or an address of this machine; "0.0.0.0": all of them
    int port = 5000;                 // 0: any free one
    int workers = 64;                // connections served at the same time
    std::int64_t body_bytes_max = 16777216;
};

class Server {
   public:
    // The handler is called by several threads at once and must not throw.
    using Handler = std::function<web::Response(const web::Request&)>;

    Server(ServerOptions options, Handler handler);
    ~Server();  // stops

    // Takes the port and returns its number. Throws unavailable in one line that says what to do: the port is in use, needs
    // privileges, or the host is no address of this machine.
    int bind();

    // Serves until stop is called, after bind; requests that are under way then are answered.
    void run();

    // Ends run. Any thread, any time, more than once.
    void stop();

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace app::http
