#include "app/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "app/base/error.hpp"
#include "app/base/log.hpp"

namespace app::http {
namespace {

using base::Code;
using base::Error;
using Context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

// Why an OpenSSL call on this thread failed, the first of its reasons, in brackets, or "".
std::string openssl_reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason ? " (" + std::string(reason) + ")" : "";
}

// With the system's reason, which OpenSSL hides among its own.
void require_readable(const std::string& what, const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "re"), std::fclose};
    if (file && (std::fgetc(file.get()) != EOF || std::ferror(file.get()) == 0)) return;
    throw Error(Code::invalid, "the TLS " + what + " " + path + " cannot be read: " + std::strerror(errno));
}

void use_certificate(SSL_CTX* context, const std::string& path) {
    require_readable("certificate", path);
    if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1) return;
    throw Error(Code::invalid,
                "the TLS certificate " + path + " cannot be used: it must be a chain of certificates in PEM" + openssl_reason());
}

void use_key(SSL_CTX* context, const TlsFiles& files) {
    require_readable("key", files.key);
    bool asked = false;
    SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
    SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void* was_asked) {
        *static_cast<bool*>(was_asked) = true;
        return -1;
    });
    const bool used = SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (asked) {
        throw Error(Code::invalid, "the TLS key " + files.key +
                                       " is encrypted; store it without a passphrase, readable by the server's account alone");
    }
    const bool other = !used && ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (!used && !other) {
        throw Error(Code::invalid,
                    "the TLS key " + files.key + " cannot be used: it must be a private key in PEM" + openssl_reason());
    }
    if (other || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        throw Error(Code::invalid, "the TLS key " + files.key + " does not belong to the certificate " + files.certificate);
    }
}

void warn_of_validity(SSL_CTX* context, const std::string& path) {
    const X509* const certificate = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        base::log_warning("the TLS certificate " + path + " has expired: clients will refuse it");
    } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        base::log_warning("the TLS certificate " + path + " is not valid yet: clients will refuse it");
    }
}

// ALPN (RFC 7301): this server speaks HTTP/1.1 and nothing else.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    constexpr std::string_view ours = "\x08http/1.1";
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(&found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
                                              static_cast<unsigned int>(ours.size()), offered, offered_size);
    if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

Context load(const TlsFiles& files) {
    ERR_clear_error();
    Context context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    if (!context) throw Error(Code::internal, "internal server error", "OpenSSL gives no context" + openssl_reason());
    SSL_CTX_set_security_level(context.get(), 2);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // An idle session gives its buffers back. Resumption is by tickets: a cache would grow with the clients.
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
    use_certificate(context.get(), files.certificate);
    use_key(context.get(), files);
    warn_of_validity(context.get(), files.certificate);
    return context;
}

}  // namespace

TlsSession::TlsSession(ssl_st* session) : ssl_(session, SSL_free) {}

// Each call is made with an empty queue of errors: what an earlier one left there would be taken for its own.
Outcome TlsSession::outcome_of(int result) noexcept {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Outcome::again;
    failed_ = error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL;
    met_plain_http_ = error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
    ERR_clear_error();
    return Outcome::closed;
}

Outcome TlsSession::handshake() noexcept {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Outcome::done : outcome_of(result);
}

Transfer TlsSession::receive(char* buffer, std::size_t size) noexcept {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
    if (count > 0) return {Outcome::done, static_cast<std::size_t>(count)};
    return {outcome_of(count), 0};
}

Transfer TlsSession::send(std::string_view bytes) noexcept {
    ERR_clear_error();
    const int count = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
    if (count > 0) return {Outcome::done, static_cast<std::size_t>(count)};
    return {outcome_of(count), 0};
}

Outcome TlsSession::finish() noexcept {
    if (failed_ || !SSL_is_init_finished(ssl_.get())) return Outcome::closed;
    ERR_clear_error();
    const int result = SSL_shutdown(ssl_.get());
    return result >= 0 ? Outcome::done : outcome_of(result);
}

Tls::Tls(TlsFiles files) : files_(std::move(files)), context_(load(files_)) {}

void Tls::reload() {
    Context loaded = load(files_);
    const std::lock_guard lock(mutex_);
    context_.swap(loaded);
}

base::Timestamp Tls::valid_until() {
    std::tm fields{};
    const std::lock_guard lock(mutex_);
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context_.get())), &fields);
    return base::Timestamp{std::chrono::seconds{::timegm(&fields)}};
}

std::unique_ptr<TlsSession> Tls::accept(int socket) {
    SSL* session = nullptr;
    {
        const std::lock_guard lock(mutex_);
        session = SSL_new(context_.get());
    }
    if (!session) return nullptr;
    std::unique_ptr<TlsSession> made{std::make_unique<TlsSession>(TlsSession{session})};
    SSL_set_accept_state(session);
    if (SSL_set_fd(session, socket) != 1) return nullptr;
    return made;
}

}  // namespace app::http
