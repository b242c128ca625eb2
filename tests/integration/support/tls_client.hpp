// The client of http_client.hpp through TLS, and certificates to serve with.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/http/tls.hpp"
#include "tests/integration/support/http_client.hpp"

namespace tests {

struct CertificateOptions {
    long serial = 1;
    int days = 30;                // until it expires; negative: it did
    std::string passphrase = {};  // with one the key is encrypted
};

// Writes NAME.pem and NAME.key.pem, a self-signed certificate for localhost and its P-256 key, into the folder.
app::http::TlsFiles make_certificate(const std::filesystem::path& folder, const std::string& name,
                                     const CertificateOptions& options = {});

enum class TlsVersion { tls_1_1, tls_1_2, tls_1_3 };

struct TlsOptions {
    TlsVersion least = TlsVersion::tls_1_2, most = TlsVersion::tls_1_3;
    std::string protocols = "\x08http/1.1";  // as ALPN has them, each behind its length; empty: none
};

// It does not ask who vouches for the server.
class TlsConnection : public Connection {
   public:
    // Throws std::runtime_error with the server's alert when there is no handshake.
    explicit TlsConnection(int port, const TlsOptions& options = {});
    ~TlsConnection() override;

    std::string version() const;   // "TLSv1.3"
    std::string protocol() const;  // that was agreed on: "http/1.1"
    long serial() const;           // of the server's certificate
    // Whether the server said that nothing more comes, before it closed.
    bool was_closed_in_order() const noexcept { return closed_in_order_; }
    // Tells the server that nothing more comes.
    void say_end();

   protected:
    ssize_t write_some(std::string_view bytes) override;
    ssize_t read_some(char* buffer, std::size_t size) override;

   private:
    struct Session;
    ssize_t outcome_of(int result);

    std::unique_ptr<Session> session_;
    bool closed_in_order_ = false;
};

}  // namespace tests
