// Serves an application over HTTP/1.1 (RFC 9112). cpp-httplib binds, `Listener` accepts, and every accepted socket goes to one of the
// event loops, which read, parse and answer themselves (loop.hpp). This room knows bytes and messages, and no route.
#pragma once

#include <memory>
#include <string>

#include "app/http/engine.hpp"
#include "app/http/listener.hpp"

namespace app::http {

struct ServerOptions {
    std::string host = "127.0.0.1";  // a name or an address of this machine; "0.0.0.0": all of them
    int port = 5000;                 // 0: any free one
    int threads = 0;                 // event loops; 0: one per core
    int workers = 64;                // threads for what may wait
    int backlog = 1024;              // connections that the system keeps until they are accepted
    int request_timeout_ms = 30000;  // how long a worker may take for one request: 503 then
    int grace_ms = 10000;            // how long requests under way may take when the server stops
    Limits limits{};
    TlsFiles tls{};  // empty: plain HTTP
};

class Server {
   public:
    // Throws what Tls's constructor throws.
    Server(ServerOptions options, Service service);
    ~Server();  // stops

    // Takes the port and returns its number. Throws unavailable in one line that says what to do: the port is in use, needs
    // privileges, or the host is no address of this machine.
    int bind();

    // Instead of bind: takes a port that is open already, whatever the options say, and returns its number. Other processes may serve
    // it too; it stays open for them when this server stops.
    int listen(Port port);

    // Serves until stop is called, after bind or listen. Then what is under way is answered, each kept connection gets one more answer, and
    // all is closed at the latest when grace_ms are over; what still waits for a worker then is not done any more. Throws what
    // Loop's constructor throws.
    void run();

    // Reads the certificate and its key again, for connections to come. When they cannot be used the old ones stay in use, and the
    // log says why. Does nothing without TLS. Any thread.
    void reload_certificates();

    // Ends run. Any thread, any time, more than once.
    void stop();

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace app::http
