// A client that sends exactly what a test says and shows exactly what came back, so that the wire is tested and not a library's
// idea of it: no header of its own but Host and Connection, nothing decoded, nothing followed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/web/value.hpp"

namespace tests {

using Header = std::pair<std::string, std::string>;
using Headers = std::vector<Header>;

struct Answer {
    int status = 0;
    std::string reason;
    Headers headers;
    std::string body;

    // All values of that name (in any case of letters), joined by ", "; "" when there is none.
    std::string header(std::string_view name) const;
    bool has(std::string_view name) const;

    // The body as a JSON document; throws when it is none.
    app::web::Value json() const;
};

// One connection to 127.0.0.1. Its functions throw std::runtime_error when the server is silent for half a minute.
class Connection {
   public:
    explicit Connection(int port);
    virtual ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Sends as much as the server takes: one that has answered and closed is no error.
    void send(std::string_view bytes);
    // Tells the server that nothing more comes.
    void finish_sending();
    // Ends the connection with a reset, as a client that crashes does.
    void reset();
    // The next answer, by its Content-Length; `is_head`: it has no body whatever that says.
    Answer receive(bool is_head = false);
    // All bytes until the server closes.
    std::string receive_all();

   protected:
    // As ::send and ::recv on the socket; overridden where something lies between.
    virtual ssize_t write_some(std::string_view bytes);
    virtual ssize_t read_some(char* buffer, std::size_t size);
    int socket() const noexcept { return socket_; }

   private:
    bool receive_some();

    int socket_;
    std::string received_;  // and not yet handed out
};

// Sends the bytes and returns what the server sends until it closes: ask it to with "Connection: close".
std::string raw_exchange(int port, std::string_view bytes);

// The answer that such bytes are: everything behind its head is its body.
Answer parse_answer(std::string_view bytes);

// An Authorization header for HTTP Basic.
Header basic(std::string_view name, std::string_view password);

inline const Header accept_json{"Accept", "application/json"};

// Who asks a server: its port and what every request carries, such as credentials. Each request has a connection of its own.
// What holds for every answer of the application (Date, X-Request-Id, nosniff, no cookie but of forms) is checked with each.
class Client {
   public:
    explicit Client(int port, Headers headers = {}) : port_(port), headers_(std::move(headers)) {}

    Answer request(std::string_view method, std::string_view target, const Headers& headers = {},
                   std::optional<std::string_view> body = std::nullopt) const;
    Answer get(std::string_view target, const Headers& headers = {}) const { return request("GET", target, headers); }
    Answer head(std::string_view target, const Headers& headers = {}) const { return request("HEAD", target, headers); }
    Answer options(std::string_view target, const Headers& headers = {}) const { return request("OPTIONS", target, headers); }

    // With Content-Type: application/json.
    Answer post(std::string_view target, std::string_view json, Headers headers = {}) const;
    Answer put(std::string_view target, std::string_view json, Headers headers = {}) const;

    // The same one, with one header more.
    Client with(Header header) const;

    int port() const noexcept { return port_; }

   private:
    int port_;
    Headers headers_;
};

}  // namespace tests
