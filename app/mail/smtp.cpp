#include "app/mail/smtp.hpp"

#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "app/base/error.hpp"
#include "app/mail/smtp_conversation.hpp"
#include "app/mail/smtp_mime.hpp"
#include "app/mail/smtp_outcome.hpp"

namespace app::mail {

namespace {

using Clock = std::chrono::steady_clock;

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

// One connection: what libcurl is told, and what it tells while it works.
class Transfer {
   public:
    Transfer(const Settings& settings, Conversation& conversation, const std::atomic<bool>& interrupted)
        : settings_(settings),
          conversation_(conversation),
          interrupted_(interrupted),
          deadline_(Clock::now() + std::chrono::milliseconds(settings.timeout_ms)),
          easy_(curl_easy_init()) {
        if (!easy_) throw base::Error(base::Code::unavailable, "there is no memory to send a mail with");
        set_up_connection();
        set_up_tls();
        set_up_listening();
    }

    void sign_in();
    void carry(const Message& message);
    // To the end of what precedes a mail, whoever vouches for the server.
    void only_look();

    Ended run();
    std::optional<Certificate> certificate() const;

   private:
    template <class Value>
    void set(CURLoption option, Value value) {
        if (const CURLcode code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK) {
            throw base::Error(base::Code::internal, "libcurl refused a setting", curl_easy_strerror(code));
        }
    }
    template <class Value>
    Value get(CURLINFO info, Value value) const {
        curl_easy_getinfo(easy_.get(), info, &value);
        return value;
    }

    void set_up_connection();
    void set_up_tls();
    void set_up_listening();

    static int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self);
    static std::size_t on_line(char* data, std::size_t, std::size_t size, void* self);
    static std::size_t on_body(char*, std::size_t, std::size_t size, void*) { return size; }
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address);
    static int on_close(void* self, curl_socket_t socket);

    const Settings& settings_;
    Conversation& conversation_;
    const std::atomic<bool>& interrupted_;
    Clock::time_point deadline_;
    char message_[CURL_ERROR_SIZE] = {};
    std::vector<std::string> addresses_;
    std::vector<curl_socket_t> sockets_;  // that are open
    bool connected_ = false;
    std::optional<Clock::time_point> quits_until_;  // since the mail is accepted
    List recipients_;
    Mime mime_;
    std::unique_ptr<CURL, FreeEasy> easy_;  // goes first
};

// The usual way of naming oneself, and one that no server finds too short, is the sender's domain.
std::string url_of(const Settings& settings, std::string_view own_name) {
    const bool is_ipv6 = settings.server.find(':') != std::string::npos;
    return std::string(settings.tls == Tls::implicit ? "smtps://" : "smtp://") + (is_ipv6 ? "[" : "") + settings.server +
           (is_ipv6 ? "]" : "") + ":" + std::to_string(settings.port) + "/" + std::string(own_name);
}

// The total alone does not hold: libcurl 7.88 waits two minutes for the server's word after DATA and after QUIT, in a loop that asks
// on_progress once a second; and a thread that looks up a name is waited for, unless it is said that there is no time.
void Transfer::set_up_connection() {
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.timeout_ms));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(std::max(1, (settings_.timeout_ms + 999) / 1000)));
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
}

void Transfer::set_up_tls() {
    set(CURLOPT_USE_SSL, static_cast<long>(settings_.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CERTINFO, 1L);
    if (!settings_.ca_file.empty()) {
        set(CURLOPT_CAINFO, settings_.ca_file.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
}

void Transfer::set_up_listening() {
    set(CURLOPT_ERRORBUFFER, message_);
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &on_debug);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, &on_line);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(CURLOPT_CLOSESOCKETFUNCTION, &on_close);
    set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
}

void Transfer::sign_in() {
    if (settings_.username.empty()) return;
    set(CURLOPT_USERNAME, settings_.username.c_str());
    switch (settings_.auth) {
        case Auth::any: set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN"); break;
        case Auth::plain: set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN"); break;
        case Auth::login: set(CURLOPT_LOGIN_OPTIONS, "AUTH=LOGIN"); break;
        case Auth::xoauth2:
            set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
            set(CURLOPT_XOAUTH2_BEARER, settings_.password.c_str());
            return;
    }
    set(CURLOPT_PASSWORD, settings_.password.c_str());
}

void Transfer::carry(const Message& message) {
    const std::string sender = to_wire(message.from.email);
    set(CURLOPT_URL, url_of(settings_, domain_of(message.from.email)).c_str());
    set(CURLOPT_MAIL_FROM, ("<" + sender + ">").c_str());
    for (const Address& address : message.to) recipients_.add("<" + to_wire(address.email) + ">");
    set(CURLOPT_MAIL_RCPT, recipients_.get());
    mime_ = Mime(easy_.get(), message);
    set(CURLOPT_HTTPHEADER, mime_.headers());
    set(CURLOPT_MIMEPOST, mime_.get());
}

void Transfer::only_look() {
    set(CURLOPT_URL, url_of(settings_, "localhost").c_str());
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_CONNECT_ONLY, 1L);
}

