// TLS on the sockets of the event loops (OpenSSL, TLS 1.2 and 1.3): the server's certificate, and one session per connection.
// A connection without TLS has no session, and pays for none of this.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/base/clock.hpp"
#include "app/http/transport.hpp"

// OpenSSL's own, which only tls.cpp sees.
struct ssl_st;
struct ssl_ctx_st;

namespace app::http {

// PEM files: the certificate with those that vouch for it behind it, and its private key, not encrypted. Both or none.
struct TlsFiles {
    std::string certificate;
    std::string key;

    bool empty() const noexcept { return certificate.empty(); }
};

// One connection's session on a non-blocking socket, which stays the caller's. For one thread. Its functions do not wait. The
// process must ignore SIGPIPE, as cpp-httplib sees to.
class TlsSession {
   public:
    // To be called, at each event of the socket, until it is done.
    Outcome handshake() noexcept;

    // Whether the handshake was closed because the client speaks HTTP without TLS; the socket is as usable as before then.
    bool met_plain_http() const noexcept { return met_plain_http_; }

    // See transport.hpp; only after the handshake. `again` may mean any event: reading may have to write, and writing to read.
    Transfer receive(char* buffer, std::size_t size) noexcept;
    Transfer send(std::string_view bytes) noexcept;

    // Tells the client that nothing more comes (close_notify); does not wait for its own. `again`: the socket takes nothing now.
    Outcome finish() noexcept;

   private:
    friend class Tls;
    explicit TlsSession(ssl_st* session);
    Outcome outcome_of(int result) noexcept;

    std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
    bool met_plain_http_ = false;
    bool failed_ = false;  // after which OpenSSL wants to be asked nothing more
};

// What all sessions of a server have in common. Any thread may call its functions.
class Tls {
   public:
    // Reads the files. Throws invalid, in one line with the file's name: it cannot be read, holds no certificate or key, the key is
    // encrypted (nobody is asked for a passphrase) or belongs to another certificate. A certificate that is expired or not yet valid
    // is used, with a warning in the log.
    explicit Tls(TlsFiles files);

    // Reads the files again, for the sessions to come. Throws what the constructor throws; the old certificate stays in use then.
    void reload();

    // When the certificate in use expires.
    base::Timestamp valid_until();

    // Null when there is no memory.
    std::unique_ptr<TlsSession> accept(int socket);

   private:
    const TlsFiles files_;
    std::mutex mutex_;  // guards context_
    std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
};

}  // namespace app::http
