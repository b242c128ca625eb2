#include "tests/integration/support/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace tests {
namespace {

using ContextPointer = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using BioPointer = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

int number_of(TlsVersion version) {
    switch (version) {
        case TlsVersion::tls_1_1: return TLS1_1_VERSION;
        case TlsVersion::tls_1_2: return TLS1_2_VERSION;
        case TlsVersion::tls_1_3: break;
    }
    return TLS1_3_VERSION;
}

std::string last_reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason ? reason : "no reason";
}

BioPointer create(const std::string& path) {
    BioPointer file{BIO_new_file(path.c_str(), "w"), BIO_free_all};
    if (!file) throw std::runtime_error("cannot write " + path);
    return file;
}

}  // namespace

app::http::TlsFiles make_certificate(const std::filesystem::path& folder, const std::string& name,
                                     const CertificateOptions& options) {
    const app::http::TlsFiles files{(folder / (name + ".pem")).string(), (folder / (name + ".key.pem")).string()};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), options.serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -400L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), options.days * 86400L);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    PEM_write_bio_X509(create(files.certificate).get(), certificate.get());
    const bool encrypted = !options.passphrase.empty();
    PEM_write_bio_PrivateKey(create(files.key).get(), key.get(), encrypted ? EVP_aes_256_cbc() : nullptr,
                             reinterpret_cast<const unsigned char*>(options.passphrase.data()),
                             static_cast<int>(options.passphrase.size()), nullptr, nullptr);
    return files;
}

struct TlsConnection::Session {
    ContextPointer context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
};

TlsConnection::TlsConnection(int port, const TlsOptions& options) : Connection(port), session_(std::make_unique<Session>()) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    SSL_CTX* const context = session_->context.get();
    SSL_CTX_set_security_level(context, 0);  // what is too old is the server's to refuse
    SSL_CTX_set_min_proto_version(context, number_of(options.least));
    SSL_CTX_set_max_proto_version(context, number_of(options.most));
    session_->ssl.reset(SSL_new(context));
    SSL* const ssl = session_->ssl.get();
    if (!options.protocols.empty()) {
        SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(options.protocols.data()),
                            static_cast<unsigned>(options.protocols.size()));
    }
    SSL_set_fd(ssl, socket());
    ERR_clear_error();
    if (SSL_connect(ssl) != 1) throw std::runtime_error("no TLS handshake: " + last_reason());
}

TlsConnection::~TlsConnection() = default;

std::string TlsConnection::version() const { return SSL_get_version(session_->ssl.get()); }

std::string TlsConnection::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(session_->ssl.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

long TlsConnection::serial() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(session_->ssl.get()), X509_free};
    return ASN1_INTEGER_get(X509_get0_serialNumber(certificate.get()));
}

void TlsConnection::say_end() { SSL_shutdown(session_->ssl.get()); }

// As a system call tells it: what failed is in errno.
ssize_t TlsConnection::outcome_of(int result) {
    if (result > 0) return result;
    const int error = SSL_get_error(session_->ssl.get(), result);
    ERR_clear_error();
    if (error == SSL_ERROR_ZERO_RETURN) {
        closed_in_order_ = true;
        return 0;
    }
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

ssize_t TlsConnection::write_some(std::string_view bytes) {
    ERR_clear_error();
    return outcome_of(SSL_write(session_->ssl.get(), bytes.data(), static_cast<int>(bytes.size())));
}

ssize_t TlsConnection::read_some(char* buffer, std::size_t size) {
    ERR_clear_error();
    return outcome_of(SSL_read(session_->ssl.get(), buffer, static_cast<int>(size)));
}

}  // namespace tests