Ended Transfer::run() {
    const CURLcode code = curl_easy_perform(easy_.get());
    Ended ended{.code = static_cast<int>(code),
                .message = message_[0] != '\0' ? message_ : curl_easy_strerror(code),
                .verification = get(CURLINFO_SSL_VERIFYRESULT, 0L),
                .system_error = get(CURLINFO_OS_ERRNO, 0L),
                .connected = connected_ || get(CURLINFO_CONNECT_TIME_T, curl_off_t{0}) > 0,
                .addresses = addresses_,
                .certificate = {}};
    if (const auto shown = certificate()) ended.certificate = shown->subject + ", until " + shown->valid_until;
    return ended;
}

std::optional<Certificate> Transfer::certificate() const {
    const auto* info = get(CURLINFO_CERTINFO, static_cast<curl_certinfo*>(nullptr));
    if (info == nullptr || info->num_of_certs < 1) return std::nullopt;
    Certificate certificate;
    for (const curl_slist* entry = info->certinfo[0]; entry != nullptr; entry = entry->next) {
        const std::string_view text = entry->data;
        const auto take = [&](std::string_view name, std::string& into) {
            if (text.starts_with(name)) into = text.substr(name.size());
        };
        take("Subject:", certificate.subject);
        take("Issuer:", certificate.issuer);
        take("Expire date:", certificate.valid_until);
    }
    return certificate;
}

int Transfer::on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
    constexpr std::string_view secured = "SSL connection using ";
    const std::string_view text(data, size);
    Conversation& conversation = static_cast<Transfer*>(self)->conversation_;
    if (type == CURLINFO_HEADER_OUT) conversation.said(text);
    if (type == CURLINFO_TEXT && text.starts_with(secured)) {
        const std::string_view version = text.substr(secured.size());
        conversation.secured(version.substr(0, version.find_first_of(" /\n")));
    }
    return 0;
}

std::size_t Transfer::on_line(char* data, std::size_t, std::size_t size, void* self) {
    const bool goes_on = static_cast<Transfer*>(self)->conversation_.heard({data, size});
    return goes_on ? size : 0;
}

// Once the time is over, nobody waits for an answer to QUIT, and a short while is enough once the mail is accepted.
int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    constexpr std::chrono::milliseconds patience_at_quit{200};
    auto* const transfer = static_cast<Transfer*>(self);
    const auto now = Clock::now();
    const bool is_late = now >= transfer->deadline_ || transfer->interrupted_;
    if (transfer->conversation_.is_accepted() && !transfer->quits_until_) transfer->quits_until_ = now + patience_at_quit;
    if (is_late || (transfer->quits_until_ && now >= *transfer->quits_until_)) {
        for (const curl_socket_t socket : transfer->sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    return is_late ? 1 : 0;
}

// As libcurl does it by itself; it is the one moment at which it tells an address that it found.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto* const transfer = static_cast<Transfer*>(self);
    char text[NI_MAXHOST];
    if (::getnameinfo(&address->addr, static_cast<socklen_t>(address->addrlen), text, sizeof text, nullptr, 0, NI_NUMERICHOST) ==
        0) {
        transfer->addresses_.emplace_back(text);
    }
    const int opened = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened >= 0) transfer->sockets_.push_back(opened);
    return opened;
}

// libcurl tells that it is connected only after TLS.
int Transfer::on_close(void* self, curl_socket_t socket) {
    auto* const transfer = static_cast<Transfer*>(self);
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0) transfer->connected_ = true;
    std::erase(transfer->sockets_, socket);
    return ::close(socket);
}

Delivery deliver(const Settings& settings, const Message& message, bool stops_before_data, const std::atomic<bool>& interrupted) {
    require_valid(message);
    const auto started = Clock::now();
    Conversation conversation({.tls = settings.tls,
                               .signs_in = !settings.username.empty(),
                               .recipients = message.to.size(),
                               .stops_before_data = stops_before_data});
    Transfer transfer(settings, conversation, interrupted);
    transfer.sign_in();
    transfer.carry(message);
    Delivery delivery = delivery_of(settings, transfer.run(), conversation);
    if (interrupted && delivery.trouble == Trouble::timeout) delivery.trouble = Trouble::interrupted;
    delivery.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started).count();
    return delivery;
}

}  // namespace

SmtpMailer::SmtpMailer(Settings settings) : settings_(std::move(settings)) {
    settings_.server = host_to_wire(settings_.server);
    if (shows_password(settings_)) {
        throw base::Error(base::Code::invalid,
                          "mail: the password would cross the network in clear; set MAIL_USE_TLS or MAIL_USE_SSL");
    }
}

Delivery SmtpMailer::send(const Message& message) { return deliver(settings_, message, false, interrupted_); }

Delivery SmtpMailer::rehearse(const Message& message) { return deliver(settings_, message, true, interrupted_); }

std::optional<Certificate> SmtpMailer::look_at_certificate() {
    Conversation conversation({.tls = settings_.tls});
    Transfer transfer(settings_, conversation, interrupted_);
    transfer.only_look();
    transfer.run();
    return transfer.certificate();
}

}  // namespace app::mail
